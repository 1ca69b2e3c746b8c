/* The cursor of a terminal: how it moves, and what scrolls because of it. For the sources of the terminal. */
#pragma once

#include "terminal.h"

/* A blank cell, in the present background. */
cell_t terminal_blank(const struct terminal *terminal);

/* To a place, counted from 0; what lies outside the screen becomes the nearest place on it. */
void cursor_move(struct terminal *terminal, unsigned row, unsigned column);

/* The same as programs say it: in the scroll region, if that is the origin. */
void cursor_place(struct terminal *terminal, unsigned row, unsigned column);

/* By so many rows; the ends of the scroll region stop it, unless it was behind them before. */
void cursor_up(struct terminal *terminal, unsigned count);
void cursor_down(struct terminal *terminal, unsigned count);

/* By so many columns, within the row. */
void cursor_left(struct terminal *terminal, unsigned count);
void cursor_right(struct terminal *terminal, unsigned count);

void cursor_carriage_return(struct terminal *terminal);

/* A row down, and up; at the end of the scroll region that scrolls. */
void cursor_line_feed(struct terminal *terminal);
void cursor_line_feed_back(struct terminal *terminal);

/* To the next tab stop, or the last column; and back to the one before, or the first column. */
void cursor_tab(struct terminal *terminal);
void cursor_tab_back(struct terminal *terminal);

void cursor_keep(struct terminal *terminal);
void cursor_restore(struct terminal *terminal);

/* Puts a character at the cursor, and moves that. */
void cursor_put(struct terminal *terminal, uint8_t character);
