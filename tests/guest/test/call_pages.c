/* Pages that go with calls and answers: given away, shared to be read, shared to be written; whose they are afterwards. */
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "files.h"
#include "peer.h"

#define PAGE_FAULT 14U
#define TABLE_PAGES 1024U        /* that a page table maps */

static const struct message nothing;

static uint32_t frames_of(process_id_t id)
{
    struct process_information information;

    EXPECT_OK(process_information(id, &information));
    return information.frames;
}

/* Words that follow from their place and a seed. */
static void write_anew(uint32_t address, uint32_t count, uint32_t seed)
{
    for (uint32_t i = 0; i < count; i++) {
        *(volatile uint32_t *)(address + i * PAGE_SIZE) = seed + i;
        *(volatile uint32_t *)(address + (i + 1) * PAGE_SIZE - 4) = ~(seed + i);
    }
}

static uint32_t pages_new(uint32_t count, uint32_t seed)
{
    uint32_t address;

    EXPECT_OK(memory_allocate(count, 0, &address));
    write_anew(address, count, seed);
    return address;
}

static void pages_expect(uint32_t address, uint32_t count, uint32_t seed)
{
    EXPECT_EQUAL(0, address % PAGE_SIZE);
    for (uint32_t i = 0; i < count; i++) {
        EXPECT_EQUAL(seed + i, *(volatile uint32_t *)(address + i * PAGE_SIZE));
        EXPECT_EQUAL(~(seed + i), *(volatile uint32_t *)(address + (i + 1) * PAGE_SIZE - 4));
    }
}

/* Is this page there? Reads it by a system call, which says so. */
static bool is_readable(uint32_t address)
{
    struct message message = { .string = (const void *)address, .string_size = 1 };
    struct event event;
    status_t status = message_send(SELF, &message);

    EXPECT(status == OK || status == BAD_ADDRESS);
    if (status == OK) {
        EXPECT_OK(event_poll(&event));
    }
    return status == OK;
}

static bool is_writable(uint32_t address)
{
    uint32_t *words = (uint32_t *)address;
    uint32_t before = words[0];
    status_t status = system_random(words, sizeof before);

    if (status == OK) {
        words[0] = before;
    }
    return status == OK;
}

/* ---- An accomplice that takes pages ---- */

/* What the taker does with the pages of a call, in words[0]; words[1] pages with the seed in words[2]. */
enum take {
    TAKE_AND_LOOK,               /* answers with what it can do with them: TAKEN_WRITABLE; then frees them */
    TAKE_AND_KEEP,               /* and looks again when a message comes */
    TAKE_TWICE,
    TAKE_NONE,                   /* answers without taking them */
    TAKE_AND_WRITE,              /* writes the seed anew: words[3] */
    TAKE_QUIT,
};
#define TAKEN_WRITABLE 1U

static uint32_t take(const struct event *event)
{
    uint32_t before = frames_of(SELF);
    uint32_t address;

    EXPECT_EQUAL(event->words[1], event->page_count);
    EXPECT_OK(message_take_pages(event->id, &address));
    EXPECT(frames_of(SELF) >= before + event->page_count);
    pages_expect(address, event->page_count, event->words[2]);
    return address;
}

static void take_and_answer(const struct event *event)
{
    struct message answer = { .words = { OK } };
    uint32_t address = event->words[0] == TAKE_NONE ? 0 : take(event);
    uint32_t again;

    if (address != 0) {
        answer.words[1] = is_writable(address) ? TAKEN_WRITABLE : 0;
    }
    if (event->words[0] == TAKE_TWICE) {
        EXPECT_STATUS(NOTHING, message_take_pages(event->id, &again));
    }
    if (event->words[0] == TAKE_AND_WRITE) {
        write_anew(address, event->page_count, event->words[3]);
    }
    EXPECT_OK(message_reply(event->id, &answer));
    EXPECT_STATUS(BAD_ID, message_take_pages(event->id, &again));
    if (event->words[0] == TAKE_AND_KEEP) {
        struct event go;

        test_wait_event(&go, EVENT_MESSAGE);
        pages_expect(address, event->page_count, go.words[0]);
    }
    if (address != 0) {
        EXPECT_OK(memory_free(address, event->page_count));
    }
}

static void page_taker(int argc, char **argv)
{
    struct event event;
    (void)argc;
    (void)argv;

    for (;;) {
        test_wait_event(&event, EVENT_MESSAGE);
        if (event.words[0] == TAKE_QUIT) {
            return;
        }
        take_and_answer(&event);
    }
}

static void quit_taker(process_id_t taker)
{
    peer_tell(taker, TAKE_QUIT, 0);
    EXPECT_EQUAL(0, test_wait_exit(taker));
}

