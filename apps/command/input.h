/* Files that the programs of a prompt read: a path, or - for standard input. What goes wrong is said, with the path. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct input {
    int descriptor;
    const char *name;            /* for messages */
    char *buffer;
    size_t first, end;           /* bytes in the buffer that were not given yet */
    bool has_ended;
};

#define INPUT_BUFFER_SIZE 16384U

/* False: it cannot be opened, and that is said. */
bool input_begin(struct input *input, const char *path);
void input_end(struct input *input);

/* The next bytes, up to `most`, where they are: good until the next call. 0: the end, or a failure that was said. */
size_t input_bytes(struct input *input, char **bytes_out, size_t most);

/* The next byte, or -1. */
int input_byte(struct input *input);

/* A line, with its line end unless it is the last and has none. Of any length. */
struct line {
    char *text;                  /* with a NUL behind it; malloc's */
    size_t size;                 /* bytes, line end included */
    size_t room;
};

/* The next line in place of the one that is there. False: there is none. */
bool input_line(struct input *input, struct line *line);

/* Takes the line end away, if there is one. */
void line_strip(struct line *line);

/*
 * Does something with each file among the operands, or with standard input if there are none; - is that, too. What cannot be opened is said
 * and left out.
 */
void input_each(void (*take)(struct input *input));
