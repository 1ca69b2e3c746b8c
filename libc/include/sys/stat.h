/* newlib's, and what it declares for other systems alone. */
#pragma once

#include_next <sys/stat.h>

__BEGIN_DECLS

/* tv_nsec of times that are set. */
#define UTIME_NOW (-2L)
#define UTIME_OMIT (-1L)

int lstat(const char *__restrict path, struct stat *__restrict description);

__END_DECLS
