#include "operations.h"

#include <stdbool.h>

#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/process.h>
#include <ternion/syscall.h>
#include <ternion/thread.h>

#include "measure.h"
#include "modules.h"
#include "peers.h"

#define STACK_BYTES 4096U
#define PEER_IMAGE "bench_peer.elf"

/* ---- The cheapest system call ---- */

static uint64_t null_sample(void)
{
    return SAMPLE((void)system_null());
}

void report_null_syscall(void)
{
    report("null_syscall", measure_samples(null_sample, OPERATIONS), "instructions");
}

/* ---- Two threads that let each other run: an operation is a call, and a switch to the other thread ---- */

static volatile bool yielding;

static void yield(void)
{
    (void)thread_yield();
}

static void other_thread(void *unused)
{
    (void)unused;
    while (yielding) {
        loop_run(yield, 1);
    }
}

static uint32_t switches(void)
{
    struct system_statistics statistics;

    MUST(system_statistics(&statistics));
    return statistics.context_switches;
}

/* Each of our calls is a switch to the other thread, and its call one back: half of that is one switch. */
void report_context_switch(void)
{
    yielding = true;
    MUST(thread_start(other_thread, NULL, STACK_BYTES, NULL));
    uint32_t before = switches();
    uint32_t there_and_back = measure(yield);
    uint32_t wanted = 2 * SAMPLES * OPERATIONS;
    uint32_t made = switches() - before;
    yielding = false;
    (void)thread_yield();
    if (made < wanted) {
        log_print(LOG_ERROR, "context_switch: %u switches were wanted, %u made: not measured", wanted, made);
        return;
    }
    report("context_switch", (there_and_back + 1) / 2, "instructions");
}

/* ---- A process from its image to the news of its end ---- */

static struct spawn spawn = { .class = CLASS_DRIVER, .flags = SPAWN_WATCH, .name = "peer", .name_size = 4 };

static void spawn_exit_reap(void)
{
    elf_reason_t reason;
    process_id_t id;
    struct event event;

    MUST(process_spawn(&spawn, &id, &reason));
    do {
        MUST(event_wait(&event, FOREVER));
    } while (event.kind != EVENT_PROCESS_EXITED || event.id != id);
}

void report_spawn_exit_reap(void)
{
    module_find(PEER_IMAGE, &spawn.image, &spawn.image_size);
    spawn_exit_reap();
    report("spawn_exit_reap", measure(spawn_exit_reap), "instructions");
}
