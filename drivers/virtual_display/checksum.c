#include "checksum.h"

#define POLYNOMIAL 0xEDB88320U

static uint32_t table[256];

static void table_make(void)
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t value = byte;

        for (uint32_t bit = 0; bit < 8; bit++) {
            value = (value >> 1) ^ ((value & 1) != 0 ? POLYNOMIAL : 0);
        }
        table[byte] = value;
    }
}

uint32_t checksum_go_on(uint32_t checksum, const void *bytes, uint32_t size)
{
    const uint8_t *at = bytes;

    if (table[1] == 0) {
        table_make();
    }
    checksum = ~checksum;
    for (; size != 0; size--) {
        checksum = checksum >> 8 ^ table[(checksum ^ *at++) & 0xFF];
    }
    return ~checksum;
}
