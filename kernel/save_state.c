#include "save_state.h"

#include <stdbool.h>

#include "clock.h"
#include "log.h"
#include "options.h"
#include "power.h"
#include "process.h"
#include "syscall_handlers.h"
#include "thread.h"

#define NS_PER_SECOND 1000000000ULL
#define GRACE_NS (3 * NS_PER_SECOND)     /* for a\log to come back */
#define SAVING_NS (2 * NS_PER_SECOND)    /* for processes to save their state */

static enum {
    BOOTING,
    LOG_THERE,
    LOG_MISSED,                  /* the grace time runs */
    SAVING,
} phase;
static nanoseconds_t phase_ends;

static void save_describe(const struct event_source *source, struct event *event_out)
{
    (void)source;
    event_out->kind = EVENT_SAVE_STATE;
    event_out->deadline_ns = phase_ends;
}

static void save_delivered(struct event_source *source)
{
    (void)source;
}

static const struct event_source_type save_type = { false, save_describe, save_delivered };

void save_state_process_begins(struct process *process)
{
    event_source_initialise(&process->save_event, &save_type);
}

static struct process *next_process(const struct process *process)
{
    return arena_next(&process_arena, process == NULL ? 0 : process->id);
}

static bool all_saved(void)
{
    for (struct process *process = next_process(NULL); process != NULL; process = next_process(process)) {
        if (!process->saved) {
            return false;
        }
    }
    return true;
}

static void go_down(void)
{
    if (options.halt_on_panic) {
        log_kernel(LOG_EMERGENCY, "halted: there is no %s (panic=halt)", LOG_NAME);
        power_halt();
    }
    log_kernel(LOG_EMERGENCY, "rebooting: there is no %s", LOG_NAME);
    power_reboot();
}

static void announce(nanoseconds_t now)
{
    phase = SAVING;
    phase_ends = now + SAVING_NS;
    log_kernel(LOG_EMERGENCY, "%s is not back: every process has %u s to save its state", LOG_NAME,
               (uint32_t)(SAVING_NS / NS_PER_SECOND));
    for (struct process *process = next_process(NULL); process != NULL; process = next_process(process)) {
        process->saved = false;
        event_post(&process->events, &process->save_event);
    }
}

void save_state_process_ready(struct process *process)
{
    if (phase == SAVING) {
        event_post(&process->events, &process->save_event);
    }
}

void save_state_begin(void)
{
    phase = LOG_THERE;
}

void save_state_tick(void)
{
    nanoseconds_t now = clock_now();

    switch (phase) {
    case BOOTING:
        break;
    case LOG_THERE:
        if (!log_process_exists()) {
            phase = LOG_MISSED;
            phase_ends = now + GRACE_NS;
            log_kernel(LOG_ERROR, "there is no %s: it has %u s to come back", LOG_NAME, (uint32_t)(GRACE_NS / NS_PER_SECOND));
        }
        break;
    case LOG_MISSED:
        if (log_process_exists()) {
            phase = LOG_THERE;
            log_kernel(LOG_INFORMATION, "%s is back", LOG_NAME);
        } else if (now >= phase_ends) {
            announce(now);
        }
        break;
    case SAVING:
        if (now >= phase_ends || all_saved()) {
            go_down();
        }
        break;
    }
}

void save_state_process_ended(struct process *process)
{
    event_withdraw(&process->save_event);
}

status_t sys_state_saved(void)
{
    thread_current->process->saved = true;
    return OK;
}
