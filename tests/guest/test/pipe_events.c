/* What pipes tell their members: that one has left, and, who asks for it, that there is something to read or room to write. */
#include <ternion/string.h>
#include <ternion/system.h>

#include "files.h"
#include "puppet.h"
#include "stream.h"
#include "transfer.h"

#define BOTH (PIPE_READABLE | PIPE_WRITABLE)

static uint8_t *const bytes = stream_room;

static void join(process_id_t puppet, const struct pipe_handle *handle)
{
    puppet_expect(puppet, OK, (struct order){ .operation = PUPPET_PIPE_JOIN, .id = handle->id, .key = handle->key });
}

/* ---- Who has left ---- */

static void all_others_hear_that_a_member_has_left_but_not_itself(void)
{
    struct pipe_handle handle = pipe_new();
    process_id_t puppets[3];

    for (uint32_t i = 0; i < COUNT(puppets); i++) {
        puppets[i] = puppet_start(CLASS_APPLICATION);
        join(puppets[i], &handle);
    }
    event_expect_none();
    puppet_expect(puppets[0], OK, (struct order){ .operation = PUPPET_PIPE_LEAVE, .id = handle.id });
    event_expect(EVENT_PIPE_RELEASED, handle.id, 3);
    puppet_expect_events(puppets[0], EVENT_PIPE_RELEASED, 0, 0);
    puppet_expect_events(puppets[1], EVENT_PIPE_RELEASED, 1, 3);
    puppet_expect_events(puppets[2], EVENT_PIPE_RELEASED, 1, 3);
    EXPECT_OK(pipe_leave(handle.id));
    event_expect_none();
    puppet_expect_events(puppets[0], EVENT_PIPE_RELEASED, 0, 0);
    puppet_expect_events(puppets[1], EVENT_PIPE_RELEASED, 1, 2);
    puppet_exit(puppets[1], 0);
    EXPECT_EQUAL(0, test_wait_exit(puppets[1]));
    puppet_expect_events(puppets[2], EVENT_PIPE_RELEASED, 2, 1);
    puppet_end(puppets[0]);
    puppet_end(puppets[2]);
}

/* However many leave before one looks: one event, with what is left. */
static void members_that_leave_are_one_event_until_it_is_taken(void)
{
    struct pipe_handle handle = pipe_new();
    process_id_t puppets[3];

    for (uint32_t i = 0; i < COUNT(puppets); i++) {
        puppets[i] = puppet_start(CLASS_APPLICATION);
        join(puppets[i], &handle);
    }
    for (uint32_t i = 0; i < COUNT(puppets); i++) {
        puppet_expect(puppets[i], OK, (struct order){ .operation = PUPPET_PIPE_LEAVE, .id = handle.id });
    }
    event_expect(EVENT_PIPE_RELEASED, handle.id, 1);
    event_expect_none();
    join(puppets[0], &handle);
    puppet_expect(puppets[0], OK, (struct order){ .operation = PUPPET_PIPE_LEAVE, .id = handle.id });
    EXPECT_OK(pipe_leave(handle.id));
    event_expect_none();             /* who has left itself is not told any more */
    for (uint32_t i = 0; i < COUNT(puppets); i++) {
        puppet_end(puppets[i]);
    }
}

static void join_that_is_refused_tells_nobody(void)
{
    struct pipe_handle handle = pipe_new();
    process_id_t poor = puppet_start_limited(CLASS_APPLICATION, (struct grant){ .limits[RESOURCE_OBJECTS] = 1 });
    struct pipe_handle other = pipe_new();

    puppet_expect(poor, NOT_ALLOWED, (struct order){ .operation = PUPPET_PIPE_JOIN, .id = handle.id, .key = handle.key + 1 });
    join(poor, &other);
    puppet_expect(poor, OVER_QUOTA, (struct order){ .operation = PUPPET_PIPE_JOIN, .id = handle.id, .key = handle.key });
    event_expect_none();
    pipe_expect(handle.id, 0, 1);
    puppet_exit(poor, 0);
    event_expect(EVENT_PIPE_RELEASED, other.id, 1);
    EXPECT_EQUAL(0, test_wait_exit(poor));
    event_expect_none();
}

/* ---- Ready ---- */

