#include "stream.h"

#include <ternion/log.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

static uint32_t read_null(uint8_t *bytes, uint32_t size)
{
    (void)bytes;
    (void)size;
    return 0;
}

static uint32_t read_zero(uint8_t *bytes, uint32_t size)
{
    memset(bytes, 0, size);
    return size;
}

static uint32_t read_random(uint8_t *bytes, uint32_t size)
{
    for (uint32_t at = 0; at < size; at += RANDOM_SIZE_MAX) {
        MUST(system_random(bytes + at, size - at < RANDOM_SIZE_MAX ? size - at : RANDOM_SIZE_MAX));
    }
    return size;
}

const struct stream_kind stream_kinds[STREAM_COUNT] = {
    [STREAM_NULL] = { "streams\\null", "takes what is written, gives nothing", read_null },
    [STREAM_ZERO] = { "streams\\zero", "gives zeroes, takes what is written", read_zero },
    [STREAM_RANDOM] = { "streams\\random", "gives random bytes, takes what is written", read_random },
};
