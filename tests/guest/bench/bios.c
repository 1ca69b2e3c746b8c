#include "bios.h"

#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/syscall.h>
#include <ternion/vm86.h>

#include "measure.h"
#include "modules.h"

#define PATIENCE_NS (10 * SECOND)

static const struct {
    const char *name, *unit;
} figures[BIOS_FIGURES] = {
    [BIOS_TRAP] = { "vm86_trap", "instructions" },
    [BIOS_TRAP_PORT] = { "vm86_trap_port", "instructions" },
    [BIOS_TRAP_INT] = { "vm86_trap_int", "instructions" },
    [BIOS_MODE_SET] = { "bios_mode_set_seabios", "instructions" },
    [BIOS_MODE_SET_TRAPS] = { "vesa_mode_set_traps_seabios", "traps" },
};

static process_id_t start(void)
{
    struct spawn spawn = {
        .class = CLASS_DRIVER, .flags = SPAWN_WATCH, .name = "bench_bios", .name_size = 10,
        .grant = { .source = ACCESS_EXPLICIT, .access = { .rights = RIGHT_VM86, .partners = PARTNERS_ALL, .ports = { BIOS_MANIFEST_PORTS },
                                                          .memory = { BIOS_MANIFEST_MEMORY } } },
    };
    elf_reason_t reason;
    process_id_t id;

    module_find(BIOS_IMAGE, &spawn.image, &spawn.image_size);
    MUST(process_spawn(&spawn, &id, &reason));
    return id;
}

void report_bios(void)
{
    process_id_t driver = start();
    struct event event;

    for (;;) {
        MUST(event_wait(&event, clock_after(PATIENCE_NS)));
        if (event.kind == EVENT_PROCESS_EXITED && event.id == driver) {
            return;
        }
        if (event.kind == EVENT_MESSAGE && event.sender == driver && event.words[0] < BIOS_FIGURES) {
            report(figures[event.words[0]].name, event.words[1], figures[event.words[0]].unit);
        }
    }
}
