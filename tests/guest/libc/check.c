#include "check.h"

#include <stdio.h>

static unsigned checked, failed;

void check(bool condition, const char *what, const char *file, int line)
{
    __atomic_add_fetch(&checked, 1, __ATOMIC_RELAXED);
    if (!condition) {
        __atomic_add_fetch(&failed, 1, __ATOMIC_RELAXED);
        printf("not true: %s (%s:%d)\n", what, file, line);
    }
}

int checks_end(void)
{
    printf("libc: %u checks, %u failed\n", checked, failed);
    return failed != 0;
}
