/* Times as they are written in arguments, UTC. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * [[CC]YY]MMDDhhmm[.SS], as POSIX has it for touch -t: YY from 69 on are of 1900, others of 2000; without YY it is this year.
 * False: there is no such time.
 */
bool stamp_read_digits(const char *text, int64_t *seconds_out);

/* 2024-02-28T23:59:58, with a blank in the place of T if wanted, and a Z behind it. */
bool stamp_read_date(const char *text, int64_t *seconds_out);
