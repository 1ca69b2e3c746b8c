/* The log's ring against a list of all records that were ever said, and readers that lag as much as they like. */
#include "log_ring.h"

#include <stdlib.h>
#include <string.h>

#include "log_ring_check.h"
#include "test.h"

#define RECORDS 6000U
#define READERS 5U
#define SLOT_MAX (8U + sizeof(struct log_record))

static struct log_ring *ring;
static uint32_t ring_bytes;
static uint32_t begun_at;                    /* sequence number of the first record of all */
static struct log_record said[RECORDS];
static uint32_t said_count;

struct reader {
    struct log_cursor cursor;
    uint32_t next;                           /* index into `said` of what it has to read */
};

static void begin(uint32_t bytes, uint32_t sequence)
{
    free(ring);
    ring_bytes = bytes;
    ring = malloc(bytes);
    memset(ring, (int)random_next(), bytes);
    log_ring_initialise(ring, bytes, sequence);
    begun_at = sequence;
    said_count = 0;
}

/* How large the records of a run are: mixed, all small, all large, or all alike, so that laps repeat to the byte. */
static uint32_t text_size(uint32_t kind)
{
    switch (kind) {
    case 0:
        return random_below(LOG_TEXT_MAX + 1);
    case 1:
        return random_below(9);
    case 2:
        return LOG_TEXT_MAX - random_below(9);
    case 3:
        return 40;
    default:
        return random_one_in(10) ? LOG_TEXT_MAX : random_below(20);
    }
}

static void say(uint32_t kind)
{
    struct log_record *record = &said[said_count];

    CHECK(said_count < RECORDS);
    for (uint32_t i = 0; i < sizeof *record; i++) {
        ((uint8_t *)record)[i] = (uint8_t)random_next();
    }
    record->source_size = (uint8_t)(kind == 3 ? 6 : random_below(random_one_in(5) ? NAME_SIZE_MAX + 1 : 9));
    record->text_size = (uint8_t)text_size(kind);
    log_ring_add(ring, record);
    CHECK_EQUAL(record->sequence, begun_at + said_count);
    said_count++;
    CHECK_EQUAL(ring->next_sequence, begun_at + said_count);
    CHECK(log_ring_is_intact(ring, ring_bytes));
}

static bool is_same(const struct log_record *left, const struct log_record *right)
{
    return log_record_size(left) == log_record_size(right) && memcmp(left, right, log_record_size(left)) == 0;
}

/* One record, and what is lost before it, as the list says. */
static void read_one(struct reader *reader)
{
    uint32_t oldest = ring->first_sequence - begun_at;
    uint32_t expected_loss = reader->next < oldest ? oldest - reader->next : 0;
    struct log_record record;
    uint32_t lost = 77;

    reader->next += expected_loss;
    bool found = log_ring_read(ring, &reader->cursor, &record, &lost);
    CHECK_EQUAL(lost, expected_loss);
    CHECK_EQUAL(found, reader->next < said_count);
    if (found) {
        CHECK(is_same(&record, &said[reader->next]));
        reader->next++;
    }
}

static void read_all(struct reader *reader)
{
    while (reader->next < said_count) {
        read_one(reader);
    }
    read_one(reader);
}

static struct reader reader_new(void)
{
    return (struct reader){ log_ring_begin(ring), ring->first_sequence - begun_at };
}

/* Records are pushed out one by one, and only for want of room: what is left fills the ring but for a slot at its end and one at its front. */
static void check_nothing_is_pushed_out_early(uint32_t oldest_before)
{
    uint32_t oldest = ring->first_sequence - begun_at;
    uint32_t bytes = 0;

    for (uint32_t i = oldest; i < said_count; i++) {
        bytes += 8 + ((log_record_size(&said[i]) + 3) & ~3U);
    }
    CHECK(bytes <= ring->size);
    CHECK(oldest == oldest_before || bytes + 2 * SLOT_MAX > ring->size);
}

