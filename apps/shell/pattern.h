/* Patterns: * ? [a-z] [!a-z] [[:alpha:]], as POSIX 2.13 has them. A character is one of UTF-8. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct pattern {
    const char *bytes;
    const char *quoted;     /* a byte for each: not 0: it stands for itself */
    size_t size;
};

/* Is there an unquoted * or ?, or an unquoted [ with a ] behind it? */
bool pattern_has_wildcards(const struct pattern *pattern);

/* Does the whole text fit? */
bool pattern_fits(const struct pattern *pattern, const char *text, size_t size);
