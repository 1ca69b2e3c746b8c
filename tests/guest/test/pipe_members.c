/* Who may use a pipe, and what those hear that others leave alone in it. */
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "files.h"
#include "puppet.h"
#include "stream.h"
#include "transfer.h"

static uint8_t *const bytes = stream_room;

static void join(process_id_t puppet, const struct pipe_handle *handle)
{
    puppet_expect(puppet, OK, (struct order){ .operation = PUPPET_PIPE_JOIN, .id = handle->id, .key = handle->key });
}

/* A pipe with a puppet in it. */
static struct pipe_handle pipe_with(process_id_t *puppet_out)
{
    struct pipe_handle handle = pipe_new();

    *puppet_out = puppet_start(CLASS_APPLICATION);
    join(*puppet_out, &handle);
    return handle;
}

/* ---- IDs ---- */

static void expect_bad_id(pipe_id_t id, object_key_t key)
{
    uint32_t moved, members;

    EXPECT_STATUS(BAD_ID, pipe_join(id, key));
    EXPECT_STATUS(BAD_ID, pipe_leave(id));
    EXPECT_STATUS(BAD_ID, pipe_read(id, bytes, 1, PIPE_PARTIAL, &moved));
    EXPECT_STATUS(BAD_ID, pipe_write(id, bytes, 1, PIPE_PARTIAL, &moved));
    EXPECT_STATUS(BAD_ID, pipe_notify(id, PIPE_WRITABLE));
    EXPECT_STATUS(BAD_ID, pipe_state(id, &moved, &members));
}

static void ids_that_are_no_pipes_are_refused(void)
{
    static const uint32_t ids[] = { 0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF };
    struct pipe_handle handle = pipe_new();
    struct shared_handle shared;
    timer_id_t timer;

    for (uint32_t i = 0; i < COUNT(ids); i++) {
        expect_bad_id(ids[i], 0);
    }
    for (uint32_t bit = 1; bit != 0; bit <<= 1) {
        expect_bad_id(handle.id ^ bit, handle.key);
    }
    EXPECT_OK(shared_create(1, &shared));
    expect_bad_id(shared.id, shared.key);
    EXPECT_OK(shared_leave(shared.id));
    EXPECT_OK(timer_create(FOREVER, 0, &timer));
    EXPECT(timer == handle.id || pipe_leave(timer) == BAD_ID);
    pipe_expect(handle.id, 0, 1);
}

static void id_leads_nowhere_once_the_last_member_has_left(void)
{
    struct pipe_handle first = pipe_new();

    EXPECT_OK(pipe_leave(first.id));
    expect_bad_id(first.id, first.key);
    for (uint32_t i = 0; i < 300; i++) {
        struct pipe_handle next = pipe_new();

        EXPECT(next.id != first.id && next.key != first.key);
        expect_bad_id(first.id, first.key);
        EXPECT_OK(pipe_leave(next.id));
    }
}

static void only_members_use_a_pipe(void)
{
    process_id_t other = puppet_start(CLASS_APPLICATION);
    struct pipe_handle handle = pipe_new();

    puppet_expect(other, BAD_ID, (struct order){ .operation = PUPPET_PIPE_READ, .id = handle.id, .size = 1 });
    puppet_expect(other, BAD_ID, (struct order){ .operation = PUPPET_PIPE_WRITE, .id = handle.id, .size = 1 });
    puppet_expect(other, BAD_ID, (struct order){ .operation = PUPPET_PIPE_STATE, .id = handle.id });
    puppet_expect(other, BAD_ID, (struct order){ .operation = PUPPET_PIPE_NOTIFY, .id = handle.id, .flags = PIPE_WRITABLE });
    puppet_expect(other, BAD_ID, (struct order){ .operation = PUPPET_PIPE_LEAVE, .id = handle.id });
    join(other, &handle);
    puppet_expect(other, OK, (struct order){ .operation = PUPPET_PIPE_WRITE, .id = handle.id, .size = 1 });
    puppet_expect(other, OK, (struct order){ .operation = PUPPET_PIPE_LEAVE, .id = handle.id });
    event_expect(EVENT_PIPE_RELEASED, handle.id, 1);
    puppet_expect(other, BAD_ID, (struct order){ .operation = PUPPET_PIPE_READ, .id = handle.id, .size = 1 });
    pipe_expect(handle.id, 1, 1);
    puppet_end(other);
}