static void random_run(uint32_t bytes, uint32_t sequence, uint32_t kind)
{
    struct reader readers[READERS];

    begin(bytes, sequence);
    for (uint32_t i = 0; i < READERS; i++) {
        readers[i] = reader_new();
    }
    while (said_count < 1500) {
        uint32_t burst = random_below(random_one_in(8) ? 2 + bytes / 40 : 4);

        for (; burst > 0; burst--) {
            uint32_t oldest = ring->first_sequence - begun_at;

            say(kind);
            check_nothing_is_pushed_out_early(oldest);
        }
        struct reader *reader = &readers[random_below(READERS)];
        if (random_one_in(3)) {
            read_all(reader);
        } else {
            read_one(reader);
        }
        struct reader fresh = reader_new();
        read_all(&fresh);
    }
    for (uint32_t i = 0; i < READERS; i++) {
        read_all(&readers[i]);
    }
}

static void readers_get_what_was_said_and_how_much_they_missed(void)
{
    for (uint32_t kind = 0; kind < 5; kind++) {
        for (uint32_t round = 0; round < 12; round++) {
            random_run(1024 + random_below(round % 2 == 0 ? 16 : 2048), 1, kind);
        }
    }
}

static void sequence_numbers_may_wrap_around(void)
{
    for (uint32_t kind = 0; kind < 5; kind++) {
        random_run(1024 + random_below(300), UINT32_MAX - random_below(1500), kind);
    }
}

/* A reader at the end of all records, then a lap that pushes out none that it has not read. */
static void reader_at_the_end_survives_a_whole_lap(void)
{
    for (uint32_t round = 0; round < 3000; round++) {
        begin(1024 + 4 * random_below(8), 1);
        for (uint32_t i = random_below(60); i > 0; i--) {
            say(4);
        }
        struct reader reader = reader_new();
        read_all(&reader);
        while (ring->first_sequence - begun_at < reader.next) {
            say(random_one_in(4) ? 2 : 1);
        }
        for (uint32_t i = random_below(4); i > 0; i--) {
            say(1);
        }
        read_all(&reader);
    }
}

static void ring_is_intact_wherever_it_was_copied_to(void)
{
    begin(1500, 1);
    for (uint32_t i = 0; i < 200; i++) {
        say(0);
        struct log_ring *copy = malloc(ring_bytes);
        memcpy(copy, ring, ring_bytes);
        CHECK(log_ring_is_intact(copy, ring_bytes));
        CHECK(!log_ring_is_intact(copy, ring_bytes - 4));
        free(copy);
    }
}

/* A byte was changed: found out, or else every record reads as before. */
static void check_damaged(const struct log_ring *damaged, uint32_t at)
{
    struct log_cursor cursor = log_ring_begin(ring);
    struct log_cursor other = log_ring_begin(damaged);
    struct log_record left, right;
    uint32_t lost;

    if (!log_ring_is_intact(damaged, ring_bytes)) {
        return;
    }
    while (log_ring_read(ring, &cursor, &left, &lost)) {
        if (!log_ring_read(damaged, &other, &right, &lost) || lost != 0 || !is_same(&left, &right)) {
            FAIL("a change of byte %u was not found and reads otherwise", at);
        }
    }
    CHECK(!log_ring_read(damaged, &other, &right, &lost));
}

static void damage_every_byte(void)
{
    struct log_ring *damaged = malloc(ring_bytes);

    memcpy(damaged, ring, ring_bytes);
    for (uint32_t at = 0; at < ring_bytes; at++) {
        uint8_t *byte = (uint8_t *)damaged + at;
        uint8_t right = *byte;

        for (uint32_t i = 0; i < 12; i++) {
            *byte = i < 8 ? (uint8_t)(right ^ 1U << i) : i == 8 ? 0 : i == 9 ? 0xFF : (uint8_t)random_next();
            check_damaged(damaged, at);
        }
        *byte = right;
    }
    free(damaged);
}

static void change_of_any_byte_is_found_or_harmless(void)
{
    for (uint32_t round = 0; round < 30; round++) {
        begin(1024 + 4 * random_below(10), random_next());
        for (uint32_t i = round == 0 ? 0 : random_below(120); i > 0; i--) {
            say(round % 5);
        }
        damage_every_byte();
    }
}

