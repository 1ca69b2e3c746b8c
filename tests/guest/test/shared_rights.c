/* Shared memory: who may only read it cannot write, by no way round; and who has it pays for it. */
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "files.h"
#include "puppet.h"
#include "transfer.h"

#define NUMBER 0x1234ABCDU

static struct shared_handle shared_new(uint32_t pages)
{
    struct shared_handle handle;

    EXPECT_OK(shared_create(pages, &handle));
    *(uint32_t *)handle.address = NUMBER;
    return handle;
}

static uint32_t join(process_id_t puppet, const struct shared_handle *handle, object_key_t key, uint32_t flags)
{
    return puppet_expect(puppet, OK, (struct order){ .operation = PUPPET_SHARED_JOIN, .id = handle->id, .key = key, .flags = flags });
}

static uint32_t peek(process_id_t puppet, uint32_t address)
{
    return puppet_expect(puppet, OK, (struct order){ .operation = PUPPET_PEEK, .address = address });
}

/* Writing ends it. */
static void expect_write_faults(process_id_t puppet, uint32_t address)
{
    puppet_begin(puppet, (struct order){ .operation = PUPPET_POKE, .address = address, .size = 1 });
}

/* ---- Without the right to write ---- */

/* Is this puppet's mapping read-only for good? It dies of the proof. */
static void expect_read_only(process_id_t puppet, const struct shared_handle *handle, uint32_t address)
{
    EXPECT_EQUAL(NUMBER, peek(puppet, address));
    puppet_expect(puppet, BAD_ARGUMENT, (struct order){ .operation = PUPPET_PROTECT, .address = address, .size = 1 });
    puppet_expect(puppet, OK, (struct order){ .operation = PUPPET_PROTECT, .address = address, .size = 1, .flags = MEMORY_READ_ONLY });
    puppet_expect(puppet, BAD_ARGUMENT, (struct order){ .operation = PUPPET_PROTECT, .address = address, .size = 1 });
    expect_write_faults(puppet, address);
    event_expect(EVENT_SHARED_RELEASED, handle->id, 1);
    EXPECT_EQUAL(EXIT_FAULT | 14, test_wait_exit(puppet));
    EXPECT_EQUAL(NUMBER, *(const uint32_t *)handle->address);
}

static void who_joins_with_the_read_only_key_cannot_write(void)
{
    struct shared_handle handle = shared_new(2);
    process_id_t reader = puppet_start(CLASS_APPLICATION);

    EXPECT(handle.key != handle.read_only_key);
    expect_read_only(reader, &handle, join(reader, &handle, handle.read_only_key, 0));
    reader = puppet_start(CLASS_APPLICATION);
    expect_read_only(reader, &handle, join(reader, &handle, handle.read_only_key, SHARED_READ_ONLY));
}

static void who_joins_for_reading_alone_cannot_write(void)
{
    struct shared_handle handle = shared_new(2);
    process_id_t reader = puppet_start(CLASS_APPLICATION);

    expect_read_only(reader, &handle, join(reader, &handle, handle.key, SHARED_READ_ONLY));
}

/* The others have gone: that gives no rights. It can join again, with a key that does. */
static void last_member_gains_no_right_to_write(void)
{
    struct shared_handle handle = shared_new(1);
    process_id_t reader = puppet_start(CLASS_APPLICATION);
    uint32_t address = join(reader, &handle, handle.read_only_key, 0);

    EXPECT_OK(shared_leave(handle.id));
    puppet_expect(reader, BAD_ARGUMENT, (struct order){ .operation = PUPPET_PROTECT, .address = address, .size = 1 });
    EXPECT_EQUAL(NUMBER, peek(reader, address));
    expect_write_faults(reader, address);
    EXPECT_EQUAL(EXIT_FAULT | 14, test_wait_exit(reader));
}

/* What the kernel writes for a process it writes only where that could. */
static void kernel_writes_nothing_into_memory_shared_for_reading(void)
{
    struct shared_handle handle = shared_new(1);
    process_id_t other = puppet_start(CLASS_APPLICATION);
    pipe_id_t pipe = pipe_new().id;
    uint32_t address, pages, moved;

    join(other, &handle, handle.key, 0);
    EXPECT_OK(shared_leave(handle.id));
    EXPECT_OK(shared_join(handle.id, handle.read_only_key, 0, &address, &pages));
    pipe_write_all(pipe, "bytes", 5);
    EXPECT_STATUS(BAD_ADDRESS, pipe_read(pipe, (void *)address, 5, 0, &moved));
    EXPECT_STATUS(BAD_ADDRESS, system_random((void *)address, 4));
    EXPECT_STATUS(BAD_ADDRESS, pipe_create((struct pipe_handle *)address));
    EXPECT_OK(pipe_notify(pipe, PIPE_WRITABLE));
    EXPECT_STATUS(BAD_ADDRESS, event_poll((struct event *)address));
    event_expect(EVENT_PIPE_READY, pipe, PIPE_READABLE | PIPE_WRITABLE);
    EXPECT_EQUAL(NUMBER, *(const volatile uint32_t *)address);
    EXPECT_OK(pipe_write(pipe, (const void *)address, 4, 0, &moved)); /* it may be read */
    puppet_exit(other, 0);
    event_expect(EVENT_SHARED_RELEASED, handle.id, 1);
    EXPECT_EQUAL(0, test_wait_exit(other));
}