static void process_joins_a_pipe_once(void)
{
    process_id_t other;
    struct pipe_handle handle = pipe_with(&other);

    EXPECT_STATUS(EXISTS, pipe_join(handle.id, handle.key));
    puppet_expect(other, EXISTS, (struct order){ .operation = PUPPET_PIPE_JOIN, .id = handle.id, .key = handle.key });
    EXPECT_STATUS(NOT_ALLOWED, pipe_join(handle.id, ~handle.key));
    pipe_expect(handle.id, 0, 2);
    puppet_exit(other, 0);
    event_expect(EVENT_PIPE_RELEASED, handle.id, 1);
    EXPECT_EQUAL(0, test_wait_exit(other));
}

/* ---- Left alone ---- */

/* Nobody has left it: a pipe that nobody has joined yet is one whose other end is still to come. */
static void pipe_that_nobody_has_joined_yet_just_waits(void)
{
    process_id_t other = puppet_start(CLASS_APPLICATION);
    struct pipe_handle handle = pipe_new();
    struct transfer reader, writer;

    transfer_read(&reader, handle.id, bytes, 5000);
    transfer_expect_blocked(&reader);
    join(other, &handle);
    transfer_expect_blocked(&reader);
    puppet_expect(other, OK, (struct order){ .operation = PUPPET_PIPE_WRITE, .id = handle.id, .size = 5000 });
    transfer_expect(&reader, OK, 5000);
    puppet_expect(other, OK, (struct order){ .operation = PUPPET_PIPE_LEAVE, .id = handle.id });
    event_expect(EVENT_PIPE_RELEASED, handle.id, 1);

    handle = pipe_new();
    transfer_write(&writer, handle.id, stream_at(0), 5000);
    transfer_expect_blocked(&writer);
    join(other, &handle);
    puppet_expect(other, OK, (struct order){ .operation = PUPPET_PIPE_READ, .id = handle.id, .size = 5000 });
    transfer_expect(&writer, OK, 5000);
    puppet_exit(other, 0);
    event_expect(EVENT_PIPE_RELEASED, handle.id, 1);
    EXPECT_EQUAL(0, test_wait_exit(other));
}

static void reader_left_alone_gets_what_there_is_and_is_told(void)
{
    process_id_t other;
    struct pipe_handle handle = pipe_with(&other);
    uint32_t moved;

    puppet_expect(other, OK, (struct order){ .operation = PUPPET_PIPE_WRITE, .id = handle.id, .size = 1000 });
    puppet_expect(other, OK, (struct order){ .operation = PUPPET_PIPE_LEAVE, .id = handle.id });
    event_expect(EVENT_PIPE_RELEASED, handle.id, 1);
    EXPECT_OK(pipe_read(handle.id, bytes, 300, 0, &moved));
    EXPECT_EQUAL(300, moved);
    EXPECT_OK(pipe_read(handle.id, bytes + 300, 300, PIPE_PARTIAL, &moved));
    EXPECT_EQUAL(300, moved);
    EXPECT_STATUS(PEER_DIED, pipe_read(handle.id, bytes + 600, 401, 0, &moved));
    EXPECT_EQUAL(400, moved);
    stream_expect(bytes, 0, 1000);
    EXPECT_STATUS(PEER_DIED, pipe_read(handle.id, bytes, 1, 0, &moved));
    EXPECT_STATUS(PEER_DIED, pipe_read(handle.id, bytes, 1, PIPE_PARTIAL, &moved));
    EXPECT_EQUAL(0, moved);
    EXPECT_OK(pipe_read(handle.id, bytes, 0, 0, &moved));
    puppet_end(other);
}

static void partial_reader_left_alone_gets_the_rest_first(void)
{
    process_id_t other;
    struct pipe_handle handle = pipe_with(&other);
    uint32_t moved;

    puppet_expect(other, OK, (struct order){ .operation = PUPPET_PIPE_WRITE, .id = handle.id, .size = 10 });
    puppet_expect(other, OK, (struct order){ .operation = PUPPET_PIPE_LEAVE, .id = handle.id });
    event_expect(EVENT_PIPE_RELEASED, handle.id, 1);
    EXPECT_OK(pipe_read(handle.id, bytes, 100, PIPE_PARTIAL, &moved));
    EXPECT_EQUAL(10, moved);
    EXPECT_STATUS(PEER_DIED, pipe_read(handle.id, bytes, 100, PIPE_PARTIAL, &moved));
    puppet_end(other);
}

