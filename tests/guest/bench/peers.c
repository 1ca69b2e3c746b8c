#include "peers.h"

#include <ternion/call.h>
#include <ternion/log.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#include "modules.h"

#define PEER_IMAGE "bench_peer.elf"

process_id_t peer_spawn(process_class_t class, const char *role)
{
    struct spawn spawn = {
        .class = class, .flags = SPAWN_WATCH, .name = "peer", .name_size = 4,
        .arguments = role, .arguments_size = (uint32_t)strlen(role) + 1, .grant.source = ACCESS_SAME,
    };
    elf_reason_t reason;
    process_id_t peer;

    module_find(PEER_IMAGE, &spawn.image, &spawn.image_size);
    MUST(process_spawn(&spawn, &peer, &reason));
    return peer;
}

void peer_tell(process_id_t peer, uint32_t number, uint64_t key)
{
    struct words words = { { number, (uint32_t)key, (uint32_t)(key >> 32) } };

    MUST(message_call_words(peer, &words));
}

void peer_end(process_id_t peer)
{
    struct event event;

    MUST(process_terminate(peer, 0));
    do {
        MUST(event_wait(&event, FOREVER));
    } while (event.kind != EVENT_PROCESS_EXITED || event.id != peer);
}

void crowd_grow(uint32_t wanted)
{
    static struct spawn spawn = { .class = CLASS_APPLICATION, .name_size = 9, .arguments = "idle", .arguments_size = 5 };
    static char name[] = "crowd0000";
    struct system_statistics statistics;
    elf_reason_t reason;
    process_id_t id;

    module_find(PEER_IMAGE, &spawn.image, &spawn.image_size);
    spawn.name = name;
    for (;;) {
        MUST(system_statistics(&statistics));
        if (statistics.processes >= wanted) {
            return;
        }
        for (uint32_t digit = 8, rest = statistics.processes; digit > 4; digit--, rest /= 10) {
            name[digit] = (char)('0' + rest % 10);
        }
        MUST(process_spawn(&spawn, &id, &reason));
        (void)thread_delay(0);
    }
}
