/* Calls that would wait for themselves, directly or through others: the one that closes the ring is refused, nobody hangs. */
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "call_state.h"
#include "files.h"
#include "peer.h"

#define RING_MAX 6U
#define SAYS_STATUS 0x100U       /* in words[0] of an answer: with the status that came of the next call */

/* How a member of a ring calls the next. */
enum ring_call { RING_PAGE, RING_INT, RING_MEMORY, RING_CALLS };

/* Calls the next member; the answer's first word, or the status if there is none. */
static uint32_t call_next(process_id_t next, enum ring_call how)
{
    static const struct message nothing;
    struct words words = { { 0 } };
    struct reply reply = { 0 };
    status_t status = how == RING_MEMORY ? message_call(next, &nothing, &reply)
                                         : message_call_words_by(how == RING_PAGE ? CALL_BY_PAGE : CALL_BY_INT, next, &words);

    return status != OK ? (uint32_t)status : how == RING_MEMORY ? reply.words[0] : words.word[0];
}

/* Is told the next member and how to call it. Called, it calls that, and answers with what came of it; so the end of
 * the ring's story comes back to its first member. Told 0, it begins. */
static void ring_member(int argc, char **argv)
{
    struct words words = { { 0 } };
    process_id_t next = 0;
    enum ring_call how = RING_PAGE;
    message_id_t call = 0;
    struct event event;
    (void)argc;
    (void)argv;

    for (;;) {
        call = message_reply_wait_words(call, &words, &event);
        bool is_called = call != 0 || (event.flags & EVENT_WANTS_REPLY) != 0;

        if (!is_called && event.words[0] == PEER_QUIT) {
            return;
        }
        if (!is_called && event.words[0] != 0) {
            next = event.words[0];
            how = event.words[1];
            continue;
        }
        call = call != 0 || !is_called ? call : event.id;
        uint32_t came = call_next(next, how);
        if (!is_called) {
            peer_tell(process_page()->parent, came, 0);
        }
        words = (struct words){ { came == DEADLOCK ? SAYS_STATUS + came : came } };
    }
}

static void start_ring(process_id_t *members, uint32_t size, uint32_t how)
{
    for (uint32_t i = 0; i < size; i++) {
        members[i] = peer_start(i % 3 == 2 ? CLASS_SERVER : CLASS_APPLICATION, "ring_member");
    }
    for (uint32_t i = 0; i < size; i++) {
        peer_tell(members[i], members[(i + 1) % size], (how + i) % RING_CALLS);
    }
}

static void end_ring(const process_id_t *members, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        peer_quit(members[i]);
    }
}

static void expect_ring_is_not_closed(uint32_t size, uint32_t how)
{
    process_id_t members[RING_MAX];
    struct event event;

    start_ring(members, size, how);
    for (uint32_t begin = 0; begin < size; begin++) {
        peer_tell(members[begin], 0, 0);
        test_wait_event(&event, EVENT_MESSAGE);
        EXPECT_EQUAL(members[begin], event.sender);
        EXPECT_EQUAL(size == 1 ? DEADLOCK : SAYS_STATUS + DEADLOCK, event.words[0]);
    }
    end_ring(members, size);
}

static void call_that_would_close_a_ring_is_refused(void)
{
    for (uint32_t size = 1; size <= RING_MAX; size++) {
        for (uint32_t how = 0; how < RING_CALLS; how++) {
            expect_ring_is_not_closed(size, how);
        }
    }
}

/* Two call each other while neither waits for calls: the second would close the ring. */
static void ring_of_calls_in_the_queue_is_not_closed(void)
{
    for (uint32_t how = 0; how < RING_CALLS; how++) {
        process_id_t members[3];
        uint32_t refused = 0;

        start_ring(members, COUNT(members), how);
        for (uint32_t i = 0; i < COUNT(members); i++) {
            EXPECT_OK(process_sleep(members[i]));
            peer_tell(members[i], 0, 0);
        }
        for (uint32_t i = 0; i < COUNT(members); i++) {
            EXPECT_OK(process_wake(members[i]));
        }
        for (uint32_t i = 0; i < COUNT(members); i++) {
            struct event event;

            test_wait_event(&event, EVENT_MESSAGE);
            refused += event.words[0] == DEADLOCK || event.words[0] == SAYS_STATUS + DEADLOCK;
        }
        EXPECT(refused >= 1);
        end_ring(members, COUNT(members));
    }
}

/* ---- A ring with a process in it that can answer ---- */

