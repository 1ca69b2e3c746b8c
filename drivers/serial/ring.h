/* Bytes that have come and that nobody has read yet. */
#pragma once

#include <stdint.h>

#define RING_SIZE 16384U         /* 1.4 s at 115200 baud */

struct ring {
    uint8_t bytes[RING_SIZE];
    uint32_t first;              /* where the oldest is */
    uint32_t count;
};

static inline uint32_t ring_room(const struct ring *ring)
{
    return RING_SIZE - ring->count;
}

/* There must be room. */
static inline void ring_put(struct ring *ring, uint8_t byte)
{
    ring->bytes[(ring->first + ring->count++) % RING_SIZE] = byte;
}

/* The oldest bytes, as many as lie one behind the other, at most so many. Returns where they are. */
static inline const uint8_t *ring_oldest(const struct ring *ring, uint32_t most, uint32_t *count_out)
{
    uint32_t count = RING_SIZE - ring->first;

    count = count < ring->count ? count : ring->count;
    *count_out = count < most ? count : most;
    return &ring->bytes[ring->first];
}

/* The oldest `count` have been read. */
static inline void ring_take(struct ring *ring, uint32_t count)
{
    ring->first = (ring->first + count) % RING_SIZE;
    ring->count -= count;
}
