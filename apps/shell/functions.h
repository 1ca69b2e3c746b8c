/* Functions: commands with a name. */
#pragma once

#include <stdbool.h>

#include "memory.h"
#include "tree.h"

struct function {
    struct function *next;
    char *name;
    char *text;             /* of the command, without "name() " */
    struct arena arena;     /* that the command lies in */
    const struct node *body;
    unsigned uses;          /* while it runs it stays, even if it is defined anew */
    bool is_removed;
};

/*
 * Makes a function of a copy of the command; one of that name that was there is gone. False: it could not be made, which was
 * said.
 */
bool function_define(const char *name, const struct node *body);

/* The same from the text of another shell. */
bool function_define_text(const char *name, const char *text);

/* NULL: there is none. */
struct function *function_find(const char *name);

/* All, sorted by name. */
const struct function *functions_first(void);

/* False: there is none. */
bool function_remove(const char *name);

/* Runs it with these arguments (the name is the first); its status. */
int function_call(struct function *function, int count, char **arguments);
