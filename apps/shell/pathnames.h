/* Names of files that fit a pattern. */
#pragma once

#include <stdbool.h>

#include "fields.h"
#include "pattern.h"

/* Adds all that fit, sorted. False: there are none. */
bool pathnames_add(const struct pattern *pattern, struct fields *fields);
