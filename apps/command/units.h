/* Sizes, times and widths, as the programs of a prompt show them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UNITS_SIZE 24U
#define UNITS_TIME_SIZE 24U

/* A number of bytes; human: as 1.5K, 23M, rounded up. Returns text. */
const char *units_size(uint64_t bytes, bool human, char text[UNITS_SIZE]);

/* Seconds since 1970 as 2024-02-29 12:00; 0, a time that is not known, as a dash of the same width. Returns text. */
const char *units_time(int64_t seconds, char text[UNITS_TIME_SIZE]);

/* Columns that UTF-8 text takes on a screen, as output_name shows it. */
int text_width(const char *text);
