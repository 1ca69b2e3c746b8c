/* Pipes of few bytes, so that all that can happen in one can be tried: included in front of each file of a test, by build.mk. */
#pragma once

#include <abi/shared.h>

#undef PIPE_SIZE
#define PIPE_SIZE 3U
