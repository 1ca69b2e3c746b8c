/*
 * The list of a suite, a line each test:
 *
 *     NAME [KEY=VALUE]... -- PROGRAM ARGUMENT... [&& PROGRAM ARGUMENT...]...
 *
 * dir=PATH: the working directory; out=PATH: what the programs write must be what is in this file, whatever their exit codes are, else all
 * must end with 0; spaces=none: how words are spaced does not count at all, else only not how far; seconds=N: how long it may take. Words are what stands between spaces, without quotes; %s in a word is a space.
 * <PATH is a program's standard input, which else is empty; >PATH its output and errors, which else are those of the test.
 */
#pragma once

#include <stdbool.h>

#define WORDS_MAX 64

struct entry {
    char *name;
    char *directory;
    char *expected;              /* NULL: exit codes tell */
    unsigned seconds;
    bool is_without_spaces;
    int word_count;
    char *words[WORDS_MAX + 1];  /* programs and arguments, "&&" between them */
};

/*
 * Takes a line of the list apart. The entry's texts lie in the line. False: this is no entry; of a line that is neither empty nor a
 * comment, that is a mistake.
 */
bool entry_read(char *line, struct entry *entry);
