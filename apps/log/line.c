#include <ternion/clock.h>
#include <ternion/format.h>
#include <ternion/process.h>

#include "line.h"

static const char *const level_names[LOG_LEVEL_COUNT] = LOG_LEVEL_NAMES;

static size_t put_head(nanoseconds_t time_ns, uint32_t level, char *buffer, size_t size)
{
    uint64_t microseconds = time_ns / MICROSECOND;

    return format_text(buffer, size, "[%4u.%06u] %s ", (unsigned)(microseconds / 1000000),
                       (unsigned)(microseconds % 1000000), level_names[level]);
}

size_t line_of_record(const struct log_record *record, uint32_t record_size, char *buffer, size_t size)
{
    if (record_size < LOG_RECORD_HEADER_SIZE || record->level >= LOG_LEVEL_COUNT ||
        record_size < LOG_RECORD_HEADER_SIZE + record->source_size + record->text_size) {
        return 0;
    }
    const char *source = record->source_size != 0 ? record->text : "kernel";
    int source_size = record->source_size != 0 ? record->source_size : (int)sizeof "kernel" - 1;
    size_t length = put_head(record->time_ns, record->level, buffer, size);

    length += format_text(buffer + length, size - length, "%.*s: %s%.*s", source_size, source,
                          record->flags & LOG_PREVIOUS_BOOT ? "(previous boot) "
                          : record->flags & LOG_REPEATED ? "(repeated) " : "",
                          (int)record->text_size, record->text + record->source_size);
    return length < size ? length : size - 1;
}

size_t line_of_loss(uint32_t lost, nanoseconds_t time_ns, char *buffer, size_t size)
{
    size_t length = put_head(time_ns, LOG_WARNING, buffer, size);

    return length + format_text(buffer + length, size - length, "%s: %u records lost", process_name(), lost);
}