static void notification_comes_at_once_if_it_is_so_already(void)
{
    pipe_id_t pipe = pipe_new().id;

    EXPECT_OK(pipe_notify(pipe, PIPE_WRITABLE));
    event_expect(EVENT_PIPE_READY, pipe, PIPE_WRITABLE);
    EXPECT_OK(pipe_notify(pipe, BOTH));
    event_expect(EVENT_PIPE_READY, pipe, PIPE_WRITABLE);
    pipe_write_all(pipe, stream_at(0), 1);
    EXPECT_OK(pipe_notify(pipe, PIPE_READABLE));
    event_expect(EVENT_PIPE_READY, pipe, BOTH);
    pipe_write_all(pipe, stream_at(0), PIPE_SIZE - 1);
    EXPECT_OK(pipe_notify(pipe, BOTH));
    event_expect(EVENT_PIPE_READY, pipe, PIPE_READABLE);
    event_expect_none();
}

static void notification_comes_once_when_there_is_something_to_read(void)
{
    pipe_id_t pipe = pipe_new().id;

    EXPECT_OK(pipe_notify(pipe, PIPE_READABLE));
    event_expect_none();
    pipe_write_all(pipe, stream_at(0), 10);
    event_expect(EVENT_PIPE_READY, pipe, BOTH);
    pipe_write_all(pipe, stream_at(0), 10);
    pipe_read_all(pipe, bytes, 20);
    pipe_write_all(pipe, stream_at(0), 10);
    event_expect_none();
}

static void notification_comes_once_when_there_is_room_to_write(void)
{
    pipe_id_t pipe = pipe_new().id;

    pipe_write_all(pipe, stream_at(0), PIPE_SIZE);
    EXPECT_OK(pipe_notify(pipe, PIPE_WRITABLE));
    event_expect_none();
    pipe_read_all(pipe, bytes, 1);
    event_expect(EVENT_PIPE_READY, pipe, BOTH);
    pipe_write_all(pipe, stream_at(0), 1);
    pipe_read_all(pipe, bytes, PIPE_SIZE);
    event_expect_none();
}

static void notification_is_replaced_and_withdrawn(void)
{
    pipe_id_t pipe = pipe_new().id;

    EXPECT_OK(pipe_notify(pipe, PIPE_READABLE));
    EXPECT_OK(pipe_notify(pipe, 0));
    pipe_write_all(pipe, stream_at(0), 1);
    event_expect_none();

    EXPECT_OK(pipe_notify(pipe, BOTH)); /* an event that waits is withdrawn too */
    EXPECT_OK(pipe_notify(pipe, 0));
    event_expect_none();

    pipe_read_all(pipe, bytes, 1);
    EXPECT_OK(pipe_notify(pipe, PIPE_WRITABLE));
    EXPECT_OK(pipe_notify(pipe, PIPE_READABLE));
    event_expect_none();
    pipe_write_all(pipe, stream_at(0), 1);
    event_expect(EVENT_PIPE_READY, pipe, BOTH);
}

static void unknown_notifications_are_refused_and_change_nothing(void)
{
    pipe_id_t pipe = pipe_new().id;

    EXPECT_OK(pipe_notify(pipe, PIPE_READABLE));
    for (uint32_t bit = BOTH + 1; bit != 0; bit <<= 1) {
        EXPECT_STATUS(BAD_ARGUMENT, pipe_notify(pipe, bit));
        EXPECT_STATUS(BAD_ARGUMENT, pipe_notify(pipe, bit | BOTH));
    }
    event_expect_none();
    pipe_write_all(pipe, stream_at(0), 1);
    event_expect(EVENT_PIPE_READY, pipe, BOTH);
}

