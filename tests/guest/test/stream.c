#include "stream.h"

#include <ternion/memory.h>
#include <ternion/string.h>

#include "dice.h"
#include "test.h"

#define PERIOD 8191U
#define SEED 20U

#define TEXT_SIZE (PERIOD + STREAM_PART_MAX)

uint8_t stream_room[STREAM_PART_MAX];

static uint8_t *volatile text;

static uint8_t *text_write(void)
{
    struct dice dice = { SEED };
    uint32_t address;

    EXPECT_OK(memory_allocate(PAGES(TEXT_SIZE), 0, &address));
    uint8_t *bytes = (uint8_t *)address;
    for (uint32_t i = 0; i < PERIOD; i++) {
        bytes[i] = (uint8_t)dice_throw(&dice, 256);
    }
    for (uint32_t i = PERIOD; i < TEXT_SIZE; i++) {
        bytes[i] = bytes[i - PERIOD];
    }
    return bytes;
}

const void *stream_at(uint32_t position)
{
    if (text == NULL) {
        text = text_write();         /* two threads that come here at once write the same */
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
