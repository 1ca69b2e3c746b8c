/*
 * The line discipline: what becomes of bytes that are typed. In line mode they are echoed, make a line that can be corrected, and can be
 * read when it is finished; in raw mode they can be read at once. What programs see of it stands in ternion/terminal.h. Portable.
 */
#pragma once

#include <ternion/terminal.h>

#include "output.h"
#include "typed.h"

#define TYPED_LINE_MAX 1024U           /* bytes of a line, with its end */

/* All zeroes: line mode, nothing typed. */
struct discipline {
    uint32_t mode;               /* TERMINAL_RAW… */
    struct typed typed;          /* what can be read */
    uint8_t line[TYPED_LINE_MAX];      /* that is being typed */
    uint32_t size;
    uint32_t begin;              /* column of its first character */
    bool after_return;           /* \r was typed last: a \n belongs to it */
    bool is_stopped;             /* Ctrl+S: nothing is to be written until Ctrl+Q */
    enum terminal_key key;       /* Ctrl+C or Ctrl+Z that was typed last and nobody has got; 0: none */
    uint32_t keys;               /* how many were typed */
};

/* Takes a byte that was typed. Its echo goes into the output. */
void discipline_take(struct discipline *discipline, struct output *output, uint8_t byte);

/*
 * Is there room for a byte? Without it is taken all the same, but refused: in line mode with a bell. There is always room for what takes
 * back, and for keys.
 */
bool discipline_has_room(const struct discipline *discipline, uint8_t byte);

/* Sets a mode. What was typed and not read goes over into it. */
void discipline_set_mode(struct discipline *discipline, struct output *output, uint32_t mode);

/* Drops what was typed. */
void discipline_unread(struct discipline *discipline);
