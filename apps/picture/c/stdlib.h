/* What the picture decoder takes of ISO C's header of this name. */
#pragma once

#include <ternion/memory.h>

static inline int abs(int value)
{
    return value < 0 ? -value : value;
}
