/*
 * The cells of the screen, as the adapter has them: the low byte is a character of code page 437, the high byte its
 * attribute. Rows and columns count from 0. What is said of a place must lie within the screen; counts may be anything.
 */
#pragma once

#include <stdint.h>

#define CELL_ROWS 25U
#define CELL_COLUMNS 80U
#define CELL_COUNT (CELL_ROWS * CELL_COLUMNS)

typedef uint16_t cell_t;

struct cells {
    cell_t at[CELL_ROWS][CELL_COLUMNS];
    unsigned changed_first, changed_last;  /* rows that may have changed since cells_seen; none if first > last */
};

static inline cell_t cell_of(uint8_t character, uint8_t attribute)
{
    return (cell_t)(attribute << 8 | character);
}

/* What has changed has been dealt with. */
void cells_seen(struct cells *cells);

void cells_put(struct cells *cells, unsigned row, unsigned column, cell_t cell);

/* Makes columns `first` to `end` - 1 of a row blank. */
void cells_erase(struct cells *cells, unsigned row, unsigned first, unsigned end, cell_t blank);

/* Makes rows `first` to `end` - 1 blank. */
void cells_erase_rows(struct cells *cells, unsigned first, unsigned end, cell_t blank);

/* Moves the rest of a row from a column on to the right, and to the left; what it leaves is blank. */
void cells_insert(struct cells *cells, unsigned row, unsigned column, unsigned count, cell_t blank);
void cells_delete(struct cells *cells, unsigned row, unsigned column, unsigned count, cell_t blank);

/* Moves the rows `top` to `bottom` up, and down; those that they leave are blank. */
void cells_scroll_up(struct cells *cells, unsigned top, unsigned bottom, unsigned count, cell_t blank);
void cells_scroll_down(struct cells *cells, unsigned top, unsigned bottom, unsigned count, cell_t blank);
