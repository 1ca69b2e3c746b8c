/* What a status is called in <errno.h>: the one table. */
#pragma once

#include <stdbool.h>
#include <abi/status.h>

/* The errno of a status; 0 of OK. A number that is no status is EIO. */
int status_errno(status_t status);

/* -status_errno: how the functions of the C library that are not POSIX's own say what went wrong. */
static inline int status_error(status_t status)
{
    return -status_errno(status);
}

/* Those that mean something more exact where they come from a path, which is to be changed or not, and of a file that is open. */
int status_error_of_path(status_t status, bool changes);
int status_error_of_file(status_t status);
