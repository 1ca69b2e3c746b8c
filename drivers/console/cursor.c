#include "cursor.h"

#define LAST_ROW (CELL_ROWS - 1)
#define LAST_COLUMN (CELL_COLUMNS - 1)

static unsigned smaller(unsigned left, unsigned right)
{
    return left < right ? left : right;
}

cell_t terminal_blank(const struct terminal *terminal)
{
    return cell_of(' ', style_blank(&terminal->now.style, terminal->palette));
}

/* ---- Movement ---- */

void cursor_move(struct terminal *terminal, unsigned row, unsigned column)
{
    terminal->now.row = smaller(row, LAST_ROW);
    terminal->now.column = smaller(column, LAST_COLUMN);
    terminal->now.row_is_full = false;
}

void cursor_place(struct terminal *terminal, unsigned row, unsigned column)
{
    if (terminal->now.origin_is_region) {
        row = smaller(smaller(row, LAST_ROW) + terminal->top, terminal->bottom);
    }
    cursor_move(terminal, row, column);
}

void cursor_up(struct terminal *terminal, unsigned count)
{
    unsigned row = terminal->now.row;
    unsigned least = row >= terminal->top ? terminal->top : 0;

    cursor_move(terminal, row - smaller(count, row - least), terminal->now.column);
}

void cursor_down(struct terminal *terminal, unsigned count)
{
    unsigned row = terminal->now.row;
    unsigned most = row <= terminal->bottom ? terminal->bottom : LAST_ROW;

    cursor_move(terminal, row + smaller(count, most - row), terminal->now.column);
}

void cursor_left(struct terminal *terminal, unsigned count)
{
    cursor_move(terminal, terminal->now.row, terminal->now.column - smaller(count, terminal->now.column));
}

void cursor_right(struct terminal *terminal, unsigned count)
{
    cursor_move(terminal, terminal->now.row, terminal->now.column + smaller(count, LAST_COLUMN));
}

void cursor_carriage_return(struct terminal *terminal)
{
    cursor_move(terminal, terminal->now.row, 0);
}

void cursor_line_feed(struct terminal *terminal)
{
    if (terminal->now.row == terminal->bottom) {
        cells_scroll_up(&terminal->cells, terminal->top, terminal->bottom, 1, terminal_blank(terminal));
        terminal->now.row_is_full = false;
    } else {
        cursor_move(terminal, terminal->now.row + 1, terminal->now.column);
    }
}

void cursor_line_feed_back(struct terminal *terminal)
{
    if (terminal->now.row == terminal->top) {
        cells_scroll_down(&terminal->cells, terminal->top, terminal->bottom, 1, terminal_blank(terminal));
        terminal->now.row_is_full = false;
    } else if (terminal->now.row > 0) {
        cursor_move(terminal, terminal->now.row - 1, terminal->now.column);
    }
}

void cursor_tab(struct terminal *terminal)
{
    unsigned column = terminal->now.column;

    while (column < LAST_COLUMN && !terminal->tabs[++column]) {
    }
    if (column != terminal->now.column) {
        cursor_move(terminal, terminal->now.row, column);
    }
}

void cursor_tab_back(struct terminal *terminal)
{
    unsigned column = terminal->now.column;

    while (column > 0 && !terminal->tabs[--column]) {
    }
    cursor_move(terminal, terminal->now.row, column);
}

void cursor_keep(struct terminal *terminal)
{
    terminal->kept = terminal->now;
}

void cursor_restore(struct terminal *terminal)
{
    terminal->now = terminal->kept;
}

/* ---- Characters ---- */

/*
 * The DEC Special Graphics set, 60h to 7Eh (VT100 User Guide, table 3-9), in code page 437; where that has nothing like it,
 * the nearest.
 */
static const uint8_t graphics[0x1F] = {
    0x04, 0xB1, ' ', ' ', ' ', ' ', 0xF8, 0xF1, ' ', ' ',   /* ` to i: diamond, shade, four letters, degree, plus/minus, two letters */
    0xD9, 0xBF, 0xDA, 0xC0, 0xC5,                           /* j to n: corners, crossing */
    0xDF, 0xC4, 0xC4, 0xC4, '_',                            /* o to s: horizontal lines from top to bottom */
    0xC3, 0xB4, 0xC1, 0xC2, 0xB3,                           /* t to x: tees, vertical line */
    0xF3, 0xF2, 0xE3, 0xD8, 0x9C, 0xFA,                     /* y to ~: less/greater or equal, pi, not equal, pound, dot */
};

static uint8_t shown(const struct terminal *terminal, uint8_t character)
{
    bool is_graphic = terminal->now.graphics[terminal->now.set] && character >= 0x60 && character <= 0x7E;

    return is_graphic ? graphics[character - 0x60] : character;
}

void cursor_put(struct terminal *terminal, uint8_t character)
{
    uint8_t attribute = style_attribute(&terminal->now.style, terminal->palette);

    if (terminal->now.row_is_full && !terminal->keeps_row) {
        cursor_carriage_return(terminal);
        cursor_line_feed(terminal);
    }
    if (terminal->inserts) {
        cells_insert(&terminal->cells, terminal->now.row, terminal->now.column, 1, terminal_blank(terminal));
    }
    cells_put(&terminal->cells, terminal->now.row, terminal->now.column, cell_of(shown(terminal, character), attribute));
    if (terminal->now.column == LAST_COLUMN) {
        terminal->now.row_is_full = true;
    } else {
        terminal->now.column++;
    }
}
