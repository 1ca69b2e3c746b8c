/* newlib's, and what it has under other names. POSIX.1-2008, <stdio.h>. */
#pragma once

#include_next <stdio.h>

#if __POSIX_VISIBLE >= 200809

__BEGIN_DECLS

/* Reads up to and with the delimiter into a text from malloc, which is made larger as needed. -1: end, or an error. */
ssize_t getdelim(char **__restrict text, size_t *__restrict size, int delimiter, FILE *__restrict file);
ssize_t getline(char **__restrict text, size_t *__restrict size, FILE *__restrict file);

__END_DECLS

#endif
