/* Recordings that were printed as lines (bios_recording_line), taken out of a log again. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * Puts the recording together that the lines of a text have; other lines, and what stands before a line's "~", are skipped.
 *   text        ends with a NUL
 *   bytes_out   room for lines_size_max(strlen(text)) bytes
 * Returns its size, 0 if there is none. *problem_out: NULL, or why it is not whole.
 */
size_t lines_read(const char *text, uint8_t *bytes_out, const char **problem_out);

/* Three characters are 255 bytes at most. */
static inline size_t lines_size_max(size_t text_size)
{
    return (text_size / 3 + 1) * 255;
}
