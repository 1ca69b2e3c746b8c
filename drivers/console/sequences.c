#include "sequences.h"

#include "cursor.h"

/* A parameter that counts: one that is absent or 0 is a 1. */
static unsigned count_parameter(const struct terminal *terminal, unsigned index)
{
    unsigned value = index < terminal->parameter_count ? terminal->parameters[index] : 0;

    return value == 0 ? 1 : value;
}

/* A row or column: they are said from 1 on. */
static unsigned place_parameter(const struct terminal *terminal, unsigned index)
{
    return count_parameter(terminal, index) - 1;
}

/* ---- The cursor ---- */

static void up(struct terminal *terminal)
{
    cursor_up(terminal, count_parameter(terminal, 0));
}

static void down(struct terminal *terminal)
{
    cursor_down(terminal, count_parameter(terminal, 0));
}

static void right(struct terminal *terminal)
{
    cursor_right(terminal, count_parameter(terminal, 0));
}

static void left(struct terminal *terminal)
{
    cursor_left(terminal, count_parameter(terminal, 0));
}

static void next_rows(struct terminal *terminal)
{
    down(terminal);
    cursor_carriage_return(terminal);
}

static void rows_before(struct terminal *terminal)
{
    up(terminal);
    cursor_carriage_return(terminal);
}

static void to_column(struct terminal *terminal)
{
    cursor_move(terminal, terminal->now.row, place_parameter(terminal, 0));
}

static void to_row(struct terminal *terminal)
{
    cursor_place(terminal, place_parameter(terminal, 0), terminal->now.column);
}

static void to_place(struct terminal *terminal)
{
    cursor_place(terminal, place_parameter(terminal, 0), place_parameter(terminal, 1));
}

static void tabs(struct terminal *terminal)
{
    for (unsigned count = count_parameter(terminal, 0); count > 0; count--) {
        cursor_tab(terminal);
    }
}

static void tabs_back(struct terminal *terminal)
{
    for (unsigned count = count_parameter(terminal, 0); count > 0; count--) {
        cursor_tab_back(terminal);
    }
}

/* ---- Erasing and moving cells ---- */

static void erase_screen(struct terminal *terminal)
{
    unsigned row = terminal->now.row;
    unsigned column = terminal->now.column;
    cell_t blank = terminal_blank(terminal);

    terminal->now.row_is_full = false;
    switch (terminal->parameters[0]) {
    case 0:
        cells_erase(&terminal->cells, row, column, CELL_COLUMNS, blank);
        cells_erase_rows(&terminal->cells, row + 1, CELL_ROWS, blank);
        break;
    case 1:
        cells_erase_rows(&terminal->cells, 0, row, blank);
        cells_erase(&terminal->cells, row, 0, column + 1, blank);
        break;
    case 2:
        cells_erase_rows(&terminal->cells, 0, CELL_ROWS, blank);
        break;
    }
}

static void erase_row(struct terminal *terminal)
{
    static const bool from_start[] = { false, true, true };
    static const bool to_end[] = { true, false, true };
    unsigned what = terminal->parameters[0];

    terminal->now.row_is_full = false;
    if (what < sizeof from_start / sizeof from_start[0]) {
        cells_erase(&terminal->cells, terminal->now.row, from_start[what] ? 0 : terminal->now.column,
                    to_end[what] ? CELL_COLUMNS : terminal->now.column + 1, terminal_blank(terminal));
    }
}

static void erase_cells(struct terminal *terminal)
{
    unsigned room = CELL_COLUMNS - terminal->now.column;
    unsigned count = count_parameter(terminal, 0);

    terminal->now.row_is_full = false;
    cells_erase(&terminal->cells, terminal->now.row, terminal->now.column,
                terminal->now.column + (count < room ? count : room), terminal_blank(terminal));
}

static void insert_cells(struct terminal *terminal)
{
    terminal->now.row_is_full = false;
    cells_insert(&terminal->cells, terminal->now.row, terminal->now.column, count_parameter(terminal, 0),
                 terminal_blank(terminal));
}

static void delete_cells(struct terminal *terminal)
{
    terminal->now.row_is_full = false;
    cells_delete(&terminal->cells, terminal->now.row, terminal->now.column, count_parameter(terminal, 0),
                 terminal_blank(terminal));
}

static bool is_in_region(const struct terminal *terminal)
{
    return terminal->now.row >= terminal->top && terminal->now.row <= terminal->bottom;
}

static void insert_rows(struct terminal *terminal)
{
    if (is_in_region(terminal)) {
        cells_scroll_down(&terminal->cells, terminal->now.row, terminal->bottom, count_parameter(terminal, 0),
                          terminal_blank(terminal));
        cursor_carriage_return(terminal);
    }
}

static void delete_rows(struct terminal *terminal)
{
    if (is_in_region(terminal)) {
        cells_scroll_up(&terminal->cells, terminal->now.row, terminal->bottom, count_parameter(terminal, 0),
                        terminal_blank(terminal));
        cursor_carriage_return(terminal);
    }
}

static void scroll_up(struct terminal *terminal)
{
    cells_scroll_up(&terminal->cells, terminal->top, terminal->bottom, count_parameter(terminal, 0), terminal_blank(terminal));
}

static void scroll_down(struct terminal *terminal)
{
    cells_scroll_down(&terminal->cells, terminal->top, terminal->bottom, count_parameter(terminal, 0),
                      terminal_blank(terminal));
}

