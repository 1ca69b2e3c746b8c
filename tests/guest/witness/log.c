#include <abi/log.h>

#include <ternion/format.h>
#include <ternion/message.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/text.h>

#include "log.h"

#define LINE_SIZE 512U

/* The device may not be there yet: the line waits for it. */
static void print_line(const char *line, size_t size)
{
    static struct device output;

    if (output.name[0] == '\0') {
        (void)device_open(&output, "lines\\text\\0", DEVICE_TEXT, 0);
        output.patience_ns = FOREVER;
    }
    (void)text_write(&output, line, size);
}

/* What the message's words say, and what its record says. */
static void print_record(const struct event *event, const struct log_record *record, uint32_t size)
{
    char line[LINE_SIZE];

    size_t length = format_text(line, sizeof line, "RECORD words=%u,%u,%u,%x bytes=%u record=%u,%u,%u,%x,%u,%u %.*s|%.*s\n",
                                event->words[0], event->words[1], event->words[2], event->words[3], size,
                                record->level, record->flags, record->sequence, record->source, record->source_size,
                                record->text_size, record->source_size, record->text, record->text_size,
                                record->text + record->source_size);
    print_line(line, length < sizeof line ? length : sizeof line - 1);
}

void log_run(const char *value)
{
    (void)value;
    for (;;) {
        struct event event;
        struct log_record record;
        uint32_t size;

        if (event_wait(&event, FOREVER) == OK && event.kind == EVENT_MESSAGE && event.sender == KERNEL_PROCESS
            && message_string(&event, &record, sizeof record, &size) == OK) {
            print_record(&event, &record, size);
        }
    }
}
