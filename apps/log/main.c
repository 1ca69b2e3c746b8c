/*
 * a\log: what the kernel and the processes say, on screen and serial line, and kept for readers.
 *
 *     arguments   screen serial history=LINES level=NAME      see options.h
 *
 * After its start it never logs, neither by itself nor by a call that makes the kernel log: each such line would
 * bring the next. What must be said (lost records) goes straight into the history or to the output.
 */
#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/message.h>
#include <ternion/syscall.h>

#include "history.h"
#include "line.h"
#include "options.h"
#include "output.h"
#include "readers.h"

MANIFEST(.role = ROLE_LOG, .partners = PARTNERS_ALL);

static void add_line(log_level_t level, const char *text, size_t size)
{
    history_add(level, text, (uint32_t)size);
    outputs_wake();
    readers_new_line();
}

/* The kernel numbers its records: a gap is what its ring could not keep for us. */
static void note_gap(const struct log_record *record)
{
    static bool begun;
    static uint32_t next_sequence;
    char text[LOG_LINE_MAX + 1];

    if (record->flags & LOG_PREVIOUS_BOOT) {
        return;
    }
    if (begun && record->sequence > next_sequence) {
        uint32_t lost = record->sequence - next_sequence;
        add_line(LOG_WARNING, text, line_of_loss(lost, record->time_ns, text, sizeof text));
    }
    begun = true;
    next_sequence = record->sequence + 1;
}

static void take_record(const struct event *event)
{
    struct log_record record;
    uint32_t size;
    char text[LOG_LINE_MAX + 1];

    if (message_string(event, &record, sizeof record, &size) != OK) {
        message_answer(event, TOO_BIG);
        return;
    }
    size_t length = line_of_record(&record, size, text, sizeof text);
    if (length != 0) {
        note_gap(&record);
        add_line(record.level, text, length);
    }
}

static void start(int count, char *const arguments[])
{
    struct options options;

    options_read(count, arguments, &options);
    MUST(history_open(options.history_lines) ? OK : NO_MEMORY);
    if (options.screen) {
        MUST(output_start(&screen_output, options.level));
    }
    if (options.serial) {
        MUST(output_start(&serial_output, options.level));
    }
}

/* The next event, or none: NOTHING, TIMED_OUT. Looks after those who wait until all is printed. */
static status_t next_event(struct event *event)
{
    bool unsettled = readers_are_unsettled();
    status_t status = unsettled ? event_poll(event) : event_wait(event, readers_deadline());

    if (status == NOTHING) {
        readers_settle();
    }
    if (unsettled || status == TIMED_OUT) {
        readers_flushed();
    }
    return status;
}

int main(int argc, char **argv)
{
    start(argc, argv);
    for (;;) {
        struct event event;
        status_t status = next_event(&event);

        if (status == TIMED_OUT || status == NOTHING) {
            continue;
        }
        MUST(status);
        switch (event.kind) {
        case EVENT_MESSAGE:
            if (event.sender == KERNEL_PROCESS) {
                take_record(&event);
            } else {
                readers_serve(&event);
            }
            break;
        case EVENT_PROCESS_EXITED:
            readers_process_ended(event.id);
            break;
        case EVENT_SAVE_STATE:
            readers_save_state(event.deadline_ns);
            break;
        }
    }
}
