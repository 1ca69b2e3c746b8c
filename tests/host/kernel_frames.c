/* Frames for the windows of the arenas: numbers, no memory. */
#include "frame.h"
#include "kernel_heap.h"
#include "kernel_window.h"
#include "test.h"

struct frame_table frame_table;

static uint32_t frames_used;
static uint32_t next_frame = 1;

uint32_t window_frames(void)
{
    return frames_used;
}

uint32_t frames_take(struct frame_table *table, uint32_t order, bool reserve)
{
    (void)reserve;
    CHECK(table == &frame_table && order == 0);
    if (heap_fails_now()) {
        return FRAME_NONE;
    }
    frames_used++;
    return next_frame++;
}

void frames_release(struct frame_table *table, uint32_t frame)
{
    CHECK(table == &frame_table && frame != FRAME_NONE && frame < next_frame && frames_used > 0);
    frames_used--;
}

/* DMA memory is tested with the true frames: see dma.c. */
uint32_t frames_take_below(struct frame_table *table, uint32_t order, uint32_t end, bool reserve)
{
    (void)table, (void)order, (void)end, (void)reserve;
    return FRAME_NONE;
}

void frames_split(struct frame_table *table, uint32_t first)
{
    (void)table;
    FAIL("block %u has nothing to be split", first);
}
