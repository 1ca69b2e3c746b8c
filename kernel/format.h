/*
 * Text from a format, as printf does it: %s %c %d %u %x %p %%, with 0, -, width, and precision for
 * strings (also *), l and ll. A format that the compiler did not check is a bug.
 */
#pragma once

#include <stdarg.h>
#include <stdint.h>

/* At most size-1 bytes and a NUL; returns the bytes written without it. size is at least 1. */
[[gnu::format(printf, 3, 4)]] uint32_t format_text(char *text, uint32_t size, const char *format, ...);
[[gnu::format(printf, 3, 0)]] uint32_t format_text_list(char *text, uint32_t size, const char *format, va_list arguments);
