#include "terminal_screen.h"

#include <stdio.h>
#include <string.h>

#include "test.h"

struct terminal terminal;

void begin(enum palette palette)
{
    memset(&terminal, 0xA5, sizeof terminal);
    terminal_reset(&terminal, palette);
    cells_seen(&terminal.cells);
}

void say(const char *text)
{
    terminal_write(&terminal, text, strlen(text));
}

void fresh(const char *text)
{
    begin(PALETTE_16);
    say(text);
}

static void row_text(unsigned row, char text[CELL_COLUMNS + 1])
{
    unsigned end = CELL_COLUMNS;

    for (unsigned column = 0; column < CELL_COLUMNS; column++) {
        text[column] = (char)terminal.cells.at[row][column];
    }
    while (end > 0 && text[end - 1] == ' ') {
        end--;
    }
    text[end] = '\0';
}

void expect_screen(const char *file, int line, const char *expected)
{
    for (unsigned row = 0; row < CELL_ROWS; row++) {
        char text[CELL_COLUMNS + 1];
        size_t size = strcspn(expected, "\n");

        row_text(row, text);
        if (strlen(text) != size || memcmp(text, expected, size) != 0) {
            test_fail(file, line, "row %u is \"%s\", not \"%.*s\"", row, text, (int)size, expected);
        }
        expected += expected[size] == '\n' ? size + 1 : size;
    }
}

void expect_cursor(const char *file, int line, unsigned row, unsigned column)
{
    if (terminal.now.row != row || terminal.now.column != column) {
        test_fail(file, line, "the cursor is at %u, %u, not %u, %u", terminal.now.row, terminal.now.column, row, column);
    }
}

void letters(const char *text)
{
    begin(PALETTE_16);
    for (unsigned row = 0; row < CELL_ROWS; row++) {
        char place[20];
        snprintf(place, sizeof place, "\033[%uH%c", row + 1, 'a' + row);
        say(place);
    }
    say("\033[H");
    say(text);
}

cell_t cell_at(unsigned number)
{
    return terminal.cells.at[number / CELL_COLUMNS][number % CELL_COLUMNS];
}

void check_terminal_is_sound(void)
{
    const struct terminal_state *states[] = { &terminal.now, &terminal.kept };

    for (unsigned i = 0; i < 2; i++) {
        CHECK(states[i]->row < CELL_ROWS && states[i]->column < CELL_COLUMNS && states[i]->set < 2);
        CHECK(!states[i]->row_is_full || states[i]->column == CELL_COLUMNS - 1);
        CHECK(states[i]->style.foreground < 16 && states[i]->style.background < 16);
    }
    CHECK(terminal.top < terminal.bottom && terminal.bottom < CELL_ROWS);
    CHECK(terminal.parameter_count <= PARAMETERS_MAX && terminal.parse <= PARSE_STRING);
    CHECK(terminal.parse != PARSE_COUNTED || terminal.counted > 0);
    CHECK(terminal.cells.changed_last < CELL_ROWS);
}
