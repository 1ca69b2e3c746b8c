/*
 * Physical memory in frames of 4 KB: a buddy allocator over one table with an
 * entry per frame. A block of order N is 2^N frames, aligned to its own size.
 *
 * Called with interrupts off. Portable: knows frame numbers, not what is in them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "list.h"

#define FRAME_ORDERS 11U         /* largest block: 2^10 frames, 4 MB */
#define FRAME_NONE 0U            /* frame 0 is never given away */

enum frame_state {
    FRAME_RESERVED,              /* not RAM, or the kernel's for ever */
    FRAME_FREE,                  /* first frame of a free block */
    FRAME_INSIDE,                /* part of a block that begins before it */
    FRAME_USED,                  /* first frame of a block in use */
    FRAME_PUBLIC,                /* the kernel's for ever, of a boot module: nobody writes there, and who has it may show it to others */
};

struct frame {
    uint32_t next;               /* in the list of free blocks: frame numbers */
    uint32_t previous;
    uint16_t references;         /* of a block in use */
    uint8_t order;               /* of the block that begins here */
    uint8_t state;
};

struct frame_table {
    struct frame *frames;        /* constant after frames_initialise */
    uint32_t count;
    uint32_t usable;             /* frames ever given to the allocator */
    uint32_t free;               /* frames free now */
    uint32_t reserve;            /* frames that only the supervisor and its drivers may take */
    uint32_t first_free[FRAME_ORDERS];
};

/* The machine's. */
extern struct frame_table frame_table;

/* May who has this frame show it to others, and nobody change it? */
[[nodiscard]] static inline bool frame_is_public(const struct frame_table *table, uint32_t frame)
{
    return frame < table->count && table->frames[frame].state == FRAME_PUBLIC;
}

/* `frames`: room for `count` entries; all begin as reserved. */
void frames_initialise(struct frame_table *table, struct frame *frames, uint32_t count);

/* Gives the frames first … first+count-1 to the allocator; those that it has already stay as they are. */
void frames_add(struct frame_table *table, uint32_t first, uint32_t count);

/*
 * Takes a block of 2^order frames, with one reference. `reserve`: may the frames of
 * the reserve be used? Returns the first frame's number, or FRAME_NONE.
 */
[[nodiscard]] uint32_t frames_take(struct frame_table *table, uint32_t order, bool reserve);

/* The same, all of it in front of frame `end`. Looks at free blocks one by one: for what is asked for rarely. */
[[nodiscard]] uint32_t frames_take_below(struct frame_table *table, uint32_t order, uint32_t end, bool reserve);

/* A block in use with one reference becomes as many blocks of one frame each. */
void frames_split(struct frame_table *table, uint32_t first);

/* Gives up one reference of the block that begins at `frame`; with the last the block is free. */
void frames_release(struct frame_table *table, uint32_t frame);
