/*
 * The text screen of a VGA or an older adapter, 80 by 25 cells, with its cursor.
 *
 * Changes are made in memory and reach the adapter with screen_show. One thread only.
 */
#pragma once

#include <stdint.h>

#define SCREEN_COLUMNS 80U
#define SCREEN_ROWS 25U

#define ATTRIBUTE_NORMAL 0x07U /* light grey on black */
#define ATTRIBUTE_BRIGHT 0x08U /* of the foreground */

/* Finds the adapter and takes over what it shows. */
void screen_open(void);

/* Takes over again if somebody else has written: the kernel does, before a\log is up. */
void screen_resume(void);

/* Brings what has changed, and the cursor, to the adapter. */
void screen_show(void);

/* Puts a character at the cursor and moves that; a full row goes on in the next. */
void screen_put(uint8_t character, uint8_t attribute);

/* Cursor movements: \n, \r, \b, \t, and to a place, counted from 0. */
void screen_line_feed(void);
void screen_carriage_return(void);
void screen_backspace(void);
void screen_tabulate(void);
void screen_move(unsigned row, unsigned column);

void screen_clear(void);

/* From the cursor to the end of its row. */
void screen_clear_row_end(void);
