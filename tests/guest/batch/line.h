/* A line of a script: the words of a program and its arguments, and where its input and output lead to. */
#pragma once

#include <stdbool.h>

#define LINE_WORDS_MAX 64

struct command_line {
    char *words[LINE_WORDS_MAX + 1];     /* ended by NULL */
    int count;
    char *input;                         /* < FILE, or NULL */
    char *output;                        /* > FILE, or NULL */
};

/* Takes a line apart, in its place. 'quotes' keep blanks, < and > in a word. False: it is no such line. */
bool line_read(char *text, struct command_line *line_out);
