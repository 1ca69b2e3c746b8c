/*
 * What a word has become before it is split into fields and compared with the names of files: bytes, and a mark for each
 * that says where it comes from.
 */
#pragma once

#include "memory.h"
#include "pattern.h"

enum mark {
    MARK_PLAIN,     /* stood in the command: not split, but * ? [ are wildcards */
    MARK_QUOTED,    /* neither */
    MARK_SPLIT,     /* came out of an expansion: both */
    MARK_BREAK,     /* no character: a field ends here */
    MARK_NOTHING,   /* no character: there is a field here, even if it is empty */
};

struct expansion {
    struct text bytes;
    struct text marks;
};

/* Lists of strings, in an arena; NULL stands behind the last. */
struct fields {
    char **values;
    size_t count;
    size_t room;
};

void expansion_begin(struct expansion *expansion);
void expansion_add(struct expansion *expansion, char byte, enum mark mark);
void expansion_append(struct expansion *expansion, const char *bytes, size_t size, enum mark mark);

void fields_add(struct fields *fields, char *value);

/* Splits at the characters of IFS, and puts in the names of files that fit. */
void fields_split(struct fields *fields, const struct expansion *expansion);

/* The characters without their marks. */
char *expansion_string(const struct expansion *expansion);

/* The same as a pattern: quoted is what is quoted. */
struct pattern expansion_pattern(const struct expansion *expansion);

/* What IFS is: its characters, those of the usual one if it is not set. */
const char *field_separators(void);
