/* newlib's, which forgets where off_t comes from. */
#pragma once

#include <sys/types.h>

#include_next <regex.h>
