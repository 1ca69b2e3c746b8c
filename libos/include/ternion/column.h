/*
 * In which column the cursor is after what was written: what programs that ask for a line usually write is understood, characters and
 * the movements within a row. Portable; a struct column belongs to one thread at a time.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum column_part { COLUMN_TEXT, COLUMN_ESCAPE, COLUMN_CONTROL, COLUMN_STRING };

/* All zeroes but the width: the first column. */
struct column {
    uint32_t width;              /* columns of a row; 0: not known, and rows have no end */
    uint32_t at;                 /* from 0 on; width: the row is full, the next character begins another */
    bool line_is_begun;          /* characters stand behind the last end of a line */
    /* The rest is column.c's own. */
    enum column_part part;       /* within a sequence; output of COLUMN_TEXT can be interrupted by other text */
    uint32_t number;             /* the last one of it */
};

void column_take(struct column *column, uint8_t byte);
