/* newlib's, and what it declares for other systems alone. */
#pragma once

#include <sys/types.h>

#include_next <sys/utime.h>

__BEGIN_DECLS

/* times: NULL: now. */
int utime(const char *path, const struct utimbuf *times);

__END_DECLS