/* Nobody can make a left pipe readable any more: waiting for that would be for ever. */
static void pipe_that_was_left_counts_as_ready(void)
{
    struct pipe_handle handle = pipe_new();
    process_id_t other = puppet_start(CLASS_APPLICATION);

    join(other, &handle);
    EXPECT_OK(pipe_notify(handle.id, PIPE_READABLE));
    event_expect_none();
    puppet_expect(other, OK, (struct order){ .operation = PUPPET_PIPE_LEAVE, .id = handle.id });
    struct event event;
    test_wait_event(&event, EVENT_PIPE_READY);
    EXPECT_EQUAL(BOTH, event.count);
    event_expect(EVENT_PIPE_RELEASED, handle.id, 1);

    join(other, &handle);
    pipe_write_all(handle.id, stream_at(0), PIPE_SIZE);
    EXPECT_OK(pipe_notify(handle.id, PIPE_WRITABLE));
    event_expect_none();
    puppet_exit(other, 0);
    event_expect(EVENT_PIPE_READY, handle.id, BOTH);
    event_expect(EVENT_PIPE_RELEASED, handle.id, 1);
    EXPECT_EQUAL(0, test_wait_exit(other));
    EXPECT_OK(pipe_notify(handle.id, PIPE_WRITABLE));
    event_expect(EVENT_PIPE_READY, handle.id, BOTH);
}

/* Every member asks for itself. */
static void each_member_has_its_own_notification(void)
{
    struct pipe_handle handle = pipe_new();
    process_id_t first = puppet_start(CLASS_APPLICATION), second = puppet_start(CLASS_APPLICATION);

    join(first, &handle);
    join(second, &handle);
    puppet_expect(first, OK, (struct order){ .operation = PUPPET_PIPE_NOTIFY, .id = handle.id, .flags = PIPE_READABLE });
    puppet_expect(second, OK, (struct order){ .operation = PUPPET_PIPE_NOTIFY, .id = handle.id, .flags = PIPE_WRITABLE });
    puppet_expect_events(first, EVENT_PIPE_READY, 0, 0);
    puppet_expect_events(second, EVENT_PIPE_READY, 1, PIPE_WRITABLE);
    pipe_write_all(handle.id, stream_at(0), 1);
    puppet_expect_events(first, EVENT_PIPE_READY, 1, BOTH);
    puppet_expect_events(second, EVENT_PIPE_READY, 0, 0);
    EXPECT_OK(pipe_leave(handle.id));
    puppet_end(first);
    puppet_end(second);
}

/* Its notification leaves with the member: with the others' the pipe goes on. */
static void member_that_leaves_is_notified_no_more(void)
{
    struct pipe_handle handle = pipe_new();
    process_id_t other = puppet_start(CLASS_APPLICATION);

    join(other, &handle);
    EXPECT_OK(pipe_notify(handle.id, PIPE_READABLE));
    EXPECT_OK(pipe_leave(handle.id));
    EXPECT_OK(pipe_join(handle.id, handle.key));
    puppet_expect(other, OK, (struct order){ .operation = PUPPET_PIPE_WRITE, .id = handle.id, .size = 1 });
    event_expect_none();
    EXPECT_OK(pipe_notify(handle.id, PIPE_READABLE));
    EXPECT_OK(pipe_leave(handle.id)); /* with an event that waits */
    event_expect_none();
    puppet_expect(other, OK, (struct order){ .operation = PUPPET_PIPE_NOTIFY, .id = handle.id, .flags = PIPE_READABLE });
    puppet_expect_events(other, EVENT_PIPE_READY, 1, BOTH);
    puppet_end(other);
}

const struct test pipe_events_tests[] = {
    TEST(CLASS_APPLICATION, all_others_hear_that_a_member_has_left_but_not_itself),
    TEST(CLASS_APPLICATION, members_that_leave_are_one_event_until_it_is_taken),
    TEST(CLASS_APPLICATION, join_that_is_refused_tells_nobody),
    TEST(CLASS_APPLICATION, notification_comes_at_once_if_it_is_so_already),
    TEST(CLASS_APPLICATION, notification_comes_once_when_there_is_something_to_read),
    TEST(CLASS_APPLICATION, notification_comes_once_when_there_is_room_to_write),
    TEST(CLASS_APPLICATION, notification_is_replaced_and_withdrawn),
    TEST(CLASS_APPLICATION, unknown_notifications_are_refused_and_change_nothing),
    TEST(CLASS_APPLICATION, pipe_that_was_left_counts_as_ready),
    TEST(CLASS_APPLICATION, each_member_has_its_own_notification),
    TEST(CLASS_APPLICATION, member_that_leaves_is_notified_no_more),
};
const uint32_t pipe_events_test_count = COUNT(pipe_events_tests);
const struct role pipe_events_roles[] = {};
const uint32_t pipe_events_role_count = COUNT(pipe_events_roles);
