/* What a pipe is: bytes in a ring, and on each side a thread whose turn it is and others in line. For pipe.c alone. */
#pragma once

#include "list.h"
#include "shared_object.h"

struct thread;

struct pipe_side {
    struct thread *turn;         /* whose turn it is; NULL: nobody's */
    struct list line;            /* threads that wait for their turn, through queue_node */
};

struct pipe {
    struct shared_object object; /* first: member_find gives it */
    struct pipe_side readers;
    struct pipe_side writers;
    uint32_t notifications;      /* members that wait for an event */
    uint32_t begin;              /* index of the first byte */
    uint32_t used;               /* bytes in it */
    uint8_t *bytes;              /* PIPE_SIZE of them */
};

static inline struct pipe *pipe_of(const struct member *member)
{
    return LIST_ENTRY(member->object, struct pipe, object);
}

static inline uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Bytes that could move now. */
static inline uint32_t room(const struct pipe *pipe, bool writes)
{
    return writes ? PIPE_SIZE - pipe->used : pipe->used;
}
