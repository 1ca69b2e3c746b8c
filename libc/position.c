#include "libc/shared_position.h"

#include <errno.h>

/* The value, which is this thread's until `end`. */
static int64_t begin(struct position *position)
{
    if (position->shared == NULL) {
        return position->here;
    }
    shared_position_hold(position->shared);
    uint64_t value = position->shared->value;
    return value <= INT64_MAX ? (int64_t)value : 0;     /* what others write there may be no position */
}

static void end(struct position *position, int64_t value)
{
    if (position->shared == NULL) {
        position->here = value;
        return;
    }
    position->shared->value = (uint64_t)value;
    shared_position_release(position->shared);
}

int64_t position_get(struct position *position)
{
    int64_t value = begin(position);

    end(position, value);
    return value;
}

void position_set(struct position *position, int64_t value)
{
    (void)begin(position);
    end(position, value);
}

bool position_move(struct position *position, int64_t from, int64_t to)
{
    int64_t value = begin(position);

    end(position, value == from ? to : value);
    return value == from;
}

int64_t position_advance(struct position *position, uint32_t bytes)
{
    int64_t before = begin(position);
    int64_t after;
    bool fits = !__builtin_add_overflow(before, bytes, &after);

    end(position, fits ? after : before);
    return fits ? before : -EFBIG;
}
