#include "shown.h"

#include "terminal_screen.h"

_Static_assert(SHOWN_COLUMNS == CELL_COLUMNS && SHOWN_ROWS == CELL_ROWS);

void shown_begin(void)
{
    begin(PALETTE_16);
}

void shown_write(const void *text, size_t size)
{
    terminal_write(&terminal, text, size);
}

uint8_t shown_cell(uint32_t number)
{
    return (uint8_t)cell_at(number);
}

uint32_t shown_column(void)
{
    return terminal.now.row_is_full ? CELL_COLUMNS : terminal.now.column;
}

void shown_expect(const char *file, int line, const char *expected)
{
    expect_screen(file, line, expected);
}

void shown_expect_cursor(const char *file, int line, unsigned row, unsigned column)
{
    expect_cursor(file, line, row, column);
}
