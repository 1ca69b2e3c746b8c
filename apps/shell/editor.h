/* The line editor: keys in, a line out. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "line.h"

/* A terminal in raw mode. */
struct editor_terminal {
    /* The next byte that is typed: 1; 0: the terminal is gone. Waits for it. */
    int (*read)(char *byte_out);
    /* Has more been typed already? */
    bool (*has_more)(void);
    void (*write)(const char *bytes, size_t size);
    unsigned columns, rows;
};

enum edited {
    EDITED_LINE,        /* Enter */
    EDITED_END,         /* Ctrl+D on an empty line */
    EDITED_INTERRUPTED, /* Ctrl+C */
    EDITED_GONE,        /* the terminal is */
};

/*
 * Lets a line be typed behind a prompt. The cursor is in the first column, before and after. With EDITED_LINE the line is in
 * line_out, without a newline at its end; pasted text and old lines may have newlines in the middle. What is typed behind Enter
 * stays with the terminal.
 */
enum edited editor_read(const struct editor_terminal *terminal, const char *prompt, struct line *line_out);
