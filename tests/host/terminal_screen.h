/* A terminal without an adapter, and what its screen should show. For the tests of the terminal of d\console. */
#pragma once

#include "drivers/console/terminal.h"

extern struct terminal terminal;

/* A terminal as at power-on. */
void begin(enum palette palette);

void say(const char *text);

/* A terminal as at power-on that was told this. */
void fresh(const char *text);

/* Rows "a" to "y", one letter each; then this, from home on. */
void letters(const char *text);

/* The cell by its number, row after row. */
cell_t cell_at(unsigned number);

/* The rows from 0 on, separated by \n; those behind them are blank. */
#define EXPECT_SCREEN(expected) expect_screen(__FILE__, __LINE__, expected)
void expect_screen(const char *file, int line, const char *expected);

#define EXPECT_CURSOR(row, column) expect_cursor(__FILE__, __LINE__, row, column)
void expect_cursor(const char *file, int line, unsigned row, unsigned column);

/* What always holds, whatever it was told. */
void check_terminal_is_sound(void);
