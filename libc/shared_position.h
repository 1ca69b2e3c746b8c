/* What processes that share a position have together. Any of them may write anything into it at any time. */
#pragma once

#include "libc/position.h"

struct shared_position {
    process_id_t holder;                /* that changes the value; 0: none */
    uint64_t value;
    char text[POSITION_TEXT_MAX + 1];
};
_Static_assert(sizeof(struct shared_position) <= PAGE_SIZE);

/* The value is the caller's alone from the one to the other, but for those who mean harm. */
void shared_position_hold(struct shared_position *shared);
void shared_position_release(struct shared_position *shared);