/* A full ring, in which a record's size becomes the mark of its end: what is left could be read in a circle. */
static void record_that_becomes_an_end_mark_makes_no_circle(void)
{
    for (uint32_t round = 0; round < 300; round++) {
        begin(1024 + 4 * random_below(30), 1);
        for (uint32_t i = 40 + random_below(80); i > 0; i--) {
            say(round % 2 == 0 ? 3 : 1);
        }
        struct log_ring *damaged = malloc(ring_bytes);
        for (uint32_t offset = 0; offset + 4 <= ring->size; offset += 4) {
            memcpy(damaged, ring, ring_bytes);
            memset(&damaged->data[offset], 0, 4);
            check_damaged(damaged, offset);
        }
        free(damaged);
    }
}

/* All values of the mark at the end of a lap, behind which lie records of the lap before. */
static void damaged_end_mark_does_not_bring_back_old_records(void)
{
    for (uint32_t round = 0; round < 40; round++) {
        begin(1024, 1);
        for (uint32_t i = 20 + random_below(40); i > 0; i--) {
            say(round % 2 == 0 ? 4 : 1);
        }
        for (uint32_t offset = 0; offset + 4 <= ring->size; offset += 4) {
            uint32_t *size = (uint32_t *)(uintptr_t)&ring->data[offset];
            struct log_ring *damaged;

            if (*size != 0) {
                continue;
            }
            damaged = malloc(ring_bytes);
            for (uint32_t value = 1; value < 400; value++) {
                memcpy(damaged, ring, ring_bytes);
                memcpy(&damaged->data[offset], &value, sizeof value);
                check_damaged(damaged, offset);
            }
            free(damaged);
        }
    }
}

static void memory_that_is_no_ring_is_not_intact(void)
{
    ring_bytes = 1024;
    ring = malloc(ring_bytes);
    for (uint32_t value = 0; value < 256; value++) {
        memset(ring, (int)value, ring_bytes);
        CHECK(!log_ring_is_intact(ring, ring_bytes));
    }
    for (uint32_t round = 0; round < 20000; round++) {
        for (uint32_t i = 0; i < sizeof *ring + 64; i++) {
            ((uint8_t *)ring)[i] = (uint8_t)random_next();
        }
        CHECK(!log_ring_is_intact(ring, ring_bytes));
    }
}

/* Header fields at random, with a check that fits: what passes can be read without leaving the ring. */
static void forged_ring_is_refused_or_can_be_read_to_its_end(void)
{
    for (uint32_t round = 0; round < 3000; round++) {
        begin(1024, 1);
        for (uint32_t i = random_below(60); i > 0; i--) {
            say(round % 5);
        }
        for (uint32_t i = 0; i < 10; i++) {
            uint32_t *fields[] = { &ring->first, &ring->end, &ring->first_sequence, &ring->next_sequence };
            uint32_t *field = fields[random_below(4)];

            *field = random_one_in(2) ? random_edgy() : *field + random_below(9) * 4 - 16;
            ring->check = log_ring_check_of(ring, offsetof(struct log_ring, check));
            log_ring_check(ring, ring_bytes);
        }
    }
}

/* The one record says another size than its slot. */
static void record_that_is_larger_than_its_slot_is_refused(void)
{
    for (uint32_t text_size = 0; text_size < 256; text_size++) {
        begin(1024, 1);
        say(2);
        uint32_t *slot = (uint32_t *)(uintptr_t)ring->data;
        struct log_record *record = (struct log_record *)(slot + 2);
        uint8_t right = record->text_size;

        record->text_size = (uint8_t)text_size;
        slot[1] = log_ring_check_of(record, slot[0]);
        CHECK_EQUAL(log_ring_is_intact(ring, ring_bytes), text_size == right);
        log_ring_check(ring, ring_bytes);
    }
}

static const struct test tests[] = {
    TEST(readers_get_what_was_said_and_how_much_they_missed),
    TEST(sequence_numbers_may_wrap_around),
    TEST(reader_at_the_end_survives_a_whole_lap),
    TEST(ring_is_intact_wherever_it_was_copied_to),
    TEST(change_of_any_byte_is_found_or_harmless),
    TEST(record_that_becomes_an_end_mark_makes_no_circle),
    TEST(damaged_end_mark_does_not_bring_back_old_records),
    TEST(memory_that_is_no_ring_is_not_intact),
    TEST(forged_ring_is_refused_or_can_be_read_to_its_end),
    TEST(record_that_is_larger_than_its_slot_is_refused),
};
TEST_MAIN(tests)
