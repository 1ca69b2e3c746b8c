/* What becomes of a pipe when something happens to a thread that sleeps in it, or to its memory. */
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "files.h"
#include "puppet.h"
#include "stream.h"
#include "transfer.h"

static uint8_t *const bytes = stream_room;
static uint8_t *const others = stream_room + 2 * PIPE_SIZE;

/* ---- Threads that end ---- */

static void reader_terminated_in_its_turn_hands_it_on(void)
{
    pipe_id_t pipe = pipe_new().id;
    struct transfer first, second;

    transfer_read(&first, pipe, bytes, 2 * PIPE_SIZE);
    transfer_read(&second, pipe, others, 100);
    pipe_write_all(pipe, stream_at(0), PIPE_SIZE); /* the first takes it */
    pipe_write_all(pipe, stream_at(PIPE_SIZE), 100);
    transfer_expect_blocked(&first);
    transfer_expect_blocked(&second);
    EXPECT_OK(thread_terminate(first.thread));
    transfer_expect(&second, OK, 100);
    stream_expect(others, PIPE_SIZE, 100);
    EXPECT(!first.done);
    pipe_expect(pipe, 0, 1);
}

/* What it has written stays. */
static void writer_terminated_in_its_turn_hands_it_on(void)
{
    pipe_id_t pipe = pipe_new().id;
    struct transfer first, second;

    transfer_write(&first, pipe, stream_at(0), 2 * PIPE_SIZE);
    transfer_write(&second, pipe, stream_at(PIPE_SIZE), 100);
    EXPECT_OK(thread_terminate(first.thread));
    transfer_expect_blocked(&second);
    pipe_read_all(pipe, bytes, PIPE_SIZE + 100);
    transfer_expect(&second, OK, 100);
    stream_expect(bytes, 0, PIPE_SIZE + 100);
    EXPECT(!first.done);
}

static void thread_terminated_in_line_leaves_the_line_whole(void)
{
    pipe_id_t pipe = pipe_new().id;
    struct transfer threads[4];

    for (uint32_t i = 0; i < COUNT(threads); i++) {
        transfer_read(&threads[i], pipe, &bytes[i * 100], 100);
    }
    EXPECT_OK(thread_terminate(threads[1].thread));
    EXPECT_OK(thread_terminate(threads[3].thread));
    pipe_write_all(pipe, stream_at(0), 200);
    transfer_expect(&threads[0], OK, 100);
    transfer_expect(&threads[2], OK, 100);
    stream_expect(&bytes[0], 0, 100);
    stream_expect(&bytes[200], 100, 100);
    EXPECT(!threads[1].done && !threads[3].done);
    pipe_write_all(pipe, stream_at(0), 10);
    pipe_expect(pipe, 10, 1);
}

/* ---- Threads and processes that are put to sleep ---- */

static void reader_put_to_sleep_keeps_its_turn_until_it_wakes(void)
{
    pipe_id_t pipe = pipe_new().id;
    struct transfer first, second;

    transfer_read(&first, pipe, bytes, 100);
    transfer_read(&second, pipe, others, 100);
    EXPECT_OK(thread_sleep(first.thread));
    pipe_write_all(pipe, stream_at(0), 200);
    transfer_expect_blocked(&first);
    transfer_expect_blocked(&second);
    pipe_expect(pipe, 200, 1);
    EXPECT_OK(thread_wake(first.thread));
    transfer_expect(&first, OK, 100);
    transfer_expect(&second, OK, 100);
    stream_expect(bytes, 0, 100);
    stream_expect(others, 100, 100);
}

static void writer_put_to_sleep_in_line_writes_when_it_wakes(void)
{
    pipe_id_t pipe = pipe_new().id;
    struct transfer first, second;

    transfer_write(&first, pipe, stream_at(0), PIPE_SIZE + 1);
    transfer_write(&second, pipe, stream_at(PIPE_SIZE + 1), 99);
    EXPECT_OK(thread_sleep(second.thread));
    pipe_read_all(pipe, bytes, PIPE_SIZE + 1);
    transfer_expect(&first, OK, PIPE_SIZE + 1);
    transfer_expect_blocked(&second);
    pipe_expect(pipe, 0, 1);
    EXPECT_OK(thread_wake(second.thread));
    pipe_read_all(pipe, bytes + PIPE_SIZE + 1, 99);
    transfer_expect(&second, OK, 99);
    stream_expect(bytes, 0, PIPE_SIZE + 100);
}