/* At most a screen full: a few bytes shall not make work for long. */
static void repeat(struct terminal *terminal)
{
    unsigned count = count_parameter(terminal, 0);

    for (unsigned i = 0; terminal->repeatable != 0 && i < count && i < CELL_COUNT; i++) {
        cursor_put(terminal, terminal->repeatable);
    }
}

/* ---- Modes ---- */

static void style(struct terminal *terminal)
{
    style_select(&terminal->now.style, terminal->parameters, terminal->parameter_count);
}

static void region(struct terminal *terminal)
{
    unsigned last = terminal->parameter_count > 1 ? terminal->parameters[1] : 0;
    unsigned top = place_parameter(terminal, 0);
    unsigned bottom = last == 0 || last > CELL_ROWS ? CELL_ROWS - 1 : last - 1;

    if (top < bottom) {
        terminal->top = top;
        terminal->bottom = bottom;
        cursor_place(terminal, 0, 0);
    }
}

static void set_mode(struct terminal *terminal, unsigned mode, bool on)
{
    if (terminal->private == 0) {
        terminal->inserts = mode == 4 ? on : terminal->inserts;
        return;
    }
    switch (mode) {
    case 6:
        terminal->now.origin_is_region = on;
        cursor_place(terminal, 0, 0);
        break;
    case 7:
        terminal->keeps_row = !on;
        break;
    case 25:
        terminal->cursor_is_hidden = !on;
        break;
    }
}

static void modes_on(struct terminal *terminal)
{
    for (unsigned i = 0; i < terminal->parameter_count; i++) {
        set_mode(terminal, terminal->parameters[i], true);
    }
}

static void modes_off(struct terminal *terminal)
{
    for (unsigned i = 0; i < terminal->parameter_count; i++) {
        set_mode(terminal, terminal->parameters[i], false);
    }
}

static void clear_tabs(struct terminal *terminal)
{
    if (terminal->parameters[0] == 0) {
        terminal->tabs[terminal->now.column] = false;
    } else if (terminal->parameters[0] == 3) {
        for (unsigned column = 0; column < CELL_COLUMNS; column++) {
            terminal->tabs[column] = false;
        }
    }
}

/* ---- ESC [ parameters final: ECMA-48, 8.3; VT100 User Guide, chapter 3 ---- */

static void (*const controls['~' - '@' + 1])(struct terminal *terminal) = {
    ['@' - '@'] = insert_cells,
    ['A' - '@'] = up,
    ['B' - '@'] = down,
    ['C' - '@'] = right,
    ['D' - '@'] = left,
    ['E' - '@'] = next_rows,
    ['F' - '@'] = rows_before,
    ['G' - '@'] = to_column,
    ['H' - '@'] = to_place,
    ['I' - '@'] = tabs,
    ['J' - '@'] = erase_screen,
    ['K' - '@'] = erase_row,
    ['L' - '@'] = insert_rows,
    ['M' - '@'] = delete_rows,
    ['P' - '@'] = delete_cells,
    ['S' - '@'] = scroll_up,
    ['T' - '@'] = scroll_down,
    ['X' - '@'] = erase_cells,
    ['Z' - '@'] = tabs_back,
    ['`' - '@'] = to_column,
    ['a' - '@'] = right,
    ['b' - '@'] = repeat,
    ['d' - '@'] = to_row,
    ['e' - '@'] = down,
    ['f' - '@'] = to_place,
    ['g' - '@'] = clear_tabs,
    ['h' - '@'] = modes_on,
    ['l' - '@'] = modes_off,
    ['m' - '@'] = style,
    ['r' - '@'] = region,
    ['s' - '@'] = cursor_keep,
    ['u' - '@'] = cursor_restore,
};

void sequence_control(struct terminal *terminal, uint8_t final)
{
    bool is_mode = final == 'h' || final == 'l';

    if ((terminal->private == 0 || (terminal->private == '?' && is_mode)) && controls[final - '@'] != NULL) {
        controls[final - '@'](terminal);
    }
}

/* ---- ESC final ---- */

static void next_row(struct terminal *terminal)
{
    cursor_carriage_return(terminal);
    cursor_line_feed(terminal);
}

static void set_tab(struct terminal *terminal)
{
    terminal->tabs[terminal->now.column] = true;
}

static void reset(struct terminal *terminal)
{
    terminal_reset(terminal, terminal->palette);
}

static const struct {
    char final;
    void (*run)(struct terminal *terminal);
} escapes[] = {
    { '7', cursor_keep },
    { '8', cursor_restore },
    { 'D', cursor_line_feed },
    { 'E', next_row },
    { 'H', set_tab },
    { 'M', cursor_line_feed_back },
    { 'c', reset },
};

/* ESC ( 0 and the like: which characters the sets G0 and G1 have. */
static void designate(struct terminal *terminal, unsigned set, uint8_t final)
{
    terminal->now.graphics[set] = final == '0';
}

void sequence_escape(struct terminal *terminal, uint8_t final)
{
    if (terminal->intermediate == '(' || terminal->intermediate == ')') {
        designate(terminal, terminal->intermediate == ')', final);
        return;
    }
    for (unsigned i = 0; terminal->intermediate == 0 && i < sizeof escapes / sizeof escapes[0]; i++) {
        if (escapes[i].final == final) {
            escapes[i].run(terminal);
        }
    }
}