static void writer_left_alone_is_told_at_once(void)
{
    process_id_t other;
    struct pipe_handle handle = pipe_with(&other);
    uint32_t moved = 77;

    pipe_write_all(handle.id, stream_at(0), 10);
    puppet_expect(other, OK, (struct order){ .operation = PUPPET_PIPE_LEAVE, .id = handle.id });
    event_expect(EVENT_PIPE_RELEASED, handle.id, 1);
    EXPECT_STATUS(PEER_DIED, pipe_write(handle.id, bytes, 1, 0, &moved));
    EXPECT_EQUAL(0, moved);
    EXPECT_STATUS(PEER_DIED, pipe_write(handle.id, bytes, 1, PIPE_PARTIAL, &moved));
    pipe_expect(handle.id, 10, 1);
    puppet_end(other);
}

static void process_that_joins_later_revives_a_pipe(void)
{
    process_id_t first, second = puppet_start(CLASS_APPLICATION);
    struct pipe_handle handle = pipe_with(&first);
    struct transfer reader;
    uint32_t moved;

    puppet_expect(first, OK, (struct order){ .operation = PUPPET_PIPE_WRITE, .id = handle.id, .size = 100 });
    puppet_exit(first, 0);
    event_expect(EVENT_PIPE_RELEASED, handle.id, 1);
    EXPECT_EQUAL(0, test_wait_exit(first));
    EXPECT_STATUS(PEER_DIED, pipe_write(handle.id, bytes, 1, 0, &moved));
    join(second, &handle);
    transfer_read(&reader, handle.id, bytes, 200);
    transfer_expect_blocked(&reader);
    pipe_expect(handle.id, 0, 2);
    puppet_expect(second, OK, (struct order){ .operation = PUPPET_PIPE_WRITE, .id = handle.id, .size = 100, .position = 100 });
    transfer_expect(&reader, OK, 200);
    stream_expect(bytes, 0, 200);
    puppet_exit(second, 0);
    event_expect(EVENT_PIPE_RELEASED, handle.id, 1);
    EXPECT_EQUAL(0, test_wait_exit(second));
}

/* ---- Blocked while the others go ---- */

typedef uint32_t ending_t(process_id_t puppet);

/* Each ends a puppet; its exit code. */
static uint32_t by_exit(process_id_t puppet)
{
    puppet_exit(puppet, 5);
    return 5;
}

static uint32_t by_fault(process_id_t puppet)
{
    puppet_begin(puppet, (struct order){ .operation = PUPPET_FAULT });
    return EXIT_FAULT | 14;
}

static uint32_t by_force(process_id_t puppet)
{
    EXPECT_OK(process_terminate(puppet, 3));
    return EXIT_TERMINATED | 3;
}

static ending_t *const endings[] = { by_exit, by_fault, by_force };

/* Two others: nothing is over until the second has gone. */
static void expect_wakes(ending_t *end, bool writes)
{
    process_id_t first, second = puppet_start(CLASS_APPLICATION);
    struct pipe_handle handle = pipe_with(&first);
    struct transfer threads[2];

    join(second, &handle);
    for (uint32_t i = 0; i < COUNT(threads); i++) {
        if (writes) {
            transfer_write(&threads[i], handle.id, stream_at(0), PIPE_SIZE + 1000);
        } else {
            transfer_read(&threads[i], handle.id, bytes, 100);
        }
    }
    puppet_expect(first, OK, (struct order){ .operation = writes ? PUPPET_PIPE_READ : PUPPET_PIPE_WRITE, .id = handle.id, .size = 40 });
    uint32_t code = end(first);
    event_expect(EVENT_PIPE_RELEASED, handle.id, 2);
    EXPECT_EQUAL(code, test_wait_exit(first));
    transfer_expect_blocked(&threads[0]);
    code = end(second);
    transfer_expect(&threads[0], PEER_DIED, writes ? PIPE_SIZE : 40);
    transfer_expect(&threads[1], PEER_DIED, 0);
    event_expect(EVENT_PIPE_RELEASED, handle.id, 1);
    EXPECT_EQUAL(code, test_wait_exit(second));
    EXPECT_OK(pipe_leave(handle.id));
}

