/* Pages that come with answers. */
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
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

static uint32_t pages_new(uint32_t count, uint32_t seed)
{
    uint32_t address;

    EXPECT_OK(memory_allocate(count, 0, &address));
    for (uint32_t i = 0; i < count; i++) {
        *(volatile uint32_t *)(address + i * PAGE_SIZE) = seed + i;
    }
    return address;
}

static void pages_expect(uint32_t address, uint32_t count, uint32_t seed)
{
    EXPECT_EQUAL(0, address % PAGE_SIZE);
    for (uint32_t i = 0; i < count; i++) {
        EXPECT_EQUAL(seed + i, *(volatile uint32_t *)(address + i * PAGE_SIZE));
    }
}

/* Whether the kernel would write there for us. */
static bool is_writable(uint32_t address)
{
    uint32_t before = *(volatile uint32_t *)address;
    status_t status = system_random((void *)address, sizeof before);

    if (status == OK) {
        *(volatile uint32_t *)address = before;
    }
    return status == OK;
}

/* Answers a call of COUNT, FLAGS, SEED with such pages and a string; then tells whether it still has them. */
static void answers_server(int argc, char **argv)
{
    struct event event;
    (void)argc;
    (void)argv;

    for (;;) {
        test_wait_event(&event, EVENT_MESSAGE);
        if (event.words[0] == PEER_QUIT) {
            return;
        }
        uint32_t count = event.words[0], flags = event.words[1];
        uint32_t address = pages_new(count, event.words[2]);
        struct message answer = {
            .words = { address }, .string = "string", .string_size = 6,
            .pages = (void *)address, .page_count = count, .page_flags = flags,
        };
        uint32_t before = frames_of_self();

        EXPECT_OK(message_reply(event.id, &answer));
        EXPECT_EQUAL(flags == PAGES_GIVE ? before - count : before, frames_of_self());
        EXPECT_STATUS(flags == PAGES_GIVE ? BAD_ARGUMENT : OK, memory_free(address, count));
    }
}

static void call_for_pages(process_id_t server, uint32_t count, uint32_t flags, uint32_t seed)
{
    struct message message = { .words = { count, flags, seed } };
    char string[6];
    struct reply reply = { .buffer = string, .buffer_size = sizeof string };
    uint32_t before = frames_of_self();

    EXPECT_OK(message_call(server, &message, &reply));
    EXPECT_EQUAL(count, reply.page_count);
    EXPECT_EQUAL(6, reply.string_size);
    EXPECT(memcmp(string, "string", 6) == 0);
    EXPECT(frames_of_self() >= before + count);
    pages_expect(reply.pages, count, seed);
    EXPECT_EQUAL(flags != PAGES_SHARE, is_writable(reply.pages));
    EXPECT_OK(memory_free(reply.pages, count));
}

static void answers_bring_pages(void)
{
    static const uint32_t counts[] = { 1, 2, 7, 500 };
    process_id_t server = peer_start(CLASS_APPLICATION, "answers_server");
    struct message message = { .words = { 3, PAGES_GIVE, 77 } };
    char string[3];
    struct reply reply = { .buffer = string, .buffer_size = sizeof string };

    for (uint32_t i = 0; i < COUNT(counts); i++) {
        for (uint32_t flags = PAGES_GIVE; flags <= PAGES_SHARE_WRITABLE; flags++) {
            call_for_pages(server, counts[i], flags, i * 100 + flags);
        }
    }
    /* A string that is cut short keeps no page back. */
    EXPECT_STATUS(TRUNCATED, message_call(server, &message, &reply));
    EXPECT_EQUAL(3, reply.page_count);
    pages_expect(reply.pages, 3, 77);
    peer_quit(server);
}

/* ---- Refused ---- */

static void answers_asker(int argc, char **argv)
{
    struct reply reply = { 0 };
    (void)argc;
    (void)argv;

    EXPECT_OK(message_call(process_page()->parent, &nothing, &reply));
    EXPECT_EQUAL(2, reply.page_count);
    pages_expect(reply.pages, 2, 55);
}

