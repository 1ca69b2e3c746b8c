/* Pages that cannot be given, or cannot be taken: one learns of it, and everything stays where it was. */
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall_table.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "files.h"
#include "peer.h"

static const struct message nothing;

static uint32_t frames_of_self(void)
{
    struct process_information information;

    EXPECT_OK(process_information(SELF, &information));
    return information.frames;
}

/* ---- What is not the caller's to give ---- */

struct attempt {
    uint32_t address;
    uint32_t count;
};

/* Takes the pages of every call, and is told that there are none. It has what it had. */
static void refused_taker(int argc, char **argv)
{
    uint32_t before = frames_of_self();
    struct event event;
    (void)argc;
    (void)argv;

    for (;;) {
        uint32_t address = 77;

        test_wait_event(&event, EVENT_MESSAGE);
        if (event.words[0] == PEER_QUIT) {
            return;
        }
        EXPECT_STATUS(DISCARDED, message_take_pages(event.id, &address));
        EXPECT_EQUAL(77, address);
        EXPECT_STATUS(BAD_ID, message_take_pages(event.id, &address));
        EXPECT_STATUS(BAD_ID, message_reply(event.id, &nothing));
        EXPECT_EQUAL(before, frames_of_self());
    }
}

static void expect_not_given_so(process_id_t taker, uint32_t address, uint32_t count, uint32_t flags)
{
    struct message message = { .words = { 1 }, .pages = (void *)address, .page_count = count, .page_flags = flags };
    struct reply reply = { 0 };
    uint32_t before = frames_of_self();
    status_t status = message_call(taker, &message, &reply);

    if (status != BAD_ADDRESS) {
        EXPECT_NOT("%u pages at 0x%x, flags %u: %s", count, address, flags, status_name(status));
    }
    EXPECT_EQUAL(before, frames_of_self());
}

static void expect_not_given(process_id_t taker, uint32_t address, uint32_t count)
{
    for (uint32_t flags = PAGES_GIVE; flags <= PAGES_SHARE_WRITABLE; flags++) {
        expect_not_given_so(taker, address, count, flags);
    }
}

/* Not anybody's, not whole, or not there to the end. */
static void expect_bad_ranges_not_given(process_id_t taker)
{
    uint32_t run, read_only;

    EXPECT_OK(memory_allocate(5, 0, &run));
    EXPECT_OK(memory_free(run + 2 * PAGE_SIZE, 1));
    EXPECT_OK(memory_allocate(1, MEMORY_READ_ONLY, &read_only));
    const struct attempt attempts[] = {
        { 0, 1 }, { PAGE_SIZE, 1 }, { run + 1, 1 }, { run + PAGE_SIZE - 1, 1 }, { run + 4, 2 },
        { run, 3 }, { run + PAGE_SIZE, 2 }, { run + 2 * PAGE_SIZE, 1 }, { run, 5 },
        { run + 3 * PAGE_SIZE, MESSAGE_PAGES_MAX }, { run, MESSAGE_PAGES_MAX },
        { SYSTEM_PAGE, 1 }, { PROCESS_PAGE, 1 }, { SYSTEM_PAGE - PAGE_SIZE, 2 }, { PROCESS_PAGE, 2 },
        { USER_END - PAGE_SIZE, 1 }, { USER_END - PAGE_SIZE, 2 }, { USER_END, 1 }, { USER_END + 0x100000, 1 },
        { 0xFFFFF000, 1 }, { 0xFFFFF000, 2 }, { 0xFFFFF000, MESSAGE_PAGES_MAX }, { 0x80000000 - 4096 * PAGE_SIZE, MESSAGE_PAGES_MAX },
    };
    for (uint32_t i = 0; i < COUNT(attempts); i++) {
        expect_not_given(taker, attempts[i].address, attempts[i].count);
    }
    EXPECT_OK(memory_free(run, 2));
    EXPECT_OK(memory_free(run + 3 * PAGE_SIZE, 2));
    EXPECT_OK(memory_free(read_only, 1));
}

