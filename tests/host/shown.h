/* What the terminal of d\console makes of a text, for tests that cannot have its header beside ternion/terminal.h. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define SHOWN_COLUMNS 80U
#define SHOWN_ROWS 25U

/* An empty screen. */
void shown_begin(void);

/* Text of code page 437. */
void shown_write(const void *text, size_t size);

/* The character of a cell by its number, row after row. */
uint8_t shown_cell(uint32_t number);

/* The column of the cursor; SHOWN_COLUMNS: the row is full, and the next character begins another. */
uint32_t shown_column(void);

/* As in terminal_screen.h. */
#define EXPECT_SHOWN(expected) shown_expect(__FILE__, __LINE__, expected)
void shown_expect(const char *file, int line, const char *expected);
#define EXPECT_SHOWN_CURSOR(row, column) shown_expect_cursor(__FILE__, __LINE__, row, column)
void shown_expect_cursor(const char *file, int line, unsigned row, unsigned column);
