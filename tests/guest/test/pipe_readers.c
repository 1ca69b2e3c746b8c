/* Readers that sleep before an empty pipe: what they get, and what is left for others, when a write comes. */
#include <ternion/string.h>
#include <ternion/system.h>

#include "files.h"
#include "puppet.h"
#include "stream.h"
#include "transfer.h"

static uint8_t *const bytes = stream_room;

/* Pages of which the last one is not there; where that begins. */
static uint8_t *end_of_memory(void)
{
    uint32_t address;

    EXPECT_OK(memory_allocate(3, 0, &address));
    EXPECT_OK(memory_free(address + 2 * PAGE_SIZE, 1));
    return (uint8_t *)(address + 2 * PAGE_SIZE);
}

static void what_a_sleeping_reader_does_not_want_goes_into_the_pipe(void)
{
    static const uint32_t sizes[] = { 101, 1000, PIPE_SIZE, PIPE_SIZE + 100 };
    pipe_id_t pipe = pipe_new().id;
    struct transfer reader;
    uint32_t moved;

    for (uint32_t i = 0; i < 2 * COUNT(sizes); i++) {
        uint32_t size = sizes[i / 2];

        transfer_read(&reader, pipe, bytes, 100);
        EXPECT_OK(pipe_write(pipe, stream_at(i), size, i % 2 == 0 ? 0 : PIPE_PARTIAL, &moved)); /* does not sleep */
        EXPECT_EQUAL(size, moved);
        transfer_expect(&reader, OK, 100);
        stream_expect(bytes, i, 100);
        pipe_expect(pipe, size - 100, 1);
        pipe_read_all(pipe, bytes, size - 100);
        stream_expect(bytes, i + 100, size - 100);
    }
    transfer_read(&reader, pipe, bytes, 100);
    EXPECT_OK(pipe_write(pipe, stream_at(0), PIPE_SIZE + 150, PIPE_PARTIAL, &moved));
    EXPECT(moved == PIPE_SIZE || moved == PIPE_SIZE + 100); /* the reader has its part by now, or will have */
    transfer_expect(&reader, OK, 100);
}

/* Three readers sleep, and all that they want comes with one write. */
static void one_write_serves_all_sleeping_readers_in_their_order(void)
{
    pipe_id_t pipe = pipe_new().id;
    struct transfer readers[3];

    for (uint32_t i = 0; i < COUNT(readers); i++) {
        transfer_read(&readers[i], pipe, bytes + i * 1000, 1000);
    }
    pipe_write_all(pipe, stream_at(0), 3 * 1000 + 5);
    for (uint32_t i = 0; i < COUNT(readers); i++) {
        transfer_expect(&readers[i], OK, 1000);
    }
    stream_expect(bytes, 0, 3 * 1000);
    pipe_expect(pipe, 5, 1);
}

/* A writer who has no more than it says loses nothing of what it had, and gives the reader nothing it had not. */
static void bad_memory_of_a_writer_does_not_reach_a_sleeping_reader(void)
{
    uint8_t *end = end_of_memory();
    pipe_id_t pipe = pipe_new().id;
    struct transfer reader;
    uint32_t moved;

    memcpy(end - 150, stream_at(0), 150);
    transfer_read(&reader, pipe, bytes, 100);
    EXPECT_STATUS(BAD_ADDRESS, pipe_write(pipe, end, 100, 0, &moved));
    EXPECT_EQUAL(0, moved);
    EXPECT_STATUS(BAD_ADDRESS, pipe_write(pipe, end - 99, 100, 0, &moved));
    EXPECT_EQUAL(0, moved);
    EXPECT_STATUS(BAD_ADDRESS, pipe_write(pipe, (const void *)(USER_END - 50), 100, 0, &moved));
    EXPECT_STATUS(BAD_ADDRESS, pipe_write(pipe, (const void *)0xFFFFFFD0, 100, 0, &moved));
    transfer_expect_blocked(&reader);
    pipe_expect(pipe, 0, 1);
    EXPECT_STATUS(BAD_ADDRESS, pipe_write(pipe, end - 150, 200, 0, &moved)); /* the first hundred are fine */
    EXPECT(moved == 100 || moved == 0);
    if (moved == 0) {
        pipe_write_all(pipe, stream_at(0), 100);
    }
    transfer_expect(&reader, OK, 100);
    stream_expect(bytes, 0, 100);
    pipe_expect(pipe, 0, 1);
}