static void pages_that_are_not_the_callers_cannot_be_given(void)
{
    process_id_t taker = peer_start(CLASS_APPLICATION, "refused_taker");
    uint32_t video, module, own;

    expect_bad_ranges_not_given(taker);
    EXPECT_OK(physical_map(0xB8000, 2, PHYSICAL_READ_ONLY, &video));
    expect_not_given(taker, video, 1);
    expect_not_given(taker, video, 2);
    EXPECT_OK(memory_free(video, 2));
    /* Those of a boot module can be shared to be read. */
    EXPECT_OK(module_map(0, &module));
    expect_not_given_so(taker, module, 1, PAGES_GIVE);
    expect_not_given_so(taker, module, 1, PAGES_SHARE_WRITABLE);
    EXPECT_OK(memory_allocate(1, 0, &own));
    expect_not_given_so(taker, module, (own - module) / PAGE_SIZE + 1, PAGES_GIVE);
    expect_not_given_so(taker, module, (own - module) / PAGE_SIZE + 1, PAGES_SHARE_WRITABLE);
    peer_quit(taker);
}

static void messages_that_cannot_carry_pages_are_refused(void)
{
    process_id_t taker = peer_start(CLASS_APPLICATION, "refused_taker");
    struct message message = { .page_count = 1 };
    struct reply reply = { 0 };
    uint32_t page;

    EXPECT_OK(memory_allocate(1, 0, &page));
    message.pages = (void *)page;
    EXPECT_STATUS(BAD_ARGUMENT, message_send(taker, &message));
    for (uint32_t flags = PAGES_SHARE_WRITABLE + 1; flags != 0; flags <<= 1) {
        message.page_flags = flags;
        EXPECT_STATUS(BAD_ARGUMENT, message_call(taker, &message, &reply));
    }
    message.page_flags = PAGES_GIVE;
    for (uint32_t count = MESSAGE_PAGES_MAX + 1; count != 0; count = count >= 0x80000000 ? 0 : count * 2) {
        message.page_count = count;
        EXPECT_STATUS(TOO_BIG, message_call(taker, &message, &reply));
        EXPECT_STATUS(TOO_BIG, message_call(taker, &message, &reply));
    }
    peer_quit(taker);
    EXPECT_OK(memory_free(page, 1));
}

/* ---- No pages ---- */

/* Wherever they would be, and whatever would become of them. */
static void refused_sender(int argc, char **argv)
{
    struct message message = { .pages = (void *)0xFFFFFFFF, .page_flags = 0xFFFFFFFF };
    struct reply reply = { .pages = 5, .page_count = 5 };
    (void)argc;
    (void)argv;

    EXPECT_OK(message_call(process_page()->parent, &message, &reply));
    EXPECT_EQUAL(0, reply.page_count);
}

static void zero_pages_are_none(void)
{
    process_id_t sender = peer_start(CLASS_APPLICATION, "refused_sender");
    struct message answer = { .pages = (void *)0xFFFFFFFF, .page_flags = 0xFFFFFFFF };
    struct event event;
    uint32_t address;

    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_EQUAL(0, event.page_count);
    EXPECT_STATUS(NOTHING, message_take_pages(event.id, &address));
    EXPECT_OK(message_reply(event.id, &answer));
    EXPECT_EQUAL(0, test_wait_exit(sender));
}

/* ---- What changes while the call waits ---- */

static uint32_t waiting_run;
static process_id_t waiting_taker;

/* The other thread changes the pages, and tells the taker to go on. */
static void change_run(void *change)
{
    clock_sleep(A_MOMENT_NS);
    ((void (*)(void))change)();
    peer_tell(waiting_taker, 0, 0);
}

static void change_free(void)
{
    EXPECT_OK(memory_free(waiting_run + PAGE_SIZE, 1));
}