/* thread_wake is for thread_sleep: it does not end a transfer. */
static void waking_a_thread_does_not_end_its_transfer(void)
{
    pipe_id_t pipe = pipe_new().id;
    struct transfer reader, in_line;

    transfer_read(&reader, pipe, bytes, 1);
    transfer_read(&in_line, pipe, others, 1);
    EXPECT_OK(thread_wake(reader.thread));
    EXPECT_OK(thread_wake(in_line.thread));
    transfer_expect_blocked(&reader);
    transfer_expect_blocked(&in_line);
    pipe_write_all(pipe, stream_at(0), 2);
    transfer_expect(&reader, OK, 1);
    transfer_expect(&in_line, OK, 1);
}

static void process_put_to_sleep_in_a_pipe_goes_on_when_it_wakes(void)
{
    struct pipe_handle handle = pipe_new();
    process_id_t reader = puppet_start(CLASS_APPLICATION);

    puppet_expect(reader, OK, (struct order){ .operation = PUPPET_PIPE_JOIN, .id = handle.id, .key = handle.key });
    puppet_begin(reader, (struct order){ .operation = PUPPET_PIPE_READ, .id = handle.id, .size = 100 });
    EXPECT_OK(process_sleep(reader));
    pipe_write_all(handle.id, stream_at(0), 100);
    clock_sleep(10 * MILLISECOND);
    pipe_expect(handle.id, 100, 2);
    EXPECT_OK(process_wake(reader));
    struct outcome outcome = puppet_outcome(reader);
    EXPECT_OK(outcome.status);
    EXPECT_EQUAL(100, outcome.value);
    pipe_expect(handle.id, 0, 2);
    puppet_expect(reader, OK, (struct order){ .operation = PUPPET_PIPE_LEAVE, .id = handle.id });
    event_expect(EVENT_PIPE_RELEASED, handle.id, 1);
    puppet_end(reader);
}

/* ---- One's own process leaves ---- */

static void leaving_throws_out_all_threads_of_the_process(void)
{
    pipe_id_t pipe = pipe_new().id;
    struct transfer readers[3], writers[3];

    for (uint32_t i = 0; i < COUNT(readers); i++) {
        transfer_read(&readers[i], pipe, bytes, 100);
    }
    EXPECT_OK(pipe_leave(pipe));
    for (uint32_t i = 0; i < COUNT(readers); i++) {
        transfer_expect(&readers[i], BAD_ID, 0);
    }

    pipe = pipe_new().id;
    for (uint32_t i = 0; i < COUNT(writers); i++) {
        transfer_write(&writers[i], pipe, stream_at(0), PIPE_SIZE + 1);
    }
    EXPECT_OK(pipe_leave(pipe));
    transfer_expect(&writers[0], BAD_ID, PIPE_SIZE);
    transfer_expect(&writers[1], BAD_ID, 0);
    transfer_expect(&writers[2], BAD_ID, 0);
    EXPECT_STATUS(BAD_ID, pipe_leave(pipe));
    event_expect_none();
}

/* Turn: ours; then in line: ours, theirs, ours. */
static void next_in_line_goes_on_when_those_before_it_are_thrown_out(void)
{
    struct pipe_handle handle = pipe_new();
    process_id_t reader = puppet_start(CLASS_APPLICATION), writer = puppet_start(CLASS_APPLICATION);
    struct transfer own[3];

    puppet_expect(reader, OK, (struct order){ .operation = PUPPET_PIPE_JOIN, .id = handle.id, .key = handle.key });
    puppet_expect(writer, OK, (struct order){ .operation = PUPPET_PIPE_JOIN, .id = handle.id, .key = handle.key });
    transfer_read(&own[0], handle.id, bytes, 100);
    transfer_read(&own[1], handle.id, bytes, 100);
    puppet_begin(reader, (struct order){ .operation = PUPPET_PIPE_READ, .id = handle.id, .size = 50 });
    transfer_read(&own[2], handle.id, bytes, 100);
    puppet_expect(writer, OK, (struct order){ .operation = PUPPET_PIPE_WRITE, .id = handle.id, .size = 50 });
    EXPECT_OK(pipe_leave(handle.id));
    for (uint32_t i = 0; i < COUNT(own); i++) {
        transfer_expect(&own[i], BAD_ID, 0);
    }
    struct outcome outcome = puppet_outcome(reader);
    EXPECT_OK(outcome.status);
    EXPECT_EQUAL(50, outcome.value);
    puppet_end(reader);
    puppet_end(writer);
}

/* Thrown out while it was about to go on: it was woken, but has not run yet. */
static void thread_thrown_out_while_it_is_about_to_go_on_gets_its_status(void)
{
    pipe_id_t pipe = pipe_new().id;
    struct transfer reader, in_line;

    transfer_read(&reader, pipe, bytes, 100);
    transfer_read(&in_line, pipe, bytes, 100);
    EXPECT_OK(thread_sleep(reader.thread));
    EXPECT_OK(thread_sleep(in_line.thread));
    pipe_write_all(pipe, stream_at(0), 200);
    EXPECT_OK(pipe_leave(pipe));
    EXPECT_OK(thread_wake(in_line.thread));
    EXPECT_OK(thread_wake(reader.thread));
    transfer_expect(&reader, BAD_ID, 0);
    transfer_expect(&in_line, BAD_ID, 0);
}

