/* newlib's, and what it declares for other systems alone. */
#pragma once

#include_next <sys/stat.h>

__BEGIN_DECLS

int lstat(const char *__restrict path, struct stat *__restrict description);

__END_DECLS
