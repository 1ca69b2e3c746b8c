#include "log_ring.h"

#include "string.h"

#define RING_MAGIC 0x6C6F6731U   /* "log1" */

/* Before each record; records and headers lie at 4-byte boundaries and never wrap around. */
struct slot {
    uint32_t size;               /* of the record; 0: nothing more here, go on at offset 0 */
    uint32_t check;              /* over the record */
};

static uint32_t align(uint32_t size)
{
    return (size + 3) & ~3U;
}

/* Adler-32's two sums, cheap enough for every record (RFC 1950, section 8.2); seeded so that zeroes do not fit. */
static uint32_t check_of(const void *memory, uint32_t size)
{
    const uint8_t *bytes = memory;
    uint32_t low = 0x5A5A;
    uint32_t high = 0xA5A5;

    for (uint32_t i = 0; i < size; i++) {
        low = (low + bytes[i]) & 0xFFFF;
        high = (high + low) & 0xFFFF;
    }
    return high << 16 | low;
}

static uint32_t header_check(const struct log_ring *ring)
{
    return check_of(ring, offsetof(struct log_ring, check));
}

static struct slot *slot_at(const struct log_ring *ring, uint32_t offset)
{
    return (struct slot *)(uintptr_t)&ring->data[offset];
}

static bool is_empty(const struct log_ring *ring)
{
    return ring->first_sequence == ring->next_sequence;
}

/* Where the record after the one at `offset` begins; it may be ring->end. */
static uint32_t offset_behind(const struct log_ring *ring, uint32_t offset)
{
    uint32_t next = offset + (uint32_t)sizeof(struct slot) + align(slot_at(ring, offset)->size);

    if (next == ring->end) {
        return next;
    }
    if (ring->size - next < sizeof(struct slot) || slot_at(ring, next)->size == 0) {
        return 0;
    }
    return next;
}

void log_ring_initialise(struct log_ring *ring, uint32_t bytes, uint32_t sequence)
{
    ring->magic = RING_MAGIC;
    ring->size = (bytes - (uint32_t)sizeof *ring) & ~3U;
    ring->first = 0;
    ring->end = 0;
    ring->first_sequence = sequence;
    ring->next_sequence = sequence;
    ring->check = header_check(ring);
}

/* Does the record with this number begin there? A damaged mark could lead to an old one, or in a circle. */
static bool slot_is_intact(const struct log_ring *ring, uint32_t offset, uint32_t sequence)
{
    const struct log_record *record;

    if (offset % 4 != 0 || offset > ring->size || ring->size - offset < sizeof(struct slot) + LOG_RECORD_HEADER_SIZE) {
        return false;
    }
    const struct slot *slot = slot_at(ring, offset);
    if (slot->size < LOG_RECORD_HEADER_SIZE || slot->size > sizeof *record
        || slot->size > ring->size - offset - sizeof *slot) {
        return false;
    }
    record = (const struct log_record *)(slot + 1);
    return slot->check == check_of(record, slot->size) && log_record_size(record) == slot->size
        && record->sequence == sequence && record->source_size <= NAME_SIZE_MAX && record->text_size <= LOG_TEXT_MAX;
}

bool log_ring_is_intact(const struct log_ring *ring, uint32_t bytes)
{
    if (ring->magic != RING_MAGIC || ring->size != ((bytes - (uint32_t)sizeof *ring) & ~3U)
        || ring->check != header_check(ring) || ring->end > ring->size) {
        return false;
    }
    uint32_t offset = ring->first;
    for (uint32_t sequence = ring->first_sequence; sequence != ring->next_sequence; sequence++) {
        if (sequence - ring->first_sequence > ring->size / sizeof(struct slot) || !slot_is_intact(ring, offset, sequence)) {
            return false;
        }
        offset = offset_behind(ring, offset);
    }
    return is_empty(ring) || offset == ring->end;
}

static void drop_oldest(struct log_ring *ring)
{
    uint32_t next = offset_behind(ring, ring->first);

    ring->first_sequence++;
    ring->first = is_empty(ring) ? ring->end : next;
}

/* Is there room for `size` bytes at `end` without touching a record? */
static bool fits(const struct log_ring *ring, uint32_t size)
{
    if (is_empty(ring) || ring->first < ring->end) {
        return ring->size - ring->end >= size;
    }
    return ring->first - ring->end >= size;
}

/* The next record begins at offset 0; readers that stand at the end find the mark. */
static void go_to_beginning(struct log_ring *ring)
{
    if (ring->size - ring->end >= sizeof(struct slot)) {
        slot_at(ring, ring->end)->size = 0;
    }
    ring->end = 0;
}

/* Makes room for `size` bytes in a row at ring->end. */
static void make_room(struct log_ring *ring, uint32_t size)
{
    while (!fits(ring, size)) {
        if (is_empty(ring)) {
            go_to_beginning(ring);
            ring->first = 0;
        } else if (ring->first > 0 && ring->first < ring->end) {
            go_to_beginning(ring);
        } else {
            drop_oldest(ring);
        }
    }
}

void log_ring_add(struct log_ring *ring, struct log_record *record)
{
    uint32_t size = log_record_size(record);
    uint32_t slot_size = (uint32_t)sizeof(struct slot) + align(size);

    make_room(ring, slot_size);
    record->sequence = ring->next_sequence;
    struct slot *slot = slot_at(ring, ring->end);
    slot->size = size;
    slot->check = check_of(record, size);
    memcpy(slot + 1, record, size);
    ring->end += slot_size;
    ring->next_sequence++;
    ring->check = header_check(ring);
}

struct log_cursor log_ring_begin(const struct log_ring *ring)
{
    return (struct log_cursor){ .sequence = ring->first_sequence, .offset = ring->first };
}

bool log_ring_read(const struct log_ring *ring, struct log_cursor *cursor,
                   struct log_record *record_out, uint32_t *lost_out)
{
    *lost_out = 0;
    if (cursor->sequence - ring->first_sequence > ring->next_sequence - ring->first_sequence) {
        *lost_out = ring->first_sequence - cursor->sequence;
        *cursor = log_ring_begin(ring);
    }
    if (cursor->sequence == ring->next_sequence) {
        return false;
    }
    /*
     * The reader may have stood at the end of all records when the ring went on at the beginning. The mark
     * there holds until new records reach it; then all before this one are gone, and this is the oldest.
     */
    if (cursor->sequence == ring->first_sequence) {
        cursor->offset = ring->first;
    } else if (ring->size - cursor->offset < sizeof(struct slot) || slot_at(ring, cursor->offset)->size == 0) {
        cursor->offset = 0;
    }
    const struct slot *slot = slot_at(ring, cursor->offset);
    memcpy(record_out, slot + 1, slot->size);
    cursor->offset += (uint32_t)sizeof *slot + align(slot->size);
    cursor->sequence++;
    return true;
}
