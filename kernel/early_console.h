/*
 * The kernel's own output: COM1, the VGA text screen, port E9. It is for the time without an
 * a\log, if the option early= asks for it, and for panics. Implemented in i386/early_console.c.
 */
#pragma once

/* Prints where early= says. */
void early_console_print(const char *text);

/* Prints on screen, serial port and port E9, whatever early= says. */
void early_console_panic_print(const char *text);
