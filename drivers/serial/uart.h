/* The UART of the first serial line, from the 8250 on: 115200 baud, 8 data bits, no parity, 1 stop bit. One thread only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define UART_IRQ 4U

/* Looks for it and sets it up. False: there is none. */
bool uart_open(void);

/*
 * Gives it what its transmitter takes now: up to 16 bytes with a FIFO, else 1, or nothing.
 * Returns how many bytes it took. It interrupts when it can take more.
 */
size_t uart_transmit(const char *bytes, size_t size);

/* Answers an interrupt, so that the line goes quiet. */
void uart_quiet(void);

/* Words for the log about what was found. */
const char *uart_model(void);
