/* Aliases: words that stand for a text, where a command's name is read. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct alias {
    struct alias *next;
    char *name;
    char *text;
    uint32_t uses;      /* being read: it is not replaced inside itself, and stays as it is */
    bool is_removed;    /* and goes when it is not being read any more */
};

/* All of them, by name. */
const struct alias *aliases_first(void);

/* NULL: there is none, or it is just being read. */
struct alias *alias_find_usable(const char *name);
const struct alias *alias_find(const char *name);

void alias_set(const char *name, const char *text);

/* False: there is none. */
bool alias_remove(const char *name);
void aliases_remove_all(void);

/* While its text is being read. */
void alias_use(struct alias *alias);
void alias_let_go(struct alias *alias);
