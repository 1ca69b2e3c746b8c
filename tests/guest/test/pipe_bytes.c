/* What goes through a pipe: every byte, in order, whatever the sizes; and who waits for what meanwhile. */
#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "dice.h"
#include "files.h"
#include "puppet.h"
#include "stream.h"
#include "transfer.h"

static uint8_t *const bytes = stream_room;

/* ---- Streams ---- */

#define STREAM_SIZE (1536U * 1024)

/* Mostly small sizes, sometimes three pipes full; never more than is left. */
static uint32_t throw_size(struct dice *dice, uint32_t left)
{
    static const uint32_t most[] = { 3, 100, 1000, PIPE_SIZE + 1, STREAM_PART_MAX };
    uint32_t size = dice_between(dice, 1, most[dice_throw(dice, COUNT(most))]);

    return size < left ? size : left;
}

/* One in eight takes or gives what there is, without sleeping. */
static uint32_t throw_flags(struct dice *dice)
{
    return dice_throw(dice, 8) == 0 ? PIPE_PARTIAL : 0;
}

static void expect_end(status_t status, uint32_t flags, uint32_t size, uint32_t moved)
{
    bool partial = flags == PIPE_PARTIAL && moved < size;

    EXPECT(moved <= size);
    EXPECT_STATUS(partial && moved == 0 ? NOTHING : OK, status);
    EXPECT(partial || moved == size);
}

static void write_stream(pipe_id_t pipe, uint32_t stream_size, uint32_t seed)
{
    struct dice dice = dice_take(seed);

    for (uint32_t at = 0; at < stream_size;) {
        uint32_t size = throw_size(&dice, stream_size - at);
        uint32_t flags = throw_flags(&dice);
        uint32_t moved;

        status_t status = pipe_write(pipe, stream_at(at), size, flags, &moved);
        expect_end(status, flags, size, moved);
        at += moved;
    }
}

static void read_stream(pipe_id_t pipe, uint32_t stream_size, uint32_t seed)
{
    struct dice dice = dice_take(seed);

    for (uint32_t at = 0; at < stream_size;) {
        uint32_t size = throw_size(&dice, stream_size - at);
        uint32_t flags = throw_flags(&dice);
        uint32_t moved;

        status_t status = pipe_read(pipe, bytes, size, flags, &moved);
        expect_end(status, flags, size, moved);
        stream_expect(bytes, at, moved);
        at += moved;
    }
}

/* Joins a pipe (ID, key low, key high) and writes or reads the stream, so many bytes of it, by this seed. */
static void pipe_source(int argc, char **argv)
{
    pipe_id_t pipe = test_number(argv[1]);

    (void)argc;
    EXPECT_OK(pipe_join(pipe, (object_key_t)test_number(argv[3]) << 32 | test_number(argv[2])));
    write_stream(pipe, test_number(argv[4]), test_number(argv[5]));
}

static void pipe_sink(int argc, char **argv)
{
    pipe_id_t pipe = test_number(argv[1]);

    (void)argc;
    EXPECT_OK(pipe_join(pipe, (object_key_t)test_number(argv[3]) << 32 | test_number(argv[2])));
    read_stream(pipe, test_number(argv[4]), test_number(argv[5]));
}

static void start_at(const struct pipe_handle *handle, const char *role, uint32_t seed, process_id_t *id_out)
{
    EXPECT_OK(test_spawn(process_page()->class, role, id_out, test_digits(handle->id).text, test_digits((uint32_t)handle->key).text,
                         test_digits((uint32_t)(handle->key >> 32)).text, test_digits(STREAM_SIZE).text, test_digits(seed).text, NULL));
}

static void bytes_of_another_process_arrive_in_order_and_entire_over_any_split_of_sizes(void)
{
    struct pipe_handle handle = pipe_new();
    process_id_t source;

    start_at(&handle, "pipe_source", 11, &source);
    read_stream(handle.id, STREAM_SIZE, 13);
    event_expect(EVENT_PIPE_RELEASED, handle.id, 1);
    EXPECT_EQUAL(0, test_wait_exit(source));
    pipe_expect(handle.id, 0, 1);
}