/* ---- Memory ---- */

/* Two pages, and a third that is not there. */
static uint8_t *two_pages(void)
{
    uint32_t address;

    EXPECT_OK(memory_allocate(3, 0, &address));
    EXPECT_OK(memory_free(address + 2 * PAGE_SIZE, 1));
    return (uint8_t *)address;
}

static void write_that_runs_out_of_memory_counts_what_was_written(void)
{
    uint8_t *memory = two_pages();
    pipe_id_t pipe = pipe_new().id;
    struct transfer writer;
    uint32_t moved = 77;

    memcpy(memory, stream_at(0), 2 * PAGE_SIZE);
    EXPECT_STATUS(BAD_ADDRESS, pipe_write(pipe, (const void *)USER_END, 1, 0, &moved));
    EXPECT_EQUAL(0, moved);
    transfer_write(&writer, pipe, memory, 3 * PAGE_SIZE);
    transfer_expect_blocked(&writer);
    pipe_read_all(pipe, bytes, PAGE_SIZE);
    for (uint32_t at = PAGE_SIZE; at < 2 * PAGE_SIZE; at += 64) {
        pipe_read_all(pipe, bytes + at, 64);
    }
    transfer_expect(&writer, BAD_ADDRESS, 2 * PAGE_SIZE);
    stream_expect(bytes, 0, 2 * PAGE_SIZE);
    pipe_expect(pipe, 0, 1);
}

/* However the bad page lies in it: what is counted was taken from the pipe, and nothing else. */
static void read_that_runs_out_of_memory_leaves_the_rest_in_the_pipe(void)
{
    uint8_t *memory = two_pages();
    uint32_t moved;

    for (uint32_t room = 1; room < PAGE_SIZE; room += 1360) {
        for (uint32_t begin = 0; begin < PIPE_SIZE; begin += 1023) {
            pipe_id_t pipe = pipe_new().id;

            pipe_write_all(pipe, stream_at(0), begin);
            pipe_read_all(pipe, bytes, begin);
            pipe_write_all(pipe, stream_at(0), PIPE_SIZE);
            EXPECT_STATUS(BAD_ADDRESS, pipe_read(pipe, memory + 2 * PAGE_SIZE - room, room + 1, 0, &moved));
            EXPECT(moved <= room);
            pipe_expect(pipe, PIPE_SIZE - moved, 1);
            stream_expect(memory + 2 * PAGE_SIZE - room, 0, moved);
            pipe_read_all(pipe, bytes, PIPE_SIZE - moved);
            stream_expect(bytes, moved, PIPE_SIZE - moved);
            EXPECT_OK(pipe_leave(pipe));
        }
    }
}

/* Up to the end of the address space, and around it. */
static void huge_transfers_end_where_the_memory_does(void)
{
    static const uint32_t sizes[] = { 0x7FFFFFFF, 0x80000000, 0xFFFFF000, 0xFFFFFFFF };
    uint8_t *memory = two_pages();
    pipe_id_t pipe = pipe_new().id;
    uint32_t moved;

    for (uint32_t i = 0; i < COUNT(sizes); i++) {
        struct transfer reader;

        transfer_read(&reader, pipe, memory, sizes[i]);
        pipe_write_all(pipe, stream_at(0), PIPE_SIZE);
        pipe_write_all(pipe, stream_at(PIPE_SIZE), PIPE_SIZE);
        transfer_expect_blocked(&reader);
        pipe_write_all(pipe, stream_at(0), PIPE_SIZE);
        transfer_expect(&reader, BAD_ADDRESS, 2 * PAGE_SIZE);
        stream_expect(memory, 0, 2 * PAGE_SIZE);
        pipe_read_all(pipe, bytes, PIPE_SIZE);

        memcpy(memory, stream_at(0), 2 * PAGE_SIZE);
        EXPECT_OK(pipe_write(pipe, memory + 2 * PAGE_SIZE - PIPE_SIZE, sizes[i], PIPE_PARTIAL, &moved));
        EXPECT_EQUAL(PIPE_SIZE, moved);
        pipe_read_all(pipe, bytes, PIPE_SIZE);
        stream_expect(bytes, PAGE_SIZE, PIPE_SIZE);
        EXPECT_STATUS(BAD_ADDRESS, pipe_write(pipe, memory + 2 * PAGE_SIZE - 100, sizes[i], PIPE_PARTIAL, &moved));
        pipe_expect(pipe, moved, 1);
        pipe_read_all(pipe, bytes, moved);
    }
}

