#include "stream.h"

#include <ternion/string.h>

#include "dice.h"
#include "test.h"

#define PERIOD 8191U
#define SEED 20U

static uint8_t text[PERIOD + STREAM_PART_MAX];
static volatile bool is_written;

const void *stream_at(uint32_t position)
{
    if (!is_written) {
        struct dice dice = { SEED };

        /* Two threads that come here at once write the same. */
        for (uint32_t i = 0; i < PERIOD; i++) {
            text[i] = (uint8_t)dice_throw(&dice, 256);
        }
        for (uint32_t i = PERIOD; i < sizeof text; i++) {
            text[i] = text[i - PERIOD];
        }
        is_written = true;
    }
    return &text[position % PERIOD];
}

void stream_expect(const void *bytes, uint32_t position, uint32_t size)
{
    EXPECT(size <= STREAM_PART_MAX);
    if (memcmp(bytes, stream_at(position), size) != 0) {
        EXPECT_NOT("%u bytes from position %u of the stream on are others", size, position);
    }
}
