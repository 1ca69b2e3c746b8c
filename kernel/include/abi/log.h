/*
 * The kernel's message stream. Everything that is said goes into a ring in the
 * kernel and, record by record, as messages of KERNEL_PROCESS to the process a\log:
 *
 *     words[0]  level                    words[1]  flags
 *     words[2]  sequence number          words[3]  process ID of the source
 *     string    struct log_record
 *
 * One thread of a\log takes the records: message_receive gives the one whose event came last.
 */
#pragma once

#include <abi/types.h>

enum log_level {
    LOG_EMERGENCY,
    LOG_ERROR,
    LOG_WARNING,
    LOG_INFORMATION,
    LOG_DEBUG,
    LOG_LEVEL_COUNT,
};
/* Their names in the log's lines, by number. */
#define LOG_LEVEL_NAMES { "emerg", "error", "warn", "info", "debug" }

#define LOG_TEXT_MAX 200U          /* bytes of text in one record; longer text is cut, and says so */
#define LOG_PREVIOUS_BOOT 1U       /* flags: said before the last warm reboot */
#define LOG_REPEATED 2U            /* flags: an earlier a\log, which died, had taken it and may not have got to print it */

/* One record; text_size bytes of text follow in place, without a NUL. */
struct log_record {
    nanoseconds_t time_ns;
    uint32_t sequence;
    process_id_t source;
    uint8_t level;
    uint8_t flags;
    uint8_t source_size;           /* bytes of the source's name: the first bytes of text */
    uint8_t text_size;             /* bytes of text behind the name */
    char text[NAME_SIZE_MAX + LOG_TEXT_MAX];
};
#define LOG_RECORD_HEADER_SIZE offsetof(struct log_record, text)