/* Answers calls, while the main thread is in one. */
static void ring_answerer(void *unused)
{
    struct words words = { { 0 } };
    message_id_t call = 0;
    struct event event;

    (void)unused;
    for (;;) {
        call = message_reply_wait_words(call, &words, &event);
        call = call != 0 ? call : event.id;
        EXPECT(call != 0);
        words = (struct words){ { 4242 } };
    }
}

static void ring_through_a_process_with_another_thread_works(void)
{
    process_id_t members[3];

    EXPECT_OK(thread_start(ring_answerer, NULL, PEER_STACK_BYTES, NULL));
    for (uint32_t how = 0; how < RING_CALLS; how++) {
        for (uint32_t i = 0; i < COUNT(members); i++) {
            struct spawn spawn = { .class = CLASS_APPLICATION };

            EXPECT_OK(test_spawn_as(&spawn, "ring_member", &members[i], NULL));
        }
        for (uint32_t i = 0; i < COUNT(members); i++) {
            peer_tell(members[i], i + 1 < COUNT(members) ? members[i + 1] : process_page()->id, (how + i) % RING_CALLS);
        }
        EXPECT_EQUAL(4242, call_next(members[0], how));
        for (uint32_t i = 0; i < COUNT(members); i++) {
            peer_tell(members[i], PEER_QUIT, 0);
        }
        clock_sleep(A_MOMENT_NS);
    }
}

/* The other thread answers nothing, but it could: that is for its process to know. */
static void ring_sleeper(void *unused)
{
    (void)unused;
    (void)thread_delay(FOREVER);
}

static volatile status_t closing_status;

static void ring_closer(void *member)
{
    struct words words = { { 0 } };

    closing_status = message_call_words((process_id_t)member, &words);
}

static void ring_that_may_open_again_ends_with_its_members(void)
{
    process_id_t member = peer_start(CLASS_APPLICATION, "ring_member");

    EXPECT_OK(thread_start(ring_sleeper, NULL, PEER_STACK_BYTES, NULL));
    closing_status = NOTHING;
    peer_tell(member, process_page()->id, RING_PAGE);
    EXPECT_OK(thread_start(ring_closer, (void *)member, PEER_STACK_BYTES, NULL));
    clock_sleep(A_MOMENT_NS);
    EXPECT_STATUS(NOTHING, closing_status);
    EXPECT_OK(process_terminate(member, 0));
    clock_sleep(A_MOMENT_NS);
    EXPECT_STATUS(PEER_DIED, closing_status);
    EXPECT_EQUAL(EXIT_TERMINATED, test_wait_exit(member));   /* its call has gone with it: no other event is there */
}

/* ---- A ring of calls that are made at once ---- */

/* Calls the process that it is told of; ends, with what came of it, when that call does. */
static void ring_link(int argc, char **argv)
{
    static const struct message nothing;
    struct reply reply = { 0 };
    struct event event;
    (void)argc;
    (void)argv;

    test_wait_event(&event, EVENT_MESSAGE);
    process_exit(message_call(event.words[0], &nothing, &reply));
}

/* Each calls the next. The call that would close the ring is refused; with the one that made it the others end in turn. */
static void ring_of_calls_is_never_closed(void)
{
    enum { LINKS = 4 };
    process_id_t links[LINKS];
    uint32_t refused = 0;

    for (uint32_t i = 0; i < LINKS; i++) {
        EXPECT_OK(test_spawn(CLASS_APPLICATION, "ring_link", &links[i], NULL));
    }
    for (uint32_t i = 0; i < LINKS; i++) {
        struct message next = { .words = { links[(i + 1) % LINKS] } };

        EXPECT_OK(message_send(links[i], &next));
    }
    for (uint32_t i = 0; i < LINKS; i++) {
        struct event event;

        test_wait_event(&event, EVENT_PROCESS_EXITED);
        refused += event.count == DEADLOCK;
        EXPECT(event.count == DEADLOCK || event.count == PEER_DIED || event.count == BAD_ID);
    }
    EXPECT_EQUAL(1, refused);
}

const struct test rings_tests[] = {
    TEST(CLASS_SERVER, call_that_would_close_a_ring_is_refused),
    TEST(CLASS_SERVER, ring_of_calls_in_the_queue_is_not_closed),
    TEST(CLASS_SERVER, ring_of_calls_is_never_closed),
    TEST(CLASS_APPLICATION, ring_through_a_process_with_another_thread_works),
    TEST(CLASS_SERVER, ring_that_may_open_again_ends_with_its_members),
};
const uint32_t rings_test_count = COUNT(rings_tests);

const struct role rings_roles[] = {
    ROLE(ring_member),
    ROLE(ring_link),
};
const uint32_t rings_role_count = COUNT(rings_roles);
