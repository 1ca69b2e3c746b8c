/* The end: the kernel found itself wrong. Prints all that is needed to find out why. */
#pragma once

struct registers;

/* Prints the reason (a format as in format.h), then as below. */
[[gnu::noreturn, gnu::format(printf, 1, 2)]] void panic(const char *format, ...);

/*
 * Prints registers, backtrace with symbols, the current process and the last
 * log lines on screen and serial port, then reboots or halts (panic=).
 * registers: of the place where it happened, or NULL for the caller's.
 */
[[gnu::noreturn, gnu::format(printf, 2, 3)]] void panic_at(const struct registers *registers, const char *format, ...);

#define ASSERT(condition) \
    ((condition) ? (void)0 : panic("%s:%d: not true: %s", __FILE__, __LINE__, #condition))