/* ---- Accomplices ---- */

/* In no way: the pages are the members' together, and an accomplice who had them would be none. */
static void pages_of_shared_memory_cannot_be_handed_on(void)
{
    static const uint32_t ways[] = { PAGES_GIVE, PAGES_SHARE, PAGES_SHARE_WRITABLE };
    struct shared_handle handle = shared_new(2);
    const object_key_t keys[] = { handle.key, handle.read_only_key };
    process_id_t member = puppet_start(CLASS_APPLICATION), accomplice = puppet_start(CLASS_APPLICATION);

    for (uint32_t i = 0; i < COUNT(keys) * COUNT(ways); i++) {
        uint32_t address = join(member, &handle, keys[i % COUNT(keys)], 0);

        puppet_expect(member, BAD_ADDRESS, (struct order){ .operation = PUPPET_HAND, .id = accomplice, .address = address, .size = 1,
                                                            .flags = ways[i / COUNT(keys)] });
        EXPECT_EQUAL(0, puppet_expect(accomplice, OK, (struct order){ .operation = PUPPET_TAKEN }));
        EXPECT_EQUAL(NUMBER, peek(member, address));
        puppet_expect(member, OK, (struct order){ .operation = PUPPET_SHARED_LEAVE, .id = handle.id });
        event_expect(EVENT_SHARED_RELEASED, handle.id, 1);
    }
    puppet_end(member);
    puppet_end(accomplice);
}

/* The proof that an accomplice takes what he gets: memory of the puppet's own, which is not shared. */
static void pages_of_ones_own_can_be_handed_on(void)
{
    process_id_t other = puppet_start(CLASS_APPLICATION);
    struct message message = { .page_count = 1, .page_flags = PAGES_GIVE };
    struct reply reply = { 0 };
    uint32_t address;

    EXPECT_OK(memory_allocate(1, 0, &address));
    *(uint32_t *)address = NUMBER;
    message.pages = (void *)address;
    EXPECT_OK(message_call(other, &message, &reply));
    EXPECT_STATUS(OK, (status_t)reply.words[0]);
    EXPECT_EQUAL(NUMBER, peek(other, puppet_expect(other, OK, (struct order){ .operation = PUPPET_TAKEN })));
    puppet_end(other);
}

/* ---- What it costs ---- */

#define PAGES_SHARED 20U

static struct process_information information(process_id_t id)
{
    struct process_information information;

    EXPECT_OK(process_information(id, &information));
    return information;
}

static void expect_charged(process_id_t id, const struct process_information *before, uint32_t objects, uint32_t frames)
{
    struct process_information now = information(id);

    EXPECT_EQUAL(before->used[RESOURCE_OBJECTS] + objects, now.used[RESOURCE_OBJECTS]);
    EXPECT_EQUAL(before->used[RESOURCE_FRAMES] + frames, now.used[RESOURCE_FRAMES]);
}

/* What is mapped next needs no new page table, however large this program is: the rest of one is used up, and there is another. */
static void begin_a_page_table(void)
{
    uint32_t span = 1024 * PAGE_SIZE;
    uint32_t address;

    EXPECT_OK(memory_allocate(1, MEMORY_ON_DEMAND, &address));
    EXPECT_OK(memory_allocate((span - address % span) / PAGE_SIZE, MEMORY_ON_DEMAND, &address));
}

static void each_member_of_shared_memory_pays_for_all_of_it(void)
{
    begin_a_page_table();
    struct shared_handle handle = shared_new(PAGES_SHARED);
    process_id_t other = puppet_start(CLASS_APPLICATION);
    uint32_t address, pages;

    EXPECT_OK(shared_leave(handle.id));
    handle = shared_new(PAGES_SHARED);
    join(other, &handle, handle.key, 0);     /* page tables are there now */
    puppet_expect(other, OK, (struct order){ .operation = PUPPET_SHARED_LEAVE, .id = handle.id });
    event_expect(EVENT_SHARED_RELEASED, handle.id, 1);
    struct process_information others = information(other), self = information(SELF);
    join(other, &handle, handle.key, 0);
    expect_charged(other, &others, 1, PAGES_SHARED);
    expect_charged(SELF, &self, 1, PAGES_SHARED);
    EXPECT_OK(shared_leave(handle.id));
    expect_charged(other, &others, 1, PAGES_SHARED);
    expect_charged(SELF, &self, 0, 0);       /* what it had itself, the other has now */
    EXPECT_OK(shared_join(handle.id, handle.key, SHARED_READ_ONLY, &address, &pages));
    expect_charged(SELF, &self, 1, PAGES_SHARED);
    puppet_exit(other, 0);
    event_expect(EVENT_SHARED_RELEASED, handle.id, 1);
    EXPECT_EQUAL(0, test_wait_exit(other));
}