static void bytes_reach_another_process_in_order_and_entire_over_any_split_of_sizes(void)
{
    struct pipe_handle handle = pipe_new();
    process_id_t sink;

    start_at(&handle, "pipe_sink", 12, &sink);
    write_stream(handle.id, STREAM_SIZE, 14);
    event_expect(EVENT_PIPE_RELEASED, handle.id, 1);
    EXPECT_EQUAL(0, test_wait_exit(sink));
}

/* ---- Until all is there ---- */

static void read_sleeps_until_all_it_asked_for_is_there(void)
{
    static const uint32_t sizes[] = { 2, 1000, PIPE_SIZE, PIPE_SIZE + 1, 2 * PIPE_SIZE, STREAM_PART_MAX };
    pipe_id_t pipe = pipe_new().id;
    struct transfer reader;

    for (uint32_t i = 0; i < COUNT(sizes); i++) {
        transfer_read(&reader, pipe, bytes, sizes[i]);
        transfer_expect_blocked(&reader);
        pipe_write_all(pipe, stream_at(0), sizes[i] - 1);
        transfer_expect_blocked(&reader);
        pipe_write_all(pipe, stream_at(sizes[i] - 1), 1);
        transfer_expect(&reader, OK, sizes[i]);
        stream_expect(bytes, 0, sizes[i]);
    }
    pipe_expect(pipe, 0, 1);
}

static void write_sleeps_until_all_is_written(void)
{
    static const uint32_t sizes[] = { PIPE_SIZE + 1, 2 * PIPE_SIZE, 2 * PIPE_SIZE + 1, STREAM_PART_MAX };
    pipe_id_t pipe = pipe_new().id;
    struct transfer writer;

    for (uint32_t i = 0; i < COUNT(sizes); i++) {
        uint32_t until_it_fits = sizes[i] - PIPE_SIZE;

        transfer_write(&writer, pipe, stream_at(0), sizes[i]);
        transfer_expect_blocked(&writer);
        pipe_read_all(pipe, bytes, until_it_fits - 1);
        transfer_expect_blocked(&writer);
        pipe_read_all(pipe, bytes + until_it_fits - 1, 1);
        transfer_expect(&writer, OK, sizes[i]);
        pipe_expect(pipe, PIPE_SIZE, 1);
        pipe_read_all(pipe, bytes + until_it_fits, PIPE_SIZE);
        stream_expect(bytes, 0, sizes[i]);
    }
}

/* A reader and a writer that both want more than a pipe full help each other along, wherever in the ring they begin. */
static void large_reads_and_writes_meet_at_every_place_of_the_ring(void)
{
    struct dice dice = dice_take(15);
    pipe_id_t pipe = pipe_new().id;
    struct transfer reader;

    for (uint32_t i = 0; i < 40; i++) {
        uint32_t size = dice_between(&dice, 1, STREAM_PART_MAX);
        uint32_t before = dice_throw(&dice, PIPE_SIZE);

        pipe_write_all(pipe, stream_at(0), before);
        pipe_read_all(pipe, bytes, before);
        transfer_read(&reader, pipe, bytes, size);
        pipe_write_all(pipe, stream_at(i), size);
        transfer_expect(&reader, OK, size);
        stream_expect(bytes, i, size);
    }
}

/* ---- What there is ---- */

