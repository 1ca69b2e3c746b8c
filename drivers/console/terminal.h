/*
 * The terminal: what the bytes of a text do to the cells of the screen. docs/terminal.md lists what it obeys.
 *
 * It touches no hardware and keeps no memory but its own: whoever has a struct terminal gives it text and looks at the cells.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cells.h"
#include "style.h"

#define PARAMETERS_MAX 16U

/* What ESC 7 keeps for ESC 8. */
struct terminal_state {
    unsigned row, column;
    bool row_is_full;            /* the cursor stands on the last column, and the next character begins a row */
    bool origin_is_region;       /* rows are counted from the first of the region, and the cursor stays in it: ESC [ ? 6 h */
    bool graphics[2];            /* of the sets G0 and G1: it has the DEC graphics in place of small letters */
    unsigned set;                /* which of them is in use */
    struct style style;
};

/* Where in a sequence the text is. */
enum terminal_parse {
    PARSE_TEXT,
    PARSE_ESCAPE,                /* behind ESC */
    PARSE_INTERMEDIATE,          /* behind ESC and bytes of 20h to 2Fh */
    PARSE_CONTROL,               /* behind ESC [ */
    PARSE_CONTROL_UNKNOWN,       /* the same, but no such sequence is known */
    PARSE_COMMAND,               /* behind ESC ] */
    PARSE_COUNTED,               /* behind ESC ] P or ESC [ [: a known number of bytes belongs to it */
    PARSE_STRING,                /* in a string whose end is awaited */
};

struct terminal {
    struct cells cells;
    enum palette palette;
    struct terminal_state now, kept;
    unsigned top, bottom;        /* rows of the scroll region */
    bool tabs[CELL_COLUMNS];     /* there is a tab stop */
    bool cursor_is_hidden;
    bool keeps_row;              /* a full row does not go on in the next one: ESC [ ? 7 l */
    bool inserts;                /* characters move the rest of the row: ESC [ 4 h */
    uint8_t repeatable;          /* the last character, for ESC [ … b; 0: there is none */

    enum terminal_parse parse;
    uint8_t private;             /* what stands in front of the parameters: '?', or 0 */
    uint8_t intermediate;
    unsigned parameters[PARAMETERS_MAX];
    unsigned parameter_count;
    unsigned counted;            /* bytes that are still to come */
};

/* An empty screen, all modes as at power-on. */
void terminal_reset(struct terminal *terminal, enum palette palette);

/*
 * Somebody else has written to the screen: takes over his cells, and goes on below what he wrote.
 *   cells         as they stand there
 *   row, column   of the cursor, anything
 */
void terminal_take_over(struct terminal *terminal, const cell_t cells[CELL_ROWS][CELL_COLUMNS], unsigned row, unsigned column);

/* Takes text; a sequence may begin in one piece and end in the next. */
void terminal_write(struct terminal *terminal, const char *text, size_t size);

/* The same in rows of its own, in the style of the start; what was written before goes on behind it in its own style. */
void terminal_write_line(struct terminal *terminal, const char *text, size_t size);
