#include <stdbool.h>

#include <ternion/log.h>
#include <ternion/port.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#include "screen.h"

#define CELL_COUNT (SCREEN_COLUMNS * SCREEN_ROWS)
#define BLANK ((uint16_t)(ATTRIBUTE_NORMAL << 8 | ' '))
#define TAB_COLUMNS 8U

/* IBM VGA: Miscellaneous Output Register, read at 3CC; bit 0 set: colour, the CRTC answers at 3D4. */
#define MISCELLANEOUS_OUTPUT 0x3CC
#define COLOUR_EMULATION 1U

/* Cathode ray tube controller (6845): its index port, the data port behind it, and two registers. */
#define CRTC_CURSOR_HIGH 14
#define CRTC_CURSOR_LOW 15

struct adapter {
    physical_t memory;
    uint16_t crtc;
};
static const struct adapter colour = { .memory = 0xB8000, .crtc = 0x3D4 };
static const struct adapter monochrome = { .memory = 0xB0000, .crtc = 0x3B4 };

static const struct adapter *adapter;
static volatile uint16_t *video;      /* the adapter's memory */
static uint16_t cells[CELL_COUNT];    /* what it shall show: reading the adapter is slow */
static unsigned row, column;          /* of the cursor; column SCREEN_COLUMNS: the next character opens a row */
static unsigned dirty_first = SCREEN_ROWS, dirty_last; /* rows that changed since screen_show; none if first > last */

static uint8_t crtc_read(uint8_t index)
{
    port_write8(adapter->crtc, index);
    return port_read8(adapter->crtc + 1);
}

static void crtc_write(uint8_t index, uint8_t value)
{
    port_write8(adapter->crtc, index);
    port_write8(adapter->crtc + 1, value);
}

static unsigned cursor_read(void)
{
    return (unsigned)crtc_read(CRTC_CURSOR_HIGH) << 8 | crtc_read(CRTC_CURSOR_LOW);
}

/* The cell where the hardware's cursor shall be; it cannot stand behind a row. */
static unsigned cursor_cell(void)
{
    return row * SCREEN_COLUMNS + (column < SCREEN_COLUMNS ? column : SCREEN_COLUMNS - 1);
}

static void touch(unsigned first, unsigned last)
{
    if (first < dirty_first) {
        dirty_first = first;
    }
    if (last > dirty_last) {
        dirty_last = last;
    }
}

static void clear_cells(unsigned first, unsigned end)
{
    for (unsigned cell = first; cell < end; cell++) {
        cells[cell] = BLANK;
    }
}

static void take_over(void)
{
    unsigned cursor = cursor_read();

    if (cursor >= CELL_COUNT) {
        cursor = CELL_COUNT - SCREEN_COLUMNS;
    }
    row = cursor / SCREEN_COLUMNS;
    column = cursor % SCREEN_COLUMNS;
    for (unsigned cell = 0; cell < CELL_COUNT; cell++) {
        cells[cell] = video[cell];
    }
    /* Whoever wrote last may have stopped in the middle of a row. */
    if (column != 0) {
        screen_carriage_return();
        screen_line_feed();
    }
}

void screen_open(void)
{
    uint32_t address;

    adapter = port_read8(MISCELLANEOUS_OUTPUT) & COLOUR_EMULATION ? &colour : &monochrome;
    MUST(physical_map(adapter->memory, 1, 0, &address));
    video = (volatile uint16_t *)address;
    take_over();
}

/* A look at the cursor and at the row above it is enough: a line that somebody wrote has moved one of them. */
void screen_resume(void)
{
    unsigned above = (row == 0 ? 0 : row - 1) * SCREEN_COLUMNS;
    bool same = cursor_read() == cursor_cell();

    for (unsigned cell = above; same && cell < above + SCREEN_COLUMNS; cell++) {
        same = video[cell] == cells[cell];
    }
    if (!same) {
        take_over();
    }
}

void screen_show(void)
{
    if (dirty_first <= dirty_last) {
        for (unsigned cell = dirty_first * SCREEN_COLUMNS; cell < (dirty_last + 1) * SCREEN_COLUMNS; cell++) {
            video[cell] = cells[cell];
        }
    }
    dirty_first = SCREEN_ROWS;
    dirty_last = 0;

    unsigned cursor = cursor_cell();
    crtc_write(CRTC_CURSOR_HIGH, (uint8_t)(cursor >> 8));
    crtc_write(CRTC_CURSOR_LOW, (uint8_t)cursor);
}

void screen_put(uint8_t character, uint8_t attribute)
{
    if (column == SCREEN_COLUMNS) {
        screen_carriage_return();
        screen_line_feed();
    }
    cells[row * SCREEN_COLUMNS + column] = (uint16_t)(attribute << 8 | character);
    touch(row, row);
    column++;
}

void screen_line_feed(void)
{
    if (row + 1 < SCREEN_ROWS) {
        row++;
        return;
    }
    memmove(cells, cells + SCREEN_COLUMNS, (CELL_COUNT - SCREEN_COLUMNS) * sizeof cells[0]);
    clear_cells(CELL_COUNT - SCREEN_COLUMNS, CELL_COUNT);
    touch(0, SCREEN_ROWS - 1);
}

void screen_carriage_return(void)
{
    column = 0;
}

void screen_backspace(void)
{
    if (column > 0) {
        column--;
    }
}

void screen_tabulate(void)
{
    column = (column / TAB_COLUMNS + 1) * TAB_COLUMNS;
    if (column >= SCREEN_COLUMNS) {
        column = SCREEN_COLUMNS - 1;
    }
}

void screen_move(unsigned to_row, unsigned to_column)
{
    row = to_row < SCREEN_ROWS ? to_row : SCREEN_ROWS - 1;
    column = to_column < SCREEN_COLUMNS ? to_column : SCREEN_COLUMNS - 1;
}

void screen_clear(void)
{
    clear_cells(0, CELL_COUNT);
    touch(0, SCREEN_ROWS - 1);
}

void screen_clear_row_end(void)
{
    clear_cells(row * SCREEN_COLUMNS + column, (row + 1) * SCREEN_COLUMNS);
    touch(row, row);
}