static void partial_write_writes_what_fits_and_does_not_sleep(void)
{
    pipe_id_t pipe = pipe_new().id;
    uint32_t moved;

    EXPECT_OK(pipe_write(pipe, stream_at(0), 5000, PIPE_PARTIAL, &moved));
    EXPECT_EQUAL(PIPE_SIZE, moved);
    EXPECT_STATUS(NOTHING, pipe_write(pipe, stream_at(moved), 1, PIPE_PARTIAL, &moved));
    EXPECT_EQUAL(0, moved);
    pipe_expect(pipe, PIPE_SIZE, 1);
    pipe_read_all(pipe, bytes, 10);
    EXPECT_OK(pipe_write(pipe, stream_at(PIPE_SIZE), 8, PIPE_PARTIAL, &moved));
    EXPECT_EQUAL(8, moved);
    EXPECT_OK(pipe_write(pipe, stream_at(PIPE_SIZE + 8), 8, PIPE_PARTIAL, &moved));
    EXPECT_EQUAL(2, moved);
    pipe_read_all(pipe, bytes + 10, PIPE_SIZE);
    stream_expect(bytes, 0, PIPE_SIZE + 10);
}

static void partial_read_takes_what_is_there_and_does_not_sleep(void)
{
    pipe_id_t pipe = pipe_new().id;
    uint32_t moved = 77;

    EXPECT_STATUS(NOTHING, pipe_read(pipe, bytes, 1, PIPE_PARTIAL, &moved));
    EXPECT_EQUAL(0, moved);
    pipe_write_all(pipe, stream_at(0), 100);
    EXPECT_OK(pipe_read(pipe, bytes, 40, PIPE_PARTIAL, &moved));
    EXPECT_EQUAL(40, moved);
    EXPECT_OK(pipe_read(pipe, bytes + 40, 1000, PIPE_PARTIAL, &moved));
    EXPECT_EQUAL(60, moved);
    stream_expect(bytes, 0, 100);
    EXPECT_STATUS(NOTHING, pipe_read(pipe, bytes, 1000, PIPE_PARTIAL, &moved));
}

/* What the first in line waits for is not taken away from it. */
static void partial_transfer_does_not_jump_the_line(void)
{
    pipe_id_t pipe = pipe_new().id;
    struct transfer reader, writer;
    uint32_t moved = 77;

    transfer_read(&reader, pipe, bytes, 100);
    pipe_write_all(pipe, stream_at(0), 50);
    EXPECT_STATUS(NOTHING, pipe_read(pipe, bytes + 200, 10, PIPE_PARTIAL, &moved));
    EXPECT_EQUAL(0, moved);
    pipe_write_all(pipe, stream_at(50), 50);
    transfer_expect(&reader, OK, 100);
    stream_expect(bytes, 0, 100);

    transfer_write(&writer, pipe, stream_at(0), PIPE_SIZE + 100);
    pipe_read_all(pipe, bytes, 50);
    EXPECT_STATUS(NOTHING, pipe_write(pipe, stream_at(0), 10, PIPE_PARTIAL, &moved));
    EXPECT_EQUAL(0, moved);
    pipe_read_all(pipe, bytes + 50, PIPE_SIZE + 50);
    transfer_expect(&writer, OK, PIPE_SIZE + 100);
    stream_expect(bytes, 0, PIPE_SIZE + 100);
}

static void nothing_to_move_is_done_at_once_and_needs_no_address(void)
{
    pipe_id_t pipe = pipe_new().id;
    struct transfer reader;
    uint32_t moved = 77;

    EXPECT_OK(pipe_read(pipe, (void *)USER_END, 0, 0, &moved));
    EXPECT_EQUAL(0, moved);
    transfer_read(&reader, pipe, bytes, 1);
    EXPECT_OK(pipe_read(pipe, NULL, 0, 0, &moved));
    EXPECT_OK(pipe_write(pipe, (const void *)0xFFFFFFFF, 0, 0, &moved));
    EXPECT_OK(pipe_write(pipe, NULL, 0, PIPE_PARTIAL, &moved));
    EXPECT_EQUAL(0, moved);
    pipe_write_all(pipe, bytes, 1);
    transfer_expect(&reader, OK, 1);
}

