/*
 * Text from a template, into memory of the caller. No files, no floating point, no
 * locale; nothing is allocated. Any thread may call it.
 *
 * Directives: %s %c %d %i %u %x %X %p %%, with the lengths l ll z, a width, a
 * precision (of %s), * for either, and the flags - and 0.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

/*
 * Writes text as template says and ends it with a NUL.
 *   buffer, size   where the text goes, and the bytes there with the NUL; what does not fit is left out
 * Returns the length that the whole text has, without the NUL: it was cut if that is size or more.
 */
size_t format_text(char *buffer, size_t size, const char *template, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with the values in a list. */
size_t format_text_list(char *buffer, size_t size, const char *template, va_list values)
    __attribute__((format(printf, 3, 0)));