static void change_protect(void)
{
    EXPECT_OK(memory_protect(waiting_run, 3, MEMORY_READ_ONLY));
}

static void change_write(void)
{
    memset((void *)waiting_run, 0x77, 3 * PAGE_SIZE);
}

/* Waits for a message between a call and taking its pages. Expects: a status, and whether it can write. */
static void refused_late_taker(int argc, char **argv)
{
    struct event event, go;
    uint32_t address;
    (void)argc;

    test_wait_event(&event, EVENT_MESSAGE);
    test_wait_event(&go, EVENT_MESSAGE);
    EXPECT_STATUS(test_number(argv[1]), message_take_pages(event.id, &address));
    if (test_number(argv[1]) == OK) {
        EXPECT_EQUAL(test_number(argv[2]), system_random((void *)address, 4));
        EXPECT_OK(message_reply(event.id, &nothing));
    }
}

static void expect_change(void (*change)(void), status_t taken, status_t written, status_t called)
{
    struct message message = { .page_count = 3 };
    struct reply reply = { 0 };

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "refused_late_taker", &waiting_taker, test_digits(taken).text,
                         test_digits(written).text, NULL));
    EXPECT_OK(memory_allocate(3, 0, &waiting_run));
    message.pages = (void *)waiting_run;
    EXPECT_OK(thread_start(change_run, (void *)change, PEER_STACK_BYTES, NULL));
    EXPECT_STATUS(called, message_call(waiting_taker, &message, &reply));
    EXPECT_EQUAL(0, test_wait_exit(waiting_taker));
}

static void pages_are_given_as_they_are_when_they_are_taken(void)
{
    expect_change(change_free, DISCARDED, OK, BAD_ADDRESS);
    EXPECT_OK(memory_free(waiting_run, 1));
    EXPECT_OK(memory_free(waiting_run + 2 * PAGE_SIZE, 1));
    expect_change(change_protect, OK, BAD_ADDRESS, OK);
    expect_change(change_write, OK, OK, OK);
    EXPECT_STATUS(BAD_ARGUMENT, memory_free(waiting_run, 1));
}

/* Two threads give the same pages: only one can. */
static volatile status_t twice[2];
static volatile uint32_t twice_done;

static void give_run(void *number)
{
    struct message message = { .pages = (void *)waiting_run, .page_count = 3 };
    struct reply reply = { 0 };

    twice[(uint32_t)number] = message_call(waiting_taker, &message, &reply);
    twice_done++;
}

/* Takes the pages of two calls, of which the second has none left. */
static void refused_double_taker(int argc, char **argv)
{
    struct event events[2];
    uint32_t address;
    (void)argc;
    (void)argv;

    test_wait_event(&events[0], EVENT_MESSAGE);
    test_wait_event(&events[1], EVENT_MESSAGE);
    EXPECT_OK(message_take_pages(events[1].id, &address));
    EXPECT_STATUS(DISCARDED, message_take_pages(events[0].id, &address));
    EXPECT_OK(message_reply(events[1].id, &nothing));
}

static void pages_cannot_be_given_twice(void)
{
    waiting_taker = peer_start(CLASS_APPLICATION, "refused_double_taker");
    EXPECT_OK(memory_allocate(3, 0, &waiting_run));
    for (uint32_t i = 0; i < 2; i++) {
        EXPECT_OK(thread_start(give_run, (void *)i, PEER_STACK_BYTES, NULL));
    }
    EXPECT_EQUAL(0, test_wait_exit(waiting_taker));
    while (twice_done < 2) {
        clock_sleep(MILLISECOND);
    }
    EXPECT_STATUS(BAD_ADDRESS, twice[0]);
    EXPECT_STATUS(OK, twice[1]);
}

/* ---- Takers without room ---- */

