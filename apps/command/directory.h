/* Directories, for the programs of a prompt. What goes wrong is said, with the path. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

struct names {
    char **name;                 /* malloc's; without . and .. */
    size_t count;
};

/* The names in a directory, sorted by their bytes. False: it cannot be read, and that is said; what was read until then is there. */
bool names_read(const char *path, struct names *names_out);
void names_free(struct names *names);

/* A path as it is met on the way through a tree. */
struct visit {
    const char *path;
    const char *name;            /* its last part */
    const struct stat *about;
    int depth;                   /* 0: where it began */
    enum { VISIT_FILE, VISIT_DIRECTORY, VISIT_AFTER } what;      /* after: all that is in the directory was visited */
};

/*
 * Goes through a path and all below it. `visit` is called for each file, and for each directory before and after what is in it; unless it
 * answers false to the first: then the directory is passed over. What cannot be looked at is said.
 */
void tree_walk(const char *path, bool (*visit)(const struct visit *visit));