/* In the middle of the mapping, or before it. */
static void shared_memory_that_is_over_quota_changes_nothing(void)
{
    process_id_t rich = puppet_start(CLASS_APPLICATION);
    uint32_t frames = information(rich).used[RESOURCE_FRAMES];

    puppet_end(rich);
    process_id_t poor = puppet_start_limited(CLASS_APPLICATION, (struct grant){ .limits[RESOURCE_FRAMES] = frames + 30 });
    for (uint32_t pages = 1; pages <= 200; pages = pages * 3 + 1) {
        struct shared_handle handle = shared_new(pages);
        struct order order = { .operation = PUPPET_SHARED_JOIN, .id = handle.id, .key = handle.key };
        struct outcome outcome = puppet_do(poor, order);
        struct process_information before = information(poor);

        if (outcome.status == OK) {
            EXPECT(pages <= 30);
            puppet_expect(poor, OK, (struct order){ .operation = PUPPET_SHARED_LEAVE, .id = handle.id });
            event_expect(EVENT_SHARED_RELEASED, handle.id, 1);
        } else {
            EXPECT(pages > 20);
            puppet_expect(poor, OVER_QUOTA, order);
            expect_charged(poor, &before, 0, 0);
            puppet_expect(poor, BAD_ID, (struct order){ .operation = PUPPET_SHARED_LEAVE, .id = handle.id });
        }
        EXPECT_EQUAL(NUMBER, *(const uint32_t *)handle.address);
        EXPECT_OK(shared_leave(handle.id));
    }
    puppet_end(poor);
}

/* Who was never a member cannot leave. */
static void join_of_shared_memory_that_is_refused_tells_nobody(void)
{
    struct shared_handle handle = shared_new(200);
    process_id_t rich = puppet_start(CLASS_APPLICATION);
    uint32_t frames = information(rich).used[RESOURCE_FRAMES];
    struct grant limits = { .limits = { [RESOURCE_FRAMES] = frames + 30 } };

    puppet_end(rich);
    process_id_t poor = puppet_start_limited(CLASS_APPLICATION, limits);
    puppet_expect(poor, NOT_ALLOWED, (struct order){ .operation = PUPPET_SHARED_JOIN, .id = handle.id, .key = ~handle.key });
    event_expect_none();
    puppet_expect(poor, OVER_QUOTA, (struct order){ .operation = PUPPET_SHARED_JOIN, .id = handle.id, .key = handle.key });
    event_expect_none();
    puppet_end(poor);
}

/* Makes shared memory, and frees its pages, as often as it is let; less of the machine may be gone than it may have. */
static void shared_hoarder(int argc, char **argv)
{
    struct system_statistics before, now;
    struct shared_handle handle;

    (void)argc;
    EXPECT_OK(system_statistics(&before));
    for (uint32_t i = 0; i < 100; i++) {
        if (shared_create(PAGES_SHARED, &handle) == OK) {
            (void)memory_free(handle.address, PAGES_SHARED);
        }
    }
    EXPECT_OK(system_statistics(&now));
    EXPECT(before.frames_free - now.frames_free <= test_number(argv[1]));
}

/* Else nobody's quota means anything. */
static void pages_that_a_member_has_freed_are_paid_for_while_it_is_one(void)
{
    struct grant limits = { .limits = { [RESOURCE_FRAMES] = 1200 } };    /* this program needs most of them */
    struct spawn spawn = { .class = CLASS_APPLICATION, .flags = SPAWN_WATCH, .grant = limits };
    process_id_t hoarder;

    EXPECT_OK(test_spawn_as(&spawn, "shared_hoarder", &hoarder, test_digits(limits.limits[RESOURCE_FRAMES]).text, NULL));
    EXPECT_EQUAL(0, test_wait_exit(hoarder));
}

const struct test shared_rights_tests[] = {
    TEST(CLASS_APPLICATION, who_joins_with_the_read_only_key_cannot_write),
    TEST(CLASS_APPLICATION, who_joins_for_reading_alone_cannot_write),
    TEST(CLASS_APPLICATION, last_member_gains_no_right_to_write),
    TEST(CLASS_APPLICATION, kernel_writes_nothing_into_memory_shared_for_reading),
    TEST(CLASS_APPLICATION, pages_of_shared_memory_cannot_be_handed_on),
    TEST(CLASS_APPLICATION, pages_of_ones_own_can_be_handed_on),
    TEST(CLASS_APPLICATION, each_member_of_shared_memory_pays_for_all_of_it),
    TEST(CLASS_APPLICATION, shared_memory_that_is_over_quota_changes_nothing),
    TEST(CLASS_APPLICATION, join_of_shared_memory_that_is_refused_tells_nobody),
    TEST(CLASS_APPLICATION, pages_that_a_member_has_freed_are_paid_for_while_it_is_one),
};
const uint32_t shared_rights_test_count = COUNT(shared_rights_tests);
const struct role shared_rights_roles[] = {
    ROLE(shared_hoarder),
};
const uint32_t shared_rights_role_count = COUNT(shared_rights_roles);