/* Calls the taker; what it says about the pages. */
static uint32_t call_taker(process_id_t taker, enum take take, uint32_t address, uint32_t count, uint32_t flags, uint32_t seed)
{
    struct message message = {
        .words = { take, count, seed, seed + 1000 }, .pages = (void *)address, .page_count = count, .page_flags = flags,
    };
    struct reply reply = { .pages = 99, .page_count = 99 };

    EXPECT_OK(message_call(taker, &message, &reply));
    EXPECT_EQUAL(OK, reply.words[0]);
    EXPECT_EQUAL(0, reply.page_count);
    return reply.words[1];
}

/* ---- With calls ---- */

static void given_pages_leave_the_giver(void)
{
    static const uint32_t counts[] = { 1, 2, 31, TABLE_PAGES, TABLE_PAGES + 3 };
    process_id_t taker = peer_start(CLASS_APPLICATION, "page_taker");

    for (uint32_t i = 0; i < COUNT(counts); i++) {
        uint32_t address = pages_new(counts[i], i * 7777);
        uint32_t before = frames_of(SELF);

        EXPECT_EQUAL(TAKEN_WRITABLE, call_taker(taker, TAKE_AND_LOOK, address, counts[i], PAGES_GIVE, i * 7777));
        EXPECT_EQUAL(before - counts[i], frames_of(SELF));
        EXPECT(!is_readable(address));
        EXPECT(!is_readable(address + (counts[i] - 1) * PAGE_SIZE));
        EXPECT_STATUS(BAD_ARGUMENT, memory_free(address, 1));
    }
    quit_taker(taker);
}

/* Gives a page away and touches it. Argument: whom. */
static void page_toucher(int argc, char **argv)
{
    uint32_t address = pages_new(1, 5);
    (void)argc;

    *(volatile uint32_t *)address = 5;   /* so that the processor has seen it */
    (void)call_taker(test_number(argv[1]), TAKE_AND_LOOK, address, 1, PAGES_GIVE, 5);
    *(volatile uint32_t *)address = 6;
}

static void touching_a_page_that_was_given_away_is_a_fault(void)
{
    process_id_t taker = peer_start(CLASS_APPLICATION, "page_taker");
    process_id_t toucher;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "page_toucher", &toucher, test_digits(taker).text, NULL));
    EXPECT_EQUAL(EXIT_FAULT | PAGE_FAULT, test_wait_exit(toucher));
    quit_taker(taker);
}

static void shared_pages_stay_and_are_read_only_for_the_taker(void)
{
    process_id_t taker = peer_start(CLASS_APPLICATION, "page_taker");
    uint32_t address = pages_new(3, 50);
    uint32_t before = frames_of(SELF);

    EXPECT_EQUAL(0, call_taker(taker, TAKE_AND_KEEP, address, 3, PAGES_SHARE, 50));
    EXPECT_EQUAL(before, frames_of(SELF));
    pages_expect(address, 3, 50);
    write_anew(address, 3, 60);
    EXPECT(is_writable(address));
    peer_tell(taker, 60, 0);             /* it must see what was written */
    EXPECT_EQUAL(0, call_taker(taker, TAKE_AND_LOOK, address, 3, PAGES_SHARE, 60));
    quit_taker(taker);
    pages_expect(address, 3, 60);
    EXPECT_OK(memory_free(address, 3));
}

static void pages_shared_writable_are_written_by_both(void)
{
    process_id_t taker = peer_start(CLASS_APPLICATION, "page_taker");
    uint32_t address = pages_new(3, 50);

    EXPECT_EQUAL(TAKEN_WRITABLE, call_taker(taker, TAKE_AND_WRITE, address, 3, PAGES_SHARE_WRITABLE, 50));
    pages_expect(address, 3, 50 + 1000);
    EXPECT_EQUAL(TAKEN_WRITABLE, call_taker(taker, TAKE_AND_KEEP, address, 3, PAGES_SHARE_WRITABLE, 1050));
    write_anew(address, 3, 70);
    peer_tell(taker, 70, 0);
    quit_taker(taker);
    EXPECT_OK(memory_free(address, 3));
}

static void pages_that_are_read_only_stay_so_whoever_gets_them(void)
{
    process_id_t taker = peer_start(CLASS_APPLICATION, "page_taker");

    for (uint32_t flags = PAGES_GIVE; flags <= PAGES_SHARE_WRITABLE; flags++) {
        uint32_t address = pages_new(2, 9);

        EXPECT_OK(memory_protect(address, 2, MEMORY_READ_ONLY));
        EXPECT_EQUAL(0, call_taker(taker, TAKE_AND_LOOK, address, 2, flags, 9));
        EXPECT_EQUAL(flags != PAGES_GIVE, is_readable(address));
        if (flags != PAGES_GIVE) {
            EXPECT_OK(memory_free(address, 2));
        }
    }
    quit_taker(taker);
}

static void pages_are_taken_once(void)
{
    process_id_t taker = peer_start(CLASS_APPLICATION, "page_taker");

    for (uint32_t flags = PAGES_GIVE; flags <= PAGES_SHARE_WRITABLE; flags++) {
        uint32_t address = pages_new(1, 3);

        (void)call_taker(taker, TAKE_TWICE, address, 1, flags, 3);
        if (flags != PAGES_GIVE) {
            EXPECT_OK(memory_free(address, 1));
        }
    }
    quit_taker(taker);
}

