/*
 * A UART of a PC's serial line: 8250, 16450, 16550 (whose FIFO does not work) or 16550A. One thread only.
 *
 * It raises its interrupt when it has bytes, when it can take bytes, and when CTS changes; none of that is lost if the
 * interrupt is: whoever calls these functions from time to time finds it all.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ternion/line.h>

struct uart {
    uint16_t port;               /* of its first register */
    const char *model;           /* words for people */
    uint8_t fifo_size;           /* bytes that its transmitter takes at once */
    bool obeys_cts;
    uint8_t interrupts;          /* as they are enabled */
    uint8_t modem_control;       /* as it is set */
    bool next_is_break;          /* the byte at its receiver's end is none */
    uint32_t overruns, errors, breaks;
};

/* 115200 baud, 8 data bits, no parity, 1 stop bit, no flow control. */
extern const struct line_settings uart_settings_at_start;

/* Looks for one and sets it up as above. False: there is none at this port. */
bool uart_open(struct uart *uart, uint16_t port);

/* Drops the bytes that have come and wait in it. */
void uart_drop_received(struct uart *uart);

/* Whether it can be set up so. */
bool uart_can(const struct line_settings *settings);

/* Sets it up; when its transmitter is empty, and for settings that it can. */
void uart_configure(struct uart *uart, const struct line_settings *settings);

/* Gives it what its transmitter takes now. Returns how many bytes that were. */
size_t uart_transmit(struct uart *uart, const uint8_t *bytes, size_t size);

/* Has the last byte left it? */
bool uart_is_empty(struct uart *uart);

/* Takes what has come: a byte, or a break, which is none; *byte_out is written for a byte. */
enum uart_received { UART_NOTHING, UART_BYTE, UART_BREAK };
enum uart_received uart_receive(struct uart *uart, uint8_t *byte_out);

/* Whether it interrupts for bytes that come. If not they wait in it, and are lost when it has no room for more. */
void uart_set_receiving(struct uart *uart, bool receiving);

/* Tells the other side whether there is room for what it sends; with hardware flow control alone. */
void uart_set_ready(struct uart *uart, bool ready);

/* Sends whatever CTS says, until it is set up again. */
void uart_ignore_cts(struct uart *uart);

/* Does it interrupt now? Asking takes back an interrupt of the transmitter or of CTS; one for bytes stays until they are taken. */
bool uart_interrupts(struct uart *uart);

/* No interrupts from now on. */
void uart_mute(struct uart *uart);
