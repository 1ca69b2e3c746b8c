/* Copies of files and trees, for cp and mv. */
#pragma once

#include <stdbool.h>

struct copy_style {
    bool with_times;             /* of the last changes */
    bool recursive;              /* directories, too */
    bool force;                  /* what cannot be written to is removed first */
    bool ask;                    /* before it takes the place of a file */
    bool keep;                   /* takes no file's place */
    bool verbose;
};

/* False: something was not copied. That was said; or the person who was asked said no. */
bool copy_path(const char *from, const char *to, const struct copy_style *style);
