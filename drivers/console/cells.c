#include <ternion/string.h>

#include "cells.h"

static void changed(struct cells *cells, unsigned first, unsigned last)
{
    if (first < cells->changed_first) {
        cells->changed_first = first;
    }
    if (last > cells->changed_last) {
        cells->changed_last = last;
    }
}

void cells_seen(struct cells *cells)
{
    cells->changed_first = CELL_ROWS;
    cells->changed_last = 0;
}

static void fill(cell_t *cell, unsigned count, cell_t blank)
{
    while (count-- > 0) {
        *cell++ = blank;
    }
}

static unsigned at_most(unsigned count, unsigned limit)
{
    return count < limit ? count : limit;
}

void cells_put(struct cells *cells, unsigned row, unsigned column, cell_t cell)
{
    cells->at[row][column] = cell;
    changed(cells, row, row);
}

void cells_erase(struct cells *cells, unsigned row, unsigned first, unsigned end, cell_t blank)
{
    fill(&cells->at[row][first], end - first, blank);
    changed(cells, row, row);
}

void cells_erase_rows(struct cells *cells, unsigned first, unsigned end, cell_t blank)
{
    for (unsigned row = first; row < end; row++) {
        cells_erase(cells, row, 0, CELL_COLUMNS, blank);
    }
}

void cells_insert(struct cells *cells, unsigned row, unsigned column, unsigned count, cell_t blank)
{
    cell_t *rest = &cells->at[row][column];
    unsigned size = CELL_COLUMNS - column;

    count = at_most(count, size);
    memmove(rest + count, rest, (size - count) * sizeof *rest);
    fill(rest, count, blank);
    changed(cells, row, row);
}

void cells_delete(struct cells *cells, unsigned row, unsigned column, unsigned count, cell_t blank)
{
    cell_t *rest = &cells->at[row][column];
    unsigned size = CELL_COLUMNS - column;

    count = at_most(count, size);
    memmove(rest, rest + count, (size - count) * sizeof *rest);
    fill(rest + size - count, count, blank);
    changed(cells, row, row);
}

void cells_scroll_up(struct cells *cells, unsigned top, unsigned bottom, unsigned count, cell_t blank)
{
    unsigned size = bottom + 1 - top;

    count = at_most(count, size);
    memmove(cells->at[top], cells->at[top + count], (size - count) * sizeof cells->at[0]);
    cells_erase_rows(cells, bottom + 1 - count, bottom + 1, blank);
    changed(cells, top, bottom);
}

void cells_scroll_down(struct cells *cells, unsigned top, unsigned bottom, unsigned count, cell_t blank)
{
    unsigned size = bottom + 1 - top;

    count = at_most(count, size);
    memmove(cells->at[top + count], cells->at[top], (size - count) * sizeof cells->at[0]);
    cells_erase_rows(cells, top, top + count, blank);
    changed(cells, top, bottom);
}
