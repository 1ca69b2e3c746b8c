/* Fuzzes what a warm reboot leaves of the log: memory that is taken for a ring must be one to its last record. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "log_ring_check.h"
#include "test.h"

#define INPUT_MAX 2048U
#define RING_MIN 1024U

/* Before each record: its size and its check. */
struct slot_header {
    uint32_t size;
    uint32_t check;
};

/* Makes checks and numbers fit, as a fuzzer hardly can: in the header, and in the records as far as there are any. */
static void forge(struct log_ring *ring, uint32_t bytes)
{
    uint32_t offset = ring->first & ~3U;

    ring->magic = 0x6C6F6731U;
    ring->size = (bytes - (uint32_t)sizeof *ring) & ~3U;
    ring->next_sequence = ring->first_sequence + ring->next_sequence % 64;
    ring->check = log_ring_check_of(ring, offsetof(struct log_ring, check));
    for (uint32_t i = 0; i < 64; i++) {
        uint32_t sequence = ring->first_sequence + i;
        struct slot_header slot;

        if (offset >= ring->size || ring->size - offset < sizeof slot) {
            offset = 0;
        }
        memcpy(&slot, &ring->data[offset], sizeof slot);
        if (slot.size == 0 || slot.size > ring->size - offset - sizeof slot) {
            return;
        }
        if (slot.size >= LOG_RECORD_HEADER_SIZE) {
            memcpy(&ring->data[offset + sizeof slot + offsetof(struct log_record, sequence)], &sequence, sizeof sequence);
        }
        slot.check = log_ring_check_of(&ring->data[offset + sizeof slot], slot.size);
        memcpy(&ring->data[offset], &slot, sizeof slot);
        offset += (uint32_t)sizeof slot + ((slot.size + 3) & ~3U);
    }
}

static int try(const uint8_t *bytes, size_t size)
{
    if (size < RING_MIN) {
        return 0;
    }
    struct log_ring *ring = malloc(size);        /* no more than that: the address sanitizer watches its end */
    memcpy(ring, bytes, size);
    log_ring_check(ring, (uint32_t)size);
    forge(ring, (uint32_t)size);
    log_ring_check(ring, (uint32_t)size);
    free(ring);
    return 0;
}

/* Rings with none, a few and many records, before and after they went on at their beginning. */
static size_t seed(uint32_t number, uint8_t *bytes)
{
    static const uint32_t records[] = { 0, 1, 5, 17, 18, 19, 30, 100 };
    uint32_t size = RING_MIN + number * 64;

    if (number == sizeof records / sizeof records[0]) {
        return 0;
    }
    memset(bytes, 0, size);
    log_ring_initialise((struct log_ring *)bytes, size, 1);
    for (uint32_t i = 0; i < records[number]; i++) {
        struct log_record record = { .source_size = 6, .text_size = (uint8_t)(i * 7 % 100) };

        memset(record.text, 'a' + (int)(i % 26), sizeof record.text);
        log_ring_add((struct log_ring *)bytes, &record);
    }
    return size;
}

int main(int argc, char **argv)
{
    static const struct fuzzer fuzzer = { "any_memory_is_no_ring_or_reads_to_its_last_record", 6, INPUT_MAX, try, seed };

    return fuzz(&fuzzer, argc, argv);
}
