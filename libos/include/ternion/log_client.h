/*
 * The protocol of a\log for those who read the log. Any process may. (What is
 * to be logged goes to the kernel: log.h.) a\log numbers the lines that it gets, from 1 on.
 *
 *     LOG_READ    words[1]  the number after which to look; 0 begins with the oldest line kept
 *                 words[2]  the least urgent level wanted, LOG_EMERGENCY to LOG_DEBUG
 *                 words[3]  LOG_READ_WAIT: the answer comes when there is such a line
 *         answer  words[0]  OK; NOTHING: there is none (yet); NO_MEMORY: too many readers wait
 *                 words[1]  the number of the line
 *                 words[2]  its level
 *                 words[3]  lines that came in between and are no longer kept
 *                 string    the line, without a line end
 *
 *     LOG_FLUSH   the answer comes when all that was logged before is on the outputs,
 *                 or after a second
 *         answer  words[0]  OK; TIMED_OUT: an output does not take it
 *
 *     LOG_FIRST_LINE
 *         answer  words[0]  OK; NOTHING: no line is on an output yet, or there is no time stamp counter
 *                 words[1]  the time stamp counter when the first line was on an output: low half
 *                 words[2]  high half
 *
 *     LOG_SCREEN_LEVEL    from now on the screen gets no line that is less urgent than this; nor than a\log's arguments say. It
 *                         holds until another is set, or who has set it ends. For drivers and servers
 *                 words[1]  a level, LOG_WARNING to LOG_DEBUG: what is urgent cannot be kept away
 *         answer  words[0]  OK; BAD_ARGUMENT; NOT_ALLOWED
 */
#pragma once

#include <abi/log.h>
#include <abi/status.h>

enum log_operation {
    LOG_READ = 1,
    LOG_FLUSH = 2,
    LOG_FIRST_LINE = 3,
    LOG_SCREEN_LEVEL = 4,
};

#define LOG_READ_WAIT 1U
#define LOG_LINE_MAX 320U /* bytes of a line: time, level, name and text */

struct log_line {
    uint32_t number;
    uint32_t level;
    uint32_t lost;                /* lines before it that came and went unread */
    uint32_t size;
    char text[LOG_LINE_MAX + 1];  /* with a NUL */
};

/*
 * Reads the next line of the log.
 *   log        the process a\log
 *   after      number of the line read last, or 0
 *   level      the least urgent level wanted
 *   flags      LOG_READ_WAIT: blocks until there is one
 *   line_out   the line
 * Statuses: NOTHING, and those of message_ask.
 */
[[nodiscard]] status_t log_read(process_id_t log, uint32_t after, log_level_t level, uint32_t flags,
                                struct log_line *line_out);

/* Waits until what was logged is on the outputs. Blocks for a second at most. Statuses: TIMED_OUT, and those of message_ask. */
[[nodiscard]] status_t log_flush(process_id_t log);

/* The time stamp counter when the first line was on an output. Statuses: NOTHING, and those of message_ask. */
[[nodiscard]] status_t log_first_line(process_id_t log, uint64_t *timestamp_out);

/* Sets the level of the screen. Queues the request, and does not block. Statuses: those of message_send. */
[[nodiscard]] status_t log_set_screen_level(process_id_t log, log_level_t level);