static void read_whose_memory_is_freed_meanwhile_is_a_bad_address(void)
{
    pipe_id_t pipe = pipe_new().id;
    struct transfer reader, next;
    uint32_t address;

    EXPECT_OK(memory_allocate(2, 0, &address));
    transfer_read(&reader, pipe, (void *)address, 2 * PIPE_SIZE);
    transfer_read(&next, pipe, others, 50);
    pipe_write_all(pipe, stream_at(0), PIPE_SIZE);
    EXPECT_OK(memory_free(address + PAGE_SIZE, 1));
    pipe_write_all(pipe, stream_at(PIPE_SIZE), PIPE_SIZE);
    transfer_expect(&reader, BAD_ADDRESS, PIPE_SIZE);
    transfer_expect(&next, OK, 50);
    stream_expect((const void *)address, 0, PIPE_SIZE);
    stream_expect(others, PIPE_SIZE, 50);
    pipe_expect(pipe, PIPE_SIZE - 50, 1);
}

static void write_whose_memory_is_freed_meanwhile_is_a_bad_address(void)
{
    pipe_id_t pipe = pipe_new().id;
    struct transfer writer, next;
    uint32_t address;

    EXPECT_OK(memory_allocate(2, 0, &address));
    memcpy((void *)address, stream_at(0), 2 * PIPE_SIZE);
    transfer_write(&writer, pipe, (const void *)address, 2 * PIPE_SIZE);
    transfer_write(&next, pipe, stream_at(PIPE_SIZE), 50);
    EXPECT_OK(memory_free(address, 2));
    pipe_read_all(pipe, bytes, PIPE_SIZE);
    transfer_expect(&writer, BAD_ADDRESS, PIPE_SIZE);
    transfer_expect(&next, OK, 50);
    pipe_read_all(pipe, bytes + PIPE_SIZE, 50);
    stream_expect(bytes, 0, PIPE_SIZE + 50);
}

static void read_into_memory_made_read_only_meanwhile_is_a_bad_address(void)
{
    pipe_id_t pipe = pipe_new().id;
    struct transfer reader;
    uint32_t address;

    EXPECT_OK(memory_allocate(1, 0, &address));
    transfer_read(&reader, pipe, (void *)address, 8);
    EXPECT_OK(memory_protect(address, 1, MEMORY_READ_ONLY));
    pipe_write_all(pipe, stream_at(0), 8);
    transfer_expect(&reader, BAD_ADDRESS, 0);
    EXPECT_EQUAL(0, *(const uint32_t *)address);
    pipe_expect(pipe, 8, 1);
}

const struct test pipe_threads_tests[] = {
    TEST(CLASS_APPLICATION, reader_terminated_in_its_turn_hands_it_on),
    TEST(CLASS_APPLICATION, writer_terminated_in_its_turn_hands_it_on),
    TEST(CLASS_APPLICATION, thread_terminated_in_line_leaves_the_line_whole),
    TEST(CLASS_APPLICATION, reader_put_to_sleep_keeps_its_turn_until_it_wakes),
    TEST(CLASS_APPLICATION, writer_put_to_sleep_in_line_writes_when_it_wakes),
    TEST(CLASS_APPLICATION, waking_a_thread_does_not_end_its_transfer),
    TEST(CLASS_SERVER, process_put_to_sleep_in_a_pipe_goes_on_when_it_wakes),
    TEST(CLASS_APPLICATION, leaving_throws_out_all_threads_of_the_process),
    TEST(CLASS_APPLICATION, next_in_line_goes_on_when_those_before_it_are_thrown_out),
    TEST(CLASS_APPLICATION, thread_thrown_out_while_it_is_about_to_go_on_gets_its_status),
    TEST(CLASS_APPLICATION, write_that_runs_out_of_memory_counts_what_was_written),
    TEST(CLASS_APPLICATION, read_that_runs_out_of_memory_leaves_the_rest_in_the_pipe),
    TEST(CLASS_APPLICATION, huge_transfers_end_where_the_memory_does),
    TEST(CLASS_APPLICATION, read_whose_memory_is_freed_meanwhile_is_a_bad_address),
    TEST(CLASS_APPLICATION, write_whose_memory_is_freed_meanwhile_is_a_bad_address),
    TEST(CLASS_APPLICATION, read_into_memory_made_read_only_meanwhile_is_a_bad_address),
};
const uint32_t pipe_threads_test_count = COUNT(pipe_threads_tests);
const struct role pipe_threads_roles[] = {};
const uint32_t pipe_threads_role_count = COUNT(pipe_threads_roles);
