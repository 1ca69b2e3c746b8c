/*
 * The arguments of s\input:
 *
 *     layout=NAME     the key map: us (if nothing is said), de
 *     numlock=on      Num Lock is on at first
 */
#pragma once

#include <ternion/keymap.h>

struct options {
    const struct keymap *layout;
    uint32_t locks;              /* MODIFIER_…_LOCK */
};

/* What is not understood is said to the log, and does not count. */
void options_read(int argc, char **argv, struct options *options_out);
