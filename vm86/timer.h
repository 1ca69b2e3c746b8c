/*
 * The timer chip as 16-bit code sees it: it counts by the clock, and nobody hears it. The machine's own is the kernel's. Intel 8254
 * data sheet.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <abi/types.h>

#define TIMER_FIRST 0x40U            /* three counters, and the control register */
#define TIMER_LAST 0x43U

/* As the BIOS has left it: counter 0 ticks 18.2 times a second. */
void timer_reset(nanoseconds_t now_ns);

/* Counts of 1193182 Hz until then; they wrap each hour. To one count, and never backwards. now_ns: not before an earlier one. */
uint32_t timer_counts(nanoseconds_t now_ns);

/* now: in counts. */
uint8_t timer_read(uint16_t port, uint32_t now);
void timer_write(uint16_t port, uint8_t value, uint32_t now);

/* Counter 2's output, which port 61h shows in bit 5. */
bool timer_output(uint32_t now);
