/*
 * Devices that take text: the text screen, and a serial line with a terminal or a printer behind it. DEVICE_TEXT.
 *
 * Text is bytes of code page 437; \n ends a line (a line feed and a carriage return; on a serial line both are sent), \r \t \b \a are
 * obeyed. The screen obeys the sequences of ECMA-48 that docs/terminal.md lists; a serial line passes them on.
 * A driver of text never logs about a request: the log's own lines come to it as requests.
 */
#pragma once

#include <ternion/device.h>

#include <stdbool.h>

#define TEXT_SIZE_MAX 4096U /* bytes of text in one request */

struct text_call_size_reply {
    uint32_t columns;        /* 0: not known */
    uint32_t rows;
};

struct text_call_lend_reply {
    uint32_t is_as_left;     /* 1: nobody has had it since it was lent to the caller before */
};

#define TEXT_PROTOCOL(OPERATION, TRANSFER, text_call) \
    TRANSFER(text_call, write, 1, struct device_call_number, struct nothing, TEXT_SIZE_MAX, 0, 0, 0) \
    OPERATION(text_call, size, 2, struct device_call_number, struct text_call_size_reply) \
    OPERATION(text_call, lend, 3, struct device_call_number, struct text_call_lend_reply) /* for a driver of the same adapter: see text_lend */ \
    OPERATION(text_call, take_back, 4, struct device_call_number, struct nothing) \
    TRANSFER(text_call, write_line, 5, struct device_call_number, struct nothing, TEXT_SIZE_MAX, 0, 0, 0) /* see text_write_line */
PROTOCOL_DECLARE(text_call, 0x0011, 1, TEXT_PROTOCOL)

/*
 * Writes text, in as many requests as it takes.
 *   text, size   bytes
 * Blocks until the last is on the screen, or in the line's transmitter. Statuses: ABSENT: there is no such hardware, the text is lost;
 * NO_MEMORY: too many wait for it; PEER_DIED: some of the text was written, or all; those of protocol.h.
 */
[[nodiscard]] status_t text_write(struct device *device, const char *text, size_t size);

/*
 * The same for text that is to stand in lines of its own, whatever others write: if a line is begun, it is ended first. Colours and
 * character sets that others have set do not count for it, and hold again behind it, where the driver knows of them (a screen). The
 * text ends with \n. Statuses: as text_write; BAD_OPERATION: the driver cannot do that.
 */
[[nodiscard]] status_t text_write_line(struct device *device, const char *text, size_t size);

/* How many columns and rows fit; 0: not known. Blocks. */
[[nodiscard]] status_t text_size(struct device *device, uint32_t *columns_out, uint32_t *rows_out);

/*
 * For a driver that shows something else on the same adapter: until text_take_back, or its end, the driver of the text does not touch the
 * adapter; what is written meanwhile it keeps, as much as fits the screen. To be taken back when the adapter is in text mode 3 again, however
 * that was set. Statuses: BAD_OPERATION: there is no screen to lend (a serial line); NOT_ALLOWED: the caller is no driver whose role is display;
 * BUSY: another has it; text_take_back alone: FAULT: the adapter shows graphics.
 * Asked again should the driver die: so a client that is lent the screen lends it again when the text's driver is another (device_watch).
 */
[[nodiscard]] status_t text_lend(struct device *device);

/*
 * The same.
 *   is_as_left_out   what the adapter's memory holds is the caller's own, and what the driver of the text wrote: nobody else has had it since it was lent to
 *                    the caller the last time. False, whatever the status, where that is not known
 */
[[nodiscard]] status_t text_lend_as_left(struct device *device, bool *is_as_left_out);
[[nodiscard]] status_t text_take_back(struct device *device);