static void blocked_readers_wake_however_their_last_peer_ends(void)
{
    for (uint32_t i = 0; i < COUNT(endings); i++) {
        expect_wakes(endings[i], false);
    }
}

static void blocked_writers_wake_however_their_last_peer_ends(void)
{
    for (uint32_t i = 0; i < COUNT(endings); i++) {
        expect_wakes(endings[i], true);
    }
}

/* Its peer ends in the middle of a read or write of its own. */
static void peer_that_dies_blocked_in_the_pipe_leaves_it_whole(void)
{
    for (uint32_t writes = 0; writes < 2; writes++) {
        process_id_t other;
        struct pipe_handle handle = pipe_with(&other);
        uint32_t moved;

        puppet_begin(other, (struct order){ .operation = writes ? PUPPET_PIPE_WRITE : PUPPET_PIPE_READ, .id = handle.id, .size = STREAM_PART_MAX });
        EXPECT_OK(process_terminate(other, 0));
        event_expect(EVENT_PIPE_RELEASED, handle.id, 1);
        EXPECT_EQUAL(EXIT_TERMINATED, test_wait_exit(other));
        pipe_expect(handle.id, writes ? PIPE_SIZE : 0, 1);
        EXPECT_STATUS(PEER_DIED, pipe_read(handle.id, bytes, STREAM_PART_MAX, 0, &moved));
        EXPECT_EQUAL(writes ? PIPE_SIZE : 0, moved);
        stream_expect(bytes, 0, moved);
        EXPECT_OK(pipe_leave(handle.id));
    }
}

/* Three puppets, of which the middle one has made the pipe. */
static void pipe_outlives_who_made_it(void)
{
    struct pipe_handle handle = pipe_new();
    process_id_t first = puppet_start(CLASS_APPLICATION), second = puppet_start(CLASS_APPLICATION);

    join(first, &handle);
    join(second, &handle);
    EXPECT_OK(pipe_leave(handle.id));
    expect_bad_id(handle.id + 0x80000000U, handle.key);
    puppet_begin(first, (struct order){ .operation = PUPPET_PIPE_WRITE, .id = handle.id, .size = 9000 });
    EXPECT_EQUAL(9000, puppet_expect(second, OK, (struct order){ .operation = PUPPET_PIPE_READ, .id = handle.id, .size = 9000 }));
    EXPECT_OK(puppet_outcome(first).status);
    EXPECT_OK(pipe_join(handle.id, handle.key));
    pipe_expect(handle.id, 0, 3);
    puppet_exit(first, 0);
    event_expect(EVENT_PIPE_RELEASED, handle.id, 2);
    EXPECT_EQUAL(0, test_wait_exit(first));
    EXPECT_OK(pipe_leave(handle.id));
    puppet_end(second);
}

const struct test pipe_members_tests[] = {
    TEST(CLASS_APPLICATION, ids_that_are_no_pipes_are_refused),
    TEST(CLASS_APPLICATION, id_leads_nowhere_once_the_last_member_has_left),
    TEST(CLASS_APPLICATION, only_members_use_a_pipe),
    TEST(CLASS_APPLICATION, process_joins_a_pipe_once),
    TEST(CLASS_APPLICATION, pipe_that_nobody_has_joined_yet_just_waits),
    TEST(CLASS_APPLICATION, reader_left_alone_gets_what_there_is_and_is_told),
    TEST(CLASS_APPLICATION, partial_reader_left_alone_gets_the_rest_first),
    TEST(CLASS_APPLICATION, writer_left_alone_is_told_at_once),
    TEST(CLASS_APPLICATION, process_that_joins_later_revives_a_pipe),
    TEST(CLASS_SERVER, blocked_readers_wake_however_their_last_peer_ends),
    TEST(CLASS_SERVER, blocked_writers_wake_however_their_last_peer_ends),
    TEST(CLASS_SERVER, peer_that_dies_blocked_in_the_pipe_leaves_it_whole),
    TEST(CLASS_APPLICATION, pipe_outlives_who_made_it),
};
const uint32_t pipe_members_test_count = COUNT(pipe_members_tests);
const struct role pipe_members_roles[] = {};
const uint32_t pipe_members_role_count = COUNT(pipe_members_roles);
