/*
 * a\trace: what other processes do, as lines of text: their system calls, events, accesses to ports, mistakes.
 *
 * Its arguments are names of processes, which need not be there yet; what is recorded of them (calls, events, ports, faults,
 * all); where the lines go (screen, serial, log, text=DEVICE, file=DEVICE); and when it ends (count=N, seconds=N).
 * docs/tracing.md tells about them.
 *
 * The main thread takes records from the kernel and looks for processes; another one prints, which may take its time.
 */
#include <stdbool.h>

#include <abi/event.h>
#include <abi/trace.h>

#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/message.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

#include "apps/command/help.h"
#include "names.h"
#include "options.h"
#include "printer.h"
#include "ring.h"
#include "targets.h"

#define RECORDS_AT_A_TIME 64U
#define LOOK_AGAIN_NS (10 * MILLISECOND)     /* for a process that is not there */
#define SAVE_MARGIN_NS (100 * MILLISECOND)   /* before the machine goes down: who has ended by then has saved all */
#define PRINT_NS (60 * SECOND)               /* that the last lines may take */

MANIFEST(
    .rights = RIGHT_TRACE,
    .partners = PARTNERS_ALL,
);

static struct options options;
static uint32_t taken;           /* records so far */

/* A sender may be gone when the record is printed. */
static void note_names(const struct trace_record *record)
{
    if (record->kind == TRACE_EVENT && record->number == EVENT_MESSAGE && record->values[1] != KERNEL_PROCESS) {
        names_note(record->values[1]);
    }
}

/* Takes what the kernel has. False: that were as many as were asked for. */
static bool collect(void)
{
    static struct trace_record records[RECORDS_AT_A_TIME];
    uint32_t count;

    while (trace_read(records, sizeof records, &count) == OK) {
        for (uint32_t i = 0; i < count; i++) {
            if (options.count != 0 && taken == options.count) {
                return false;
            }
            taken++;
            note_names(&records[i]);
            ring_put(&records[i]);
        }
    }
    return options.count == 0 || taken < options.count;
}

static nanoseconds_t next_look(nanoseconds_t end_ns)
{
    nanoseconds_t look_ns = targets_are_missing() ? clock_after(LOOK_AGAIN_NS) : FOREVER;

    return look_ns < end_ns ? look_ns : end_ns;
}

/* False: the machine goes down. */
static bool handle(const struct event *event)
{
    switch (event->kind) {
    case EVENT_PROCESS_EXITED:
        targets_process_exited(event->id);
        break;
    case EVENT_MESSAGE:
        message_answer(event, BAD_PROTOCOL);
        break;
    case EVENT_SAVE_STATE:
        return false;
    }
    return true;
}

/* Until it has what was asked for, or finds that it cannot trace. Returns when the last line has to be printed. */
static nanoseconds_t trace(nanoseconds_t end_ns, bool *can_trace_out)
{
    struct event event;

    while ((*can_trace_out = targets_look()) && collect() && clock_now() < end_ns) {
        /* collect has found nothing more: the next record is an event. */
        if (event_wait(&event, next_look(end_ns)) == OK && !handle(&event)) {
            return event.deadline_ns - SAVE_MARGIN_NS;
        }
        targets_check_devices();
    }
    return clock_after(PRINT_NS);
}

static const char help[] =
    "usage: trace NAME... [calls] [events] [ports] [faults] [all] [count=N] [seconds=N] [summary] [OUTPUT]...\n"
    "Shows what other processes do, which need not be there yet: their system calls, events, accesses to ports, mistakes.\n"
    "  NAME     of a process, with its prefix: d\\serial\n"
    "  count=N, seconds=N  ends after so many records, or so long\n"
    "  summary  how often there was what, in place of the records\n"
    "  OUTPUT   screen, serial, log, text=DEVICE, file=DEVICE; standard output if nothing is said\n";

int main(int argc, char **argv)
{
    help_if_asked(argc, argv, help);
    if (!options_read(argc, argv, &options)) {
        return 1;
    }
    status_t status = ring_open(options.records);
    if (status != OK) {
        log_print(LOG_ERROR, "no room for %u records: %s", options.records, status_meaning(status));
        return 1;
    }
    MUST(printer_start(&options));
    targets_open(&options);
    bool can_trace;
    nanoseconds_t deadline_ns = trace(options.seconds != 0 ? clock_after(options.seconds * SECOND) : FOREVER, &can_trace);
    targets_stop();
    ring_end();
    (void)printer_wait(deadline_ns);
    return can_trace ? 0 : 1;
}
