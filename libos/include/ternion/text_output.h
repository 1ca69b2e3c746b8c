/*
 * The protocol of what takes text: d\console (the screen) and d\serial (the line).
 *
 *     request   words[0] TEXT_WRITE; string: the text, at most TEXT_SIZE_MAX bytes
 *     answer    words[0] a status:
 *               OK            the text was accepted: it is on the screen, or in the line's transmitter
 *               ABSENT        there is no such hardware; the text is lost, and so will be any other
 *               TOO_BIG       more than TEXT_SIZE_MAX; nothing was written
 *               BAD_ARGUMENT  an operation that it does not know
 *               NO_MEMORY     too many are waiting for it
 *
 * Text is bytes of code page 437; \n ends a line (on the serial line nothing is added to it), \r \t \b
 * are obeyed. The screen obeys ESC [ ... m (colours), ESC [ 2 J (clear), ESC [ K (clear to the end of the
 * row) and ESC [ row ; column H (move the cursor; without numbers to the upper left corner).
 * Neither ever logs about a request: the log's own lines come to them as requests.
 */
#pragma once

#include <stddef.h>

#include <abi/status.h>
#include <abi/types.h>

enum text_operation {
    TEXT_WRITE = 1,
};

#define TEXT_SIZE_MAX 4096U /* bytes of text in one request */

/*
 * Writes text, in as many requests as it takes. Blocks until the last is accepted.
 *   process      the server
 *   text, size   bytes
 * Statuses: those of message_ask and of the protocol; text before the part that failed was written.
 */
[[nodiscard]] status_t text_output_write(process_id_t process, const char *text, size_t size);
