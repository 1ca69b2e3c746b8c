/* Lists of files, as ls shows them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

enum list_order { LIST_BY_NAME, LIST_BY_SIZE, LIST_BY_TIME };

struct list_style {
    enum list_order order;
    bool reverse;
    bool single;                 /* a name a line */
    bool is_long;
    bool human;                  /* sizes in K, M, G */
    bool slashes;                /* behind directories */
};

struct list_entry {
    char *name;                  /* malloc's */
    struct stat about;
};

struct list {
    struct list_entry **entries; /* malloc's */
    size_t count;
};

/* Adds a file of a directory (NULL: the name is a path). False: it cannot be looked at, and that is said. */
bool list_add(struct list *list, const char *directory, const char *name);
void list_sort(struct list *list, const struct list_style *style);
void list_print(const struct list *list, const struct list_style *style);
void list_free(struct list *list);
