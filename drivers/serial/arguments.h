/* The arguments of d\serial: which ports it looks at for UARTs. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <abi/types.h>

#define LINES_MAX 4U

/* Where the lines of a PC are, COM1 to COM4 (IBM PS/2 Hardware Interface Technical Reference, serial port controller). */
struct line_place {
    uint16_t port;
    irq_line_t irq;
};
extern const struct line_place line_places[LINES_MAX];

/*
 * Reads `ports=3F8,2F8`: some of the places above, in any order. What it does not know is said to the log and skipped.
 *   wanted_out   by place; COM1 if the arguments name none
 */
void arguments_read(int count, char *const arguments[], bool wanted_out[LINES_MAX]);
