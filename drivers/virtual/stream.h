/* The three streams, by their numbers: nothing, zeroes, random bytes. Whatever is written to them is gone. */
#pragma once

#include <stdint.h>

#include <ternion/stream.h>

enum stream { STREAM_NULL, STREAM_ZERO, STREAM_RANDOM, STREAM_COUNT };

struct stream_kind {
    const char *name;                /* of the device */
    const char *description;
    uint32_t (*read)(uint8_t *bytes, uint32_t size); /* how many of `size` bytes it gives */
};

extern const struct stream_kind stream_kinds[STREAM_COUNT];