/* The writer, in another process, does not pay for the reader's mistake. */
static void bad_memory_of_a_sleeping_reader_is_its_own_trouble(void)
{
    uint8_t *end = end_of_memory();
    process_id_t writer = puppet_start(CLASS_APPLICATION);
    struct pipe_handle handle = pipe_new();
    uint32_t read_only;
    struct transfer reader;

    EXPECT_OK(memory_allocate(1, MEMORY_READ_ONLY, &read_only));
    void *const places[] = {
        end - 50, end, (void *)read_only, (void *)SYSTEM_PAGE, (void *)PROCESS_PAGE, (void *)(USER_END - 50), (void *)0xFFFFFFD0, NULL,
    };
    puppet_expect(writer, OK, (struct order){ .operation = PUPPET_PIPE_JOIN, .id = handle.id, .key = handle.key });
    for (uint32_t i = 0; i < COUNT(places); i++) {
        transfer_read(&reader, handle.id, places[i], 100);
        EXPECT_EQUAL(100, puppet_expect(writer, OK, (struct order){ .operation = PUPPET_PIPE_WRITE, .id = handle.id, .size = 100 }));
        transfer_expect(&reader, BAD_ADDRESS, 0);
        pipe_expect(handle.id, 100, 2);
        pipe_read_all(handle.id, bytes, 100);
        stream_expect(bytes, 0, 100);
    }
    EXPECT_EQUAL(0, *(const uint32_t *)read_only);
    EXPECT_OK(pipe_leave(handle.id));
    puppet_end(writer);
}

static void sleeping_reader_can_read_into_memory_that_is_only_promised(void)
{
    process_id_t writer = puppet_start(CLASS_APPLICATION);
    struct pipe_handle handle = pipe_new();
    struct transfer reader;
    uint32_t promised;

    puppet_expect(writer, OK, (struct order){ .operation = PUPPET_PIPE_JOIN, .id = handle.id, .key = handle.key });
    EXPECT_OK(memory_allocate(3, MEMORY_ON_DEMAND, &promised));
    transfer_read(&reader, handle.id, (void *)(promised + 100), 2 * PAGE_SIZE);
    puppet_expect(writer, OK, (struct order){ .operation = PUPPET_PIPE_WRITE, .id = handle.id, .size = 2 * PAGE_SIZE });
    transfer_expect(&reader, OK, 2 * PAGE_SIZE);
    stream_expect((const void *)(promised + 100), 0, 2 * PAGE_SIZE);
    EXPECT_EQUAL(0, *(const uint32_t *)promised);
    EXPECT_OK(pipe_leave(handle.id));
    puppet_end(writer);
}

/* In shared memory, and in memory shared for reading alone. */
static void sleeping_reader_reads_into_shared_memory_as_its_key_allows(void)
{
    process_id_t writer = puppet_start(CLASS_APPLICATION);
    struct pipe_handle handle = pipe_new();
    struct shared_handle shared;
    struct transfer reader;
    uint32_t address, pages;

    puppet_expect(writer, OK, (struct order){ .operation = PUPPET_PIPE_JOIN, .id = handle.id, .key = handle.key });
    EXPECT_OK(shared_create(1, &shared));
    puppet_expect(writer, OK, (struct order){ .operation = PUPPET_SHARED_JOIN, .id = shared.id, .key = shared.key });
    transfer_read(&reader, handle.id, (void *)shared.address, 100);
    puppet_expect(writer, OK, (struct order){ .operation = PUPPET_PIPE_WRITE, .id = handle.id, .size = 100 });
    transfer_expect(&reader, OK, 100);
    stream_expect((const void *)shared.address, 0, 100);
    EXPECT_OK(shared_leave(shared.id));
    EXPECT_OK(shared_join(shared.id, shared.read_only_key, 0, &address, &pages));
    transfer_read(&reader, handle.id, (void *)address, 100);
    puppet_expect(writer, OK, (struct order){ .operation = PUPPET_PIPE_WRITE, .id = handle.id, .size = 100, .position = 7 });
    transfer_expect(&reader, BAD_ADDRESS, 0);
    stream_expect((const void *)address, 0, 100);
    EXPECT_OK(pipe_leave(handle.id));
    EXPECT_OK(shared_leave(shared.id));
    puppet_end(writer);
}

const struct test pipe_readers_tests[] = {
    TEST(CLASS_APPLICATION, what_a_sleeping_reader_does_not_want_goes_into_the_pipe),
    TEST(CLASS_APPLICATION, one_write_serves_all_sleeping_readers_in_their_order),
    TEST(CLASS_APPLICATION, bad_memory_of_a_writer_does_not_reach_a_sleeping_reader),
    TEST(CLASS_APPLICATION, bad_memory_of_a_sleeping_reader_is_its_own_trouble),
    TEST(CLASS_APPLICATION, sleeping_reader_can_read_into_memory_that_is_only_promised),
    TEST(CLASS_APPLICATION, sleeping_reader_reads_into_shared_memory_as_its_key_allows),
};
const uint32_t pipe_readers_test_count = COUNT(pipe_readers_tests);
const struct role pipe_readers_roles[] = {};
const uint32_t pipe_readers_role_count = COUNT(pipe_readers_roles);
