/* Sets of bytes in order, as tr has them: "a-z", "[:digit:]", "\n". */
#pragma once

#include <stddef.h>

struct byte_set {
    size_t count;
    unsigned char bytes[1024];   /* one may stand there more than once: places count */
};

/* Reads a set; what is wrong ends the program. */
void byte_set_read(const char *text, struct byte_set *set_out);

/* All bytes that are not in it, in order. */
void byte_set_complement(struct byte_set *set);