static void expect_answer_refused(message_id_t call, struct message answer, status_t expected)
{
    struct event event;
    uint32_t before = frames_of_self();

    EXPECT_STATUS(expected, message_reply(call, &answer));
    EXPECT_STATUS(expected, message_reply_wait(call, &answer, &event, 0));
    EXPECT_EQUAL(before, frames_of_self());
}

static void answer_with_pages_that_are_not_there_can_be_given_anew(void)
{
    process_id_t asker = peer_start(CLASS_APPLICATION, "answers_asker");
    uint32_t run = pages_new(4, 55);
    struct event event;

    EXPECT_OK(memory_free(run + 2 * PAGE_SIZE, 1));
    test_wait_event(&event, EVENT_MESSAGE);
    const uint32_t bad[][2] = {
        { run, 3 }, { run + 1, 1 }, { run + PAGE_SIZE - 1, 1 }, { run + 2 * PAGE_SIZE, 1 }, { run, MESSAGE_PAGES_MAX }, { 0, 1 },
        { SYSTEM_PAGE, 1 }, { PROCESS_PAGE, 1 }, { USER_END, 1 }, { USER_END - PAGE_SIZE, 2 }, { 0xFFFFF000, 2 },
    };
    for (uint32_t i = 0; i < COUNT(bad); i++) {
        for (uint32_t flags = PAGES_GIVE; flags <= PAGES_SHARE_WRITABLE; flags++) {
            struct message answer = { .pages = (void *)bad[i][0], .page_count = bad[i][1], .page_flags = flags };

            expect_answer_refused(event.id, answer, BAD_ARGUMENT);
        }
    }
    struct message answer = { .pages = (void *)run, .page_count = 2, .page_flags = PAGES_SHARE_WRITABLE + 1 };
    expect_answer_refused(event.id, answer, BAD_ARGUMENT);
    answer.page_count = MESSAGE_PAGES_MAX + 1;
    expect_answer_refused(event.id, answer, TOO_BIG);
    answer.page_count = 2;
    answer.page_flags = PAGES_GIVE;
    pages_expect(run, 2, 55);
    EXPECT_OK(message_reply(event.id, &answer));
    EXPECT_EQUAL(0, test_wait_exit(asker));
}

/* Uses up its quota but for a few pages, and asks for more. */
static void answers_poor_asker(int argc, char **argv)
{
    struct reply reply = { .pages = 5, .page_count = 5 };
    uint32_t page;
    (void)argc;
    (void)argv;

    while (memory_allocate(1, 0, &page) == OK) {
    }
    EXPECT_OK(memory_free(page - 50 * PAGE_SIZE, 50));
    uint32_t before = frames_of_self();
    for (uint32_t i = 0; i <= PAGES_SHARE_WRITABLE; i++) {
        EXPECT_STATUS(OVER_QUOTA, message_call(process_page()->parent, &nothing, &reply));
        EXPECT_EQUAL(5, reply.page_count);
    }
    EXPECT(frames_of_self() <= before + 1);          /* a page table, at most */
    EXPECT_OK(message_call(process_page()->parent, &nothing, &reply));
}

static void pages_of_an_answer_stay_if_the_caller_has_no_quota(void)
{
    struct spawn spawn = { .class = CLASS_APPLICATION, .flags = SPAWN_WATCH, .grant.limits[RESOURCE_FRAMES] = 400 };
    uint32_t run = pages_new(100, 66);
    process_id_t asker;
    struct event event;

    EXPECT_OK(test_spawn_as(&spawn, "answers_poor_asker", &asker, NULL));
    for (uint32_t flags = PAGES_GIVE; flags <= PAGES_SHARE_WRITABLE; flags++) {
        struct message answer = { .pages = (void *)run, .page_count = 100, .page_flags = flags };

        test_wait_event(&event, EVENT_MESSAGE);
        uint32_t before = frames_of_self();
        EXPECT_OK(message_reply(event.id, &answer));
        EXPECT_EQUAL(before, frames_of_self());
        pages_expect(run, 100, 66);
    }
    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_OK(message_reply(event.id, &nothing));
    EXPECT_EQUAL(0, test_wait_exit(asker));
    EXPECT_OK(memory_free(run, 100));
}

