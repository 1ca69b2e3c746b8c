#include "log_ring_check.h"

#include <string.h>

#include "test.h"

uint32_t log_ring_check_of(const void *memory, uint32_t size)
{
    uint16_t low = 0x5A5A;
    uint16_t high = 0xA5A5;

    for (uint32_t i = 0; i < size; i++) {
        low = (uint16_t)(low + ((const uint8_t *)memory)[i]);
        high = (uint16_t)(high + low);
    }
    return (uint32_t)high << 16 | low;
}

void log_ring_check(struct log_ring *ring, uint32_t bytes)
{
    if (!log_ring_is_intact(ring, bytes)) {
        return;
    }
    struct log_cursor cursor = log_ring_begin(ring);
    struct log_cursor again = cursor;
    struct log_record record, other;
    uint32_t count = 0;
    uint32_t lost;

    /* Each is read twice, onto different memory: what is the same in both came out of the ring. */
    memset(&record, 0x00, sizeof record);
    memset(&other, 0xFF, sizeof other);
    while (log_ring_read(ring, &cursor, &record, &lost)) {
        CHECK_EQUAL(lost, 0);
        CHECK(record.source_size <= NAME_SIZE_MAX && record.text_size <= LOG_TEXT_MAX);
        CHECK(log_ring_read(ring, &again, &other, &lost));
        CHECK(memcmp(&record, &other, log_record_size(&record)) == 0);
        memset(&record, 0x00, sizeof record);
        memset(&other, 0xFF, sizeof other);
        count++;
    }
    CHECK_EQUAL(count, ring->next_sequence - ring->first_sequence);
    CHECK(count <= bytes / 8);
}
