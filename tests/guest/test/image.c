/* The image of this program: the runner has it from its boot module, the others from the runner. */
#include <ternion/memory.h>

#include "protocol.h"
#include "test.h"

/* Bytes asked for at a time: a machine with little memory has no room for the longest messages. */
#define IMAGE_PART 16384U

static const void *image;
static uint32_t image_size;

/* Takes the next part from the runner; the bytes of the whole. */
static uint32_t take_part(uint8_t *to, uint32_t offset, uint32_t size)
{
    struct message request = { .words = { TEST_IMAGE, offset } };
    struct reply reply = { .buffer = to, .buffer_size = size };

    status_t status = message_call(test_runner, &request, &reply);
    if (status != TRUNCATED) {
        EXPECT_OK(status);
    }
    EXPECT_OK((status_t)reply.words[0]);
    return reply.words[1];
}

static void take_image(void)
{
    uint32_t address;

    image_size = take_part(NULL, 0, 0);
    EXPECT_OK(memory_allocate(PAGES(image_size), 0, &address));
    for (uint32_t at = 0; at < image_size; at += IMAGE_PART) {
        uint32_t left = image_size - at;

        (void)take_part((uint8_t *)address + at, at, left < IMAGE_PART ? left : IMAGE_PART);
    }
    image = (const void *)address;
}

void test_image(const void **image_out, uint32_t *size_out)
{
    if (image == NULL) {
        take_image();
    }
    *image_out = image;
    *size_out = image_size;
}