/* ---- One's own reply is in the pages that one gives ---- */

static void answers_page_taker(int argc, char **argv)
{
    struct event event;
    uint32_t address;
    (void)argc;
    (void)argv;

    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_OK(message_take_pages(event.id, &address));
    EXPECT_OK(message_reply(event.id, &(const struct message){ .words = { 0xBAD } }));
    for (uint32_t i = 0; i < PAGE_SIZE / sizeof(uint32_t); i++) {
        EXPECT(((const volatile uint32_t *)address)[i] != 0xBAD);    /* the answer went nowhere */
    }
}

static void answer_does_not_follow_a_reply_that_was_given_away(void)
{
    process_id_t taker = peer_start(CLASS_APPLICATION, "answers_page_taker");
    uint32_t page = pages_new(1, 0);
    struct message message = { .pages = (void *)page, .page_count = 1, .page_flags = PAGES_GIVE };

    EXPECT_STATUS(BAD_ADDRESS, message_call(taker, &message, (struct reply *)page));
    EXPECT_EQUAL(0, test_wait_exit(taker));
}

/* ---- Between threads of one process ---- */

static volatile uint32_t own_address;

static void take_own_pages(void *unused)
{
    struct event event;
    uint32_t address;

    (void)unused;
    for (;;) {
        test_wait_event(&event, EVENT_MESSAGE);
        EXPECT_OK(message_take_pages(event.id, &address));
        own_address = address;
        EXPECT_OK(message_reply(event.id, &nothing));
    }
}

/* What is given moves; what is shared is there twice. */
static void pages_can_be_given_to_oneself(void)
{
    EXPECT_OK(thread_start(take_own_pages, NULL, PEER_STACK_BYTES, NULL));
    for (uint32_t flags = PAGES_GIVE; flags <= PAGES_SHARE_WRITABLE; flags++) {
        uint32_t run = pages_new(3, 10);
        struct message message = { .pages = (void *)run, .page_count = 3, .page_flags = flags };
        struct reply reply = { 0 };
        uint32_t before = frames_of_self();

        EXPECT_OK(message_call(SELF, &message, &reply));
        EXPECT(own_address != run);
        pages_expect(own_address, 3, 10);
        EXPECT_EQUAL(flags == PAGES_GIVE ? before : before + 3, frames_of_self());
        EXPECT_EQUAL(flags != PAGES_SHARE, is_writable(own_address));
        if (flags == PAGES_SHARE_WRITABLE) {
            *(volatile uint32_t *)own_address = 99;
            EXPECT_EQUAL(99, *(volatile uint32_t *)run);
        }
        EXPECT_STATUS(flags == PAGES_GIVE ? BAD_ARGUMENT : OK, memory_free(run, 3));
        EXPECT_OK(memory_free(own_address, 3));
    }
}

const struct test call_answers_tests[] = {
    TEST(CLASS_APPLICATION, answers_bring_pages),
    TEST(CLASS_APPLICATION, answer_with_pages_that_are_not_there_can_be_given_anew),
    TEST(CLASS_APPLICATION, pages_of_an_answer_stay_if_the_caller_has_no_quota),
    TEST(CLASS_APPLICATION, answer_does_not_follow_a_reply_that_was_given_away),
    TEST(CLASS_APPLICATION, pages_can_be_given_to_oneself),
};
const uint32_t call_answers_test_count = COUNT(call_answers_tests);

const struct role call_answers_roles[] = {
    ROLE(answers_server),
    ROLE(answers_asker),
    ROLE(answers_poor_asker),
    ROLE(answers_page_taker),
};
const uint32_t call_answers_role_count = COUNT(call_answers_roles);