static void unknown_flags_of_a_transfer_are_refused(void)
{
    pipe_id_t pipe = pipe_new().id;
    uint32_t moved = 77;

    for (uint32_t flag = PIPE_PARTIAL << 1; flag != 0; flag <<= 1) {
        EXPECT_STATUS(BAD_ARGUMENT, pipe_read(pipe, bytes, 1, flag, &moved));
        EXPECT_STATUS(BAD_ARGUMENT, pipe_write(pipe, bytes, 1, flag | PIPE_PARTIAL, &moved));
        EXPECT_EQUAL(0, moved);
    }
    pipe_expect(pipe, 0, 1);
}

/* ---- Much at a time ---- */

#define MUCH_PAGES 512U          /* 2 MB: to copy that takes several ticks */

/* A time, by the clock and by the time stamp counter; where there is none the latter always agrees. */
struct span {
    nanoseconds_t passed_ns;
    uint64_t counts;
};

static struct span span_begin(void)
{
    return (struct span){ clock_now(), cpu_has(CPU_TSC) ? timestamp_read() : clock_now() };
}

static void span_end(struct span *span)
{
    struct span end = span_begin();

    span->passed_ns = end.passed_ns - span->passed_ns;
    span->counts = end.counts - span->counts;
}

/* Ticks that come while interrupts are off are lost: the clock would then lag behind the time stamp counter. */
static void large_transfers_do_not_hold_the_clock_up(void)
{
    struct transfer reader;
    uint32_t from, to;

    EXPECT_OK(memory_allocate(MUCH_PAGES, 0, &from));
    EXPECT_OK(memory_allocate(MUCH_PAGES, 0, &to));
    for (uint32_t at = 0; at < MUCH_PAGES * PAGE_SIZE; at += PAGE_SIZE) {
        memcpy((void *)(from + at), stream_at(at), PAGE_SIZE);
    }
    pipe_id_t pipe = pipe_new().id;
    transfer_read(&reader, pipe, (void *)to, MUCH_PAGES * PAGE_SIZE);
    struct span known = span_begin(), unknown;
    clock_sleep(50 * MILLISECOND);
    span_end(&known);
    unknown = span_begin();
    pipe_write_all(pipe, (const void *)from, MUCH_PAGES * PAGE_SIZE);
    transfer_expect(&reader, OK, MUCH_PAGES * PAGE_SIZE);
    span_end(&unknown);
    EXPECT((unknown.passed_ns + 3 * MILLISECOND) * known.counts > unknown.counts * known.passed_ns);
    for (uint32_t at = 0; at < MUCH_PAGES * PAGE_SIZE; at += PAGE_SIZE) {
        stream_expect((const void *)(to + at), at, PAGE_SIZE);
    }
}

/* ---- Turns ---- */

#define SHARE 10000U             /* bytes of each of several: more than two pipes full */

static void writes_of_several_do_not_mix_and_go_in_the_order_of_coming(void)
{
    enum { WRITERS = 3 };
    uint8_t (*letters)[SHARE] = calloc(WRITERS, SHARE);
    pipe_id_t pipe = pipe_new().id;
    struct transfer writers[WRITERS];

    EXPECT(letters != NULL);
    for (uint32_t i = 0; i < WRITERS; i++) {
        memset(letters[i], (int)('a' + i), SHARE);
        transfer_write(&writers[i], pipe, letters[i], SHARE);
    }
    for (uint32_t i = 0; i < WRITERS; i++) {
        transfer_expect_blocked(&writers[i]);
        for (uint32_t at = 0; at < SHARE; at += 100) {
            pipe_read_all(pipe, bytes, 100);
            if (memcmp(bytes, letters[i], 100) != 0) {
                EXPECT_NOT("byte %u of writer %u is another's", at, i);
            }
        }
        transfer_expect(&writers[i], OK, SHARE);
    }
}

