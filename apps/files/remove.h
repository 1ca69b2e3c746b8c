/* Takes files and trees away, for rm and mv. */
#pragma once

#include <stdbool.h>

struct remove_style {
    bool recursive;              /* directories with all that is in them */
    bool directories;            /* empty directories */
    bool force;                  /* what is not there is no mistake */
    bool ask;
    bool verbose;
};

/* False: something is still there. That was said; or the person who was asked said no. */
bool remove_path(const char *path, const struct remove_style *style);