/* Gives, to one whose quota is too small, then what is small enough. Argument: how. */
static void refused_giver(int argc, char **argv)
{
    struct message message = { .page_count = 200, .page_flags = test_number(argv[1]) };
    struct reply reply = { 0 };
    uint32_t run;
    (void)argc;

    EXPECT_OK(memory_allocate(200, 0, &run));
    *(volatile uint32_t *)(run + 199 * PAGE_SIZE) = 42;
    message.pages = (void *)run;
    uint32_t before = frames_of_self();
    EXPECT_OK(message_call(test_number(argv[2]), &message, &reply));
    EXPECT_EQUAL(before, frames_of_self());
    EXPECT_EQUAL(42, *(volatile uint32_t *)(run + 199 * PAGE_SIZE));
    *(volatile uint32_t *)run = 1;
}

/* Uses up its quota but for a few pages, and cannot take as many as it is given. */
static void refused_poor_taker(int argc, char **argv)
{
    struct event event;
    uint32_t page;
    (void)argc;
    (void)argv;

    while (memory_allocate(1, 0, &page) == OK) {
    }
    EXPECT_OK(memory_free(page - 100 * PAGE_SIZE, 100));
    for (uint32_t i = 0; i <= PAGES_SHARE_WRITABLE; i++) {
        uint32_t address = 33;

        test_wait_event(&event, EVENT_MESSAGE);
        EXPECT_EQUAL(200, event.page_count);
        uint32_t before = frames_of_self();
        EXPECT_STATUS(OVER_QUOTA, message_take_pages(event.id, &address));
        EXPECT_EQUAL(33, address);
        EXPECT(frames_of_self() <= before + 1);      /* a page table, at most */
        EXPECT_OK(message_reply(event.id, &nothing));
    }
}

#define POOR_FRAMES 400U         /* this program needs less, by more than a hundred */

static void pages_stay_with_the_giver_if_the_taker_has_no_quota(void)
{
    struct spawn spawn = { .class = CLASS_APPLICATION, .flags = SPAWN_WATCH, .grant.limits[RESOURCE_FRAMES] = POOR_FRAMES };
    process_id_t taker, giver;

    EXPECT_OK(test_spawn_as(&spawn, "refused_poor_taker", &taker, NULL));
    for (uint32_t flags = PAGES_GIVE; flags <= PAGES_SHARE_WRITABLE; flags++) {
        EXPECT_OK(test_spawn(CLASS_APPLICATION, "refused_giver", &giver, test_digits(flags).text, test_digits(taker).text, NULL));
        if (flags < PAGES_SHARE_WRITABLE) {
            EXPECT_EQUAL(0, test_wait_exit(giver));
        }
    }
    for (uint32_t i = 0; i < 2; i++) {
        struct event event;

        test_wait_event(&event, EVENT_PROCESS_EXITED);
        EXPECT_EQUAL(0, event.count);
    }
}

const struct test call_pages_refused_tests[] = {
    TEST(CLASS_DRIVER, pages_that_are_not_the_callers_cannot_be_given),
    TEST(CLASS_APPLICATION, messages_that_cannot_carry_pages_are_refused),
    TEST(CLASS_APPLICATION, zero_pages_are_none),
    TEST(CLASS_APPLICATION, pages_are_given_as_they_are_when_they_are_taken),
    TEST(CLASS_APPLICATION, pages_cannot_be_given_twice),
    TEST(CLASS_APPLICATION, pages_stay_with_the_giver_if_the_taker_has_no_quota),
};
const uint32_t call_pages_refused_test_count = COUNT(call_pages_refused_tests);

const struct role call_pages_refused_roles[] = {
    ROLE(refused_taker),
    ROLE(refused_sender),
    ROLE(refused_late_taker),
    ROLE(refused_double_taker),
    ROLE(refused_giver),
    ROLE(refused_poor_taker),
};
const uint32_t call_pages_refused_role_count = COUNT(call_pages_refused_roles);