static void reads_of_several_do_not_mix_and_go_in_the_order_of_coming(void)
{
    enum { READERS = 3 };
    uint8_t (*shares)[SHARE] = calloc(READERS, SHARE);
    pipe_id_t pipe = pipe_new().id;
    struct transfer readers[READERS];

    EXPECT(shares != NULL);
    for (uint32_t i = 0; i < READERS; i++) {
        transfer_read(&readers[i], pipe, shares[i], SHARE);
    }
    for (uint32_t at = 0; at < READERS * SHARE; at += 100) {
        EXPECT(!readers[READERS - 1].done);
        pipe_write_all(pipe, stream_at(at), 100);
    }
    for (uint32_t i = 0; i < READERS; i++) {
        transfer_expect(&readers[i], OK, SHARE);
        stream_expect(shares[i], i * SHARE, SHARE);
    }
}

/* Two processes write large pieces of the same stream, each from its beginning, again and again. */
static void writes_of_two_processes_do_not_mix(void)
{
    struct pipe_handle handle = pipe_new();
    process_id_t writers[2];

    for (uint32_t i = 0; i < COUNT(writers); i++) {
        writers[i] = puppet_start(CLASS_APPLICATION);
        puppet_expect(writers[i], OK, (struct order){ .operation = PUPPET_PIPE_JOIN, .id = handle.id, .key = handle.key });
    }
    for (uint32_t round = 0; round < 20; round++) {
        for (uint32_t i = 0; i < COUNT(writers); i++) {
            puppet_begin(writers[i], (struct order){ .operation = PUPPET_PIPE_WRITE, .id = handle.id, .size = SHARE, .position = i * 1000 });
        }
        for (uint32_t i = 0; i < COUNT(writers); i++) {
            pipe_read_all(handle.id, bytes, SHARE);
            stream_expect(bytes, i * 1000, SHARE);
            EXPECT_OK(puppet_outcome(writers[i]).status);
        }
    }
    for (uint32_t i = 0; i < COUNT(writers); i++) {
        puppet_exit(writers[i], 0);
        event_expect(EVENT_PIPE_RELEASED, handle.id, (uint32_t)COUNT(writers) - i);
        EXPECT_EQUAL(0, test_wait_exit(writers[i]));
    }
}

const struct test pipe_bytes_tests[] = {
    TEST(CLASS_APPLICATION, bytes_of_another_process_arrive_in_order_and_entire_over_any_split_of_sizes),
    TEST(CLASS_SERVER, bytes_reach_another_process_in_order_and_entire_over_any_split_of_sizes),
    TEST(CLASS_APPLICATION, read_sleeps_until_all_it_asked_for_is_there),
    TEST(CLASS_APPLICATION, write_sleeps_until_all_is_written),
    TEST(CLASS_APPLICATION, large_reads_and_writes_meet_at_every_place_of_the_ring),
    TEST(CLASS_APPLICATION, partial_write_writes_what_fits_and_does_not_sleep),
    TEST(CLASS_APPLICATION, partial_read_takes_what_is_there_and_does_not_sleep),
    TEST(CLASS_APPLICATION, partial_transfer_does_not_jump_the_line),
    TEST(CLASS_APPLICATION, nothing_to_move_is_done_at_once_and_needs_no_address),
    TEST(CLASS_APPLICATION, unknown_flags_of_a_transfer_are_refused),
    TEST(CLASS_APPLICATION, large_transfers_do_not_hold_the_clock_up),
    TEST(CLASS_APPLICATION, writes_of_several_do_not_mix_and_go_in_the_order_of_coming),
    TEST(CLASS_APPLICATION, reads_of_several_do_not_mix_and_go_in_the_order_of_coming),
    TEST(CLASS_APPLICATION, writes_of_two_processes_do_not_mix),
};
const uint32_t pipe_bytes_test_count = COUNT(pipe_bytes_tests);
const struct role pipe_bytes_roles[] = {
    ROLE(pipe_source),
    ROLE(pipe_sink),
};
const uint32_t pipe_bytes_role_count = COUNT(pipe_bytes_roles);
