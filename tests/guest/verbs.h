/* Programs that do what their arguments say, one after the other: VERB or VERB=VALUE. */
#pragma once

#include <stddef.h>

struct verb {
    const char *name;
    void (*run)(const char *value);  /* behind the =, or "" */
};

/* One that is not known is told in the log, and the next is done. argv[0] is none. */
void verbs_obey(const struct verb *verbs, size_t count, int argc, char **argv);
