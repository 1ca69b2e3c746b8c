/*
 * A prompt and a line on the screen, over as many rows as they take. Only what has changed is drawn. Positions are told to the
 * terminal relative to where the prompt began, so it need not say where that is; a line with more rows than the screen is shown
 * in part.
 */
#pragma once

#include "line.h"
#include "memory.h"

#define VIEW_PROMPT_MAX 256U

/* How what is drawn gets to the terminal. */
typedef void view_write_t(const char *bytes, size_t size);

struct cell {
    unsigned row;
    unsigned column;
};

struct view {
    view_write_t *write;
    unsigned columns, rows;             /* of the screen: 2 at least */
    char prompt[VIEW_PROMPT_MAX];
    size_t prompt_size;
    char drawn[LINE_SIZE_MAX];          /* the line as it stands on the screen */
    size_t drawn_size;
    struct cell cursor;                 /* where it is, from the prompt's first cell */
    struct cell end;                    /* of what is drawn */
    bool is_partial;                    /* there are more rows than the screen has: see above */
    char output[512];                   /* gathered for one write */
    size_t output_size;
};

/* A new prompt, drawn where the cursor is: in the first column. Its escape sequences take no room. */
void view_begin(struct view *view, view_write_t *write, unsigned columns, unsigned rows, const char *prompt);

/* Another prompt in place of the present one; it is drawn with the line. */
void view_set_prompt(struct view *view, const char *prompt);

/* Draws the line as it is now, with its cursor. */
void view_draw(struct view *view, const struct line *line);

/* The cursor goes to the first column below the line. */
void view_leave(struct view *view, const struct line *line);

/* Empties the screen; the prompt is its first row. */
void view_clear(struct view *view);

/* Others have written: the prompt is drawn anew, where the cursor is. */
void view_begin_anew(struct view *view);
