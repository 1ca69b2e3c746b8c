/* newlib's, and what it has under other names. POSIX.1-2008, <stdio.h>. */
#pragma once

#include_next <stdio.h>

#if __POSIX_VISIBLE >= 200809

__BEGIN_DECLS

/* Reads up to and with the delimiter into a text from malloc, which is made larger as needed. -1: end, or an error. */
ssize_t getdelim(char **restrict text, size_t *restrict size, int delimiter, FILE *restrict file);
ssize_t getline(char **restrict text, size_t *restrict size, FILE *restrict file);

__END_DECLS

#endif
