/*
 * Serial lines: bytes there and back. DEVICE_LINE. device_initialise (device.h) drops what has come and whoever waits for it, sends what
 * is on its way, whatever CTS says, and makes the line 115200 baud, 8 data bits, no parity, 1 stop bit, without flow control.
 */
#pragma once

#include <ternion/device.h>

#define LINE_WRITE_MAX 4096U   /* bytes in one request */
#define LINE_READ_MAX 4096U

enum line_parity { LINE_PARITY_NONE, LINE_PARITY_ODD, LINE_PARITY_EVEN };

enum line_flow {
    LINE_FLOW_NONE,
    LINE_FLOW_HARDWARE,        /* bytes are sent while the other side raises CTS; RTS says that there is room for what it sends */
};

struct line_settings {
    uint32_t number;           /* of the device: filled in by line_configure */
    uint32_t baud;             /* bits a second: 115200 divided by a whole number */
    uint8_t data_bits;         /* 5 to 8 */
    uint8_t stop_bits;         /* 1 or 2; with 5 data bits 2 are 1.5 */
    uint8_t parity;            /* enum line_parity */
    uint8_t flow;              /* enum line_flow */
};

/* Since the driver's start; they wrap around. */
struct line_statistics {
    uint32_t received;         /* bytes that came in */
    uint32_t sent;             /* bytes */
    uint32_t overruns;         /* times that bytes were lost: nobody read them, and the UART's own room was used up */
    uint32_t errors;           /* bytes with a wrong parity or stop bit; they can be read all the same */
    uint32_t breaks;           /* they are no bytes */
    uint32_t waiting;          /* bytes that can be read now */
};

struct line_call_read_request {
    uint32_t number;
    uint32_t most;             /* bytes, 1 to LINE_READ_MAX */
};

#define LINE_PROTOCOL(OPERATION, TRANSFER, line_call) \
    TRANSFER(line_call, write, 1, struct device_call_number, struct nothing, LINE_WRITE_MAX, 0, 0, 0) \
    TRANSFER(line_call, read, 2, struct line_call_read_request, struct nothing, 0, LINE_READ_MAX, 0, 0) \
    OPERATION(line_call, configure, 3, struct line_settings, struct nothing) \
    OPERATION(line_call, statistics, 4, struct device_call_number, struct line_statistics)
PROTOCOL_DECLARE(line_call, 0x0012, 1, LINE_PROTOCOL)

/*
 * Sends bytes, as they are. Blocks until the last is in the transmitter. Statuses: ABSENT; NO_MEMORY: too many wait for the line;
 * PEER_DIED; those of protocol.h. Unless it is OK some may have been sent.
 */
[[nodiscard]] status_t line_write(struct device *device, const void *bytes, size_t size);

/*
 * Takes what has come: at least one byte, at most `size`. 16 KB wait for a reader.
 *   size_out   bytes that were taken
 * Blocks until there is one. Statuses: ABSENT; BAD_ARGUMENT: size is 0; BUSY: another one reads; DISCARDED: the line was
 * initialised meanwhile; PEER_DIED: the driver ended, and what waited in it is lost; those of protocol.h.
 */
[[nodiscard]] status_t line_read(struct device *device, void *bytes, uint32_t size, uint32_t *size_out);

/* Sets the line up; what is on its way is sent first. Blocks. Statuses: BAD_ARGUMENT, ABSENT, NO_MEMORY, those of protocol.h. */
[[nodiscard]] status_t line_configure(struct device *device, const struct line_settings *settings);

[[nodiscard]] status_t line_statistics(struct device *device, struct line_statistics *statistics_out);