static void pages_that_nobody_takes_stay(void)
{
    process_id_t taker = peer_start(CLASS_APPLICATION, "page_taker");
    uint32_t address = pages_new(4, 11);
    uint32_t before = frames_of(SELF);

    (void)call_taker(taker, TAKE_NONE, address, 4, PAGES_GIVE, 11);
    EXPECT_EQUAL(before, frames_of(SELF));
    pages_expect(address, 4, 11);
    EXPECT(is_writable(address));
    (void)call_taker(taker, TAKE_AND_LOOK, address, 4, PAGES_GIVE, 11);
    quit_taker(taker);
}

/* Gives what it has to its parent, and ends. Argument: how. */
static void page_testator(int argc, char **argv)
{
    uint32_t address = pages_new(5, 123);
    struct message message = { .pages = (void *)address, .page_count = 5, .page_flags = test_number(argv[1]) };
    struct reply reply = { 0 };
    (void)argc;

    EXPECT_OK(message_call(process_page()->parent, &message, &reply));
}

static void pages_of_one_that_has_ended_live_on_with_the_taker(void)
{
    for (uint32_t flags = PAGES_GIVE; flags <= PAGES_SHARE_WRITABLE; flags++) {
        uint32_t address, other;
        struct event event;
        process_id_t testator;

        EXPECT_OK(test_spawn(CLASS_APPLICATION, "page_testator", &testator, test_digits(flags).text, NULL));
        test_wait_event(&event, EVENT_MESSAGE);
        EXPECT_EQUAL(5, event.page_count);
        EXPECT_OK(message_take_pages(event.id, &address));
        EXPECT_EQUAL(flags != PAGES_SHARE, is_writable(address));
        if (flags == PAGES_SHARE) {
            EXPECT_STATUS(BAD_ARGUMENT, memory_protect(address, 5, 0));
        }
        EXPECT_OK(message_reply(event.id, &nothing));
        EXPECT_EQUAL(0, test_wait_exit(testator));
        EXPECT_OK(memory_allocate(20, 0, &other));   /* would be its frames, if they were free */
        memset((void *)other, 0xEE, 20 * PAGE_SIZE);
        pages_expect(address, 5, 123);
        EXPECT_OK(memory_protect(address, 5, 0));    /* nobody else has them any more */
        EXPECT(is_writable(address));
        EXPECT_OK(memory_free(address, 5));
        EXPECT_OK(memory_free(other, 20));
    }
}

/* Each takes what it got and gives it on. Argument: whom. */
static void page_courier(int argc, char **argv)
{
    struct event event;
    uint32_t address;
    (void)argc;

    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_OK(message_take_pages(event.id, &address));
    EXPECT_OK(message_reply(event.id, &nothing));
    (void)call_taker(test_number(argv[1]), TAKE_AND_LOOK, address, event.page_count, PAGES_GIVE, event.words[2]);
    EXPECT(!is_readable(address));
}

static void pages_can_be_given_on(void)
{
    process_id_t next = peer_start(CLASS_APPLICATION, "page_taker");
    process_id_t taker = next;
    struct reply reply = { 0 };

    for (uint32_t i = 0; i < 4; i++) {
        EXPECT_OK(test_spawn(CLASS_APPLICATION, "page_courier", &next, test_digits(next).text, NULL));
    }
    uint32_t address = pages_new(6, 321);
    struct message message = { .words = { 0, 6, 321 }, .pages = (void *)address, .page_count = 6 };
    EXPECT_OK(message_call(next, &message, &reply));
    for (uint32_t i = 0; i < 4; i++) {
        struct event event;

        test_wait_event(&event, EVENT_PROCESS_EXITED);
        EXPECT_EQUAL(0, event.count);
    }
    quit_taker(taker);
}

const struct test call_pages_tests[] = {
    TEST(CLASS_APPLICATION, given_pages_leave_the_giver),
    TEST(CLASS_APPLICATION, touching_a_page_that_was_given_away_is_a_fault),
    TEST(CLASS_APPLICATION, shared_pages_stay_and_are_read_only_for_the_taker),
    TEST(CLASS_APPLICATION, pages_shared_writable_are_written_by_both),
    TEST(CLASS_APPLICATION, pages_that_are_read_only_stay_so_whoever_gets_them),
    TEST(CLASS_APPLICATION, pages_are_taken_once),
    TEST(CLASS_APPLICATION, pages_that_nobody_takes_stay),
    TEST(CLASS_APPLICATION, pages_of_one_that_has_ended_live_on_with_the_taker),
    TEST(CLASS_APPLICATION, pages_can_be_given_on),
};
const uint32_t call_pages_test_count = COUNT(call_pages_tests);

const struct role call_pages_roles[] = {
    ROLE(page_taker),
    ROLE(page_toucher),
    ROLE(page_testator),
    ROLE(page_courier),
};
const uint32_t call_pages_role_count = COUNT(call_pages_roles);
