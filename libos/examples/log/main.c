/* a\log: every record, a line each, on the serial line. */
#include <ternion/clock.h>
#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/message.h>
#include <ternion/syscall.h>
#include <ternion/text.h>

#define LINE_SIZE 340U           /* name, text and what stands before them */

MANIFEST(.role = ROLE_LOG, .partners = PARTNERS_ALL);

static const char *const level_names[LOG_LEVEL_COUNT] = LOG_LEVEL_NAMES;

static struct device output;

/* The driver may die and come back: a line is tried until it is written. */
static void print(const char *line, size_t size)
{
    while (text_write_line(&output, line, size) == PEER_DIED) {
    }
}

static void take_record(const struct event *event)
{
    struct log_record record;
    char line[LINE_SIZE];
    uint32_t size;

    if (message_string(event, &record, sizeof record, &size) != OK || record.level >= LOG_LEVEL_COUNT) {
        return;
    }
    uint64_t microseconds = record.time_ns / MICROSECOND;
    size_t length = format_text(line, sizeof line, "[%4u.%06u] %s %.*s: %s%.*s\n",
                                (unsigned)(microseconds / 1000000), (unsigned)(microseconds % 1000000),
                                level_names[record.level], record.source_size, record.text,
                                record.flags & LOG_PREVIOUS_BOOT ? "(previous boot) " : "",
                                record.text_size, record.text + record.source_size);
    print(line, length);
}

int main(void)
{
    (void)device_open(&output, "lines\\text\\0", DEVICE_TEXT, 0);
    output.patience_ns = FOREVER;        /* a line waits until there is such a device */
    for (;;) {
        struct event event;

        MUST(event_wait(&event, FOREVER));
        if (event.kind == EVENT_SAVE_STATE) {
            (void)state_saved();
        } else if (event.kind == EVENT_MESSAGE && event.sender == KERNEL_PROCESS) {
            take_record(&event);
        } else if (event.kind == EVENT_MESSAGE) {
            message_answer(&event, BAD_ARGUMENT);
        }
    }
}
