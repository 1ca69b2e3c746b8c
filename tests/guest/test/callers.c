/* Calls: whatever becomes of the other end, a caller gets its answer or its error at once, and nothing stays behind. */
#include <ternion/call.h>
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "files.h"

#define STACK_BYTES 4096U
#define A_MOMENT_NS (20 * MILLISECOND)
#define AT_ONCE_NS SECOND            /* on a busy host a moment is long */

static const struct message nothing;

/* ---- Receivers that end ---- */

static void caller_peer_waits(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    clock_sleep(A_MOMENT_NS);
    process_exit(7);
}

static void caller_peer_takes(int argc, char **argv)
{
    struct event event;
    (void)argc;
    (void)argv;

    test_wait_event(&event, EVENT_MESSAGE);
    process_exit(7);
}

static void caller_peer_faults(int argc, char **argv)
{
    struct event event;
    (void)argc;
    (void)argv;

    test_wait_event(&event, EVENT_MESSAGE);
    *(volatile uint32_t *)USER_END = 0;
}

static void caller_peer_answers(int argc, char **argv)
{
    struct message answer = { .words = { 42 }, .string = "answer", .string_size = 6 };
    struct event event;
    (void)argc;
    (void)argv;

    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_OK(message_reply(event.id, &answer));
    process_exit(7);
}

static void caller_peer_discards(int argc, char **argv)
{
    struct event event;
    (void)argc;
    (void)argv;

    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_OK(message_discard(event.id));
    process_exit(7);
}

static status_t call_role(const char *role, uint32_t exit_code, struct reply *reply)
{
    process_id_t peer;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, role, &peer, NULL));
    nanoseconds_t begin = clock_now();
    status_t status = message_call(peer, &nothing, reply);
    EXPECT(clock_now() - begin < AT_ONCE_NS);
    EXPECT_EQUAL(exit_code, test_wait_exit(peer));
    EXPECT_STATUS(BAD_ID, message_call(peer, &nothing, reply));
    EXPECT_STATUS(BAD_ID, message_send(peer, &nothing));
    return status;
}

static void caller_learns_of_the_death_of_its_receiver(void)
{
    struct reply reply = { .words = { 1, 2, 3, 4 } };

    EXPECT_STATUS(PEER_DIED, call_role("caller_peer_waits", 7, &reply));
    EXPECT_STATUS(PEER_DIED, call_role("caller_peer_takes", 7, &reply));
    EXPECT_STATUS(PEER_DIED, call_role("caller_peer_faults", EXIT_FAULT | 14, &reply));
    EXPECT_EQUAL(1, reply.words[0]);
    EXPECT_EQUAL(4, reply.words[3]);
}

static void answer_arrives_though_its_sender_has_ended(void)
{
    char string[8];
    struct reply reply = { .buffer = string, .buffer_size = sizeof string };

    EXPECT_OK(call_role("caller_peer_answers", 7, &reply));
    EXPECT_EQUAL(42, reply.words[0]);
    EXPECT_EQUAL(6, reply.string_size);
    EXPECT(memcmp(string, "answer", 6) == 0);
}

static void caller_learns_that_its_message_was_discarded(void)
{
    struct reply reply = { 0 };

    EXPECT_STATUS(DISCARDED, call_role("caller_peer_discards", 7, &reply));
}

/* ---- Receivers that are ended, or sleep ---- */

static void caller_idler(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    (void)thread_delay(FOREVER);
}

static volatile struct {
    process_id_t peer;
    status_t status;
    uint32_t done;
} call;

static void call_thread(void *unused)
{
    char string[8];
    struct reply reply = { .buffer = string, .buffer_size = sizeof string };

    (void)unused;
    call.status = message_call(call.peer, &nothing, &reply);
    call.done++;
}

static thread_id_t call_in_thread(process_id_t peer)
{
    thread_id_t thread;

    call.peer = peer;
    EXPECT_OK(thread_start(call_thread, NULL, STACK_BYTES, &thread));
    return thread;
}

static void expect_call_status(uint32_t number, status_t expected)
{
    nanoseconds_t deadline_ns = clock_after(AT_ONCE_NS);

    while (call.done < number && clock_now() < deadline_ns) {
        clock_sleep(1);
    }
    EXPECT_EQUAL(number, call.done);
    EXPECT_STATUS(expected, call.status);
}

static void caller_learns_that_its_receiver_was_terminated(void)
{
    process_id_t peer;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "caller_idler", &peer, NULL));
    call_in_thread(peer);
    clock_sleep(A_MOMENT_NS);
    EXPECT_EQUAL(0, call.done);
    EXPECT_OK(process_terminate(peer, 3));
    EXPECT_EQUAL(EXIT_TERMINATED | 3, test_wait_exit(peer));
    expect_call_status(1, PEER_DIED);
}

/* thread_wake is for thread_sleep: it does not end a call. */
static void waking_a_thread_does_not_end_its_call(void)
{
    process_id_t peer;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "caller_idler", &peer, NULL));
    thread_id_t thread = call_in_thread(peer);
    clock_sleep(A_MOMENT_NS);
    EXPECT_OK(thread_wake(thread));
    clock_sleep(A_MOMENT_NS);
    EXPECT_EQUAL(0, call.done);
    EXPECT_OK(process_terminate(peer, 0));
    (void)test_wait_exit(peer);
    expect_call_status(1, PEER_DIED);
}

static void message_waits_for_a_receiver_that_sleeps(void)
{
    process_id_t peer;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "caller_peer_answers", &peer, NULL));
    EXPECT_OK(process_sleep(peer));
    call_in_thread(peer);
    clock_sleep(A_MOMENT_NS);
    EXPECT_EQUAL(0, call.done);
    EXPECT_OK(process_wake(peer));
    expect_call_status(1, OK);
    EXPECT_EQUAL(7, test_wait_exit(peer));
}

/* ---- Callers that end, or sleep ---- */

static void caller_asker(int argc, char **argv)
{
    struct message message = { .string = "a question longer than what fits into an event, so that it waits to be received" };
    struct reply reply = { 0 };
    (void)argc;
    (void)argv;

    message.string_size = (uint32_t)strlen(message.string);
    EXPECT_OK(message_call(process_page()->parent, &message, &reply));
    process_exit(reply.words[0]);
}

static process_id_t spawn_asker(void)
{
    process_id_t asker;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "caller_asker", &asker, NULL));
    return asker;
}

/* Tells before it calls: after a moment it can do nothing but wait for us. */
static void caller_that_tells(int argc, char **argv)
{
    EXPECT_OK(message_send(process_page()->parent, &nothing));
    caller_asker(argc, argv);
}

static void call_of_a_caller_that_ended_is_never_seen(void)
{
    struct event event;
    process_id_t askers[2];

    for (uint32_t i = 0; i < COUNT(askers); i++) {
        EXPECT_OK(test_spawn(CLASS_APPLICATION, "caller_that_tells", &askers[i], NULL));
        clock_sleep(A_MOMENT_NS);
    }
    EXPECT_OK(process_terminate(askers[0], 0));
    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_EQUAL(askers[0], event.sender);
    EXPECT_EQUAL(0, event.flags);
    for (uint32_t i = 0; i < 2; i++) {
        test_wait_event(&event, EVENT_MESSAGE);
        EXPECT_EQUAL(askers[1], event.sender);
    }
    EXPECT_EQUAL(EVENT_WANTS_REPLY, event.flags);
    EXPECT_OK(message_reply(event.id, &nothing));
    EXPECT_EQUAL(EXIT_TERMINATED, test_wait_exit(askers[0]));
    EXPECT_EQUAL(0, test_wait_exit(askers[1]));
    EXPECT_STATUS(NOTHING, event_poll(&event));
}

static process_id_t take_question(struct event *event_out)
{
    process_id_t asker = spawn_asker();

    test_wait_event(event_out, EVENT_MESSAGE);
    EXPECT_EQUAL(EVENT_WANTS_REPLY, event_out->flags);
    EXPECT_EQUAL(asker, event_out->sender);
    return asker;
}

static void receiver_learns_that_the_caller_has_ended(void)
{
    uint8_t string[128];
    struct words words = { { 0 } };
    struct event event, other;
    uint32_t pages;

    process_id_t asker = take_question(&event);
    EXPECT_OK(process_terminate(asker, 0));
    (void)test_wait_exit(asker);
    EXPECT_STATUS(BAD_ID, message_reply(event.id, &nothing));
    EXPECT_STATUS(BAD_ID, message_receive(event.id, string, sizeof string));
    EXPECT_STATUS(BAD_ID, message_discard(event.id));
    EXPECT_STATUS(BAD_ID, message_take_pages(event.id, &pages));
    EXPECT_STATUS(BAD_ID, message_reply_wait(event.id, &nothing, &other, 0));
    EXPECT_EQUAL(0, message_reply_wait_words(event.id, &words, &other));
    EXPECT_EQUAL(EVENT_NONE, other.kind);
    EXPECT_STATUS(BAD_ID, other.count);
}

static void caller_that_sleeps_finds_its_answer_when_it_wakes(void)
{
    struct message answer = { .words = { 5 } };
    struct event event;

    process_id_t asker = take_question(&event);
    EXPECT_OK(process_sleep(asker));
    EXPECT_OK(message_reply(event.id, &answer));
    EXPECT_STATUS(TIMED_OUT, event_wait(&event, clock_after(A_MOMENT_NS)));
    EXPECT_OK(process_wake(asker));
    EXPECT_EQUAL(5, test_wait_exit(asker));
}

/* Says how many calls it has found when a message comes. */
static void caller_peer_counts(int argc, char **argv)
{
    struct event event;
    uint32_t calls = 0;
    (void)argc;
    (void)argv;

    for (;;) {
        test_wait_event(&event, EVENT_MESSAGE);
        if (event.flags != EVENT_WANTS_REPLY) {
            process_exit(calls);
        }
        calls++;
    }
}

static void call_ends_with_the_thread_that_made_it(void)
{
    process_id_t peer;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "caller_peer_counts", &peer, NULL));
    EXPECT_OK(process_sleep(peer));
    thread_id_t first = call_in_thread(peer);
    thread_id_t second = call_in_thread(peer);
    clock_sleep(A_MOMENT_NS);
    EXPECT_OK(thread_terminate(first));
    EXPECT_OK(message_send(peer, &nothing));
    EXPECT_EQUAL(0, call.done);
    EXPECT_OK(process_wake(peer));
    EXPECT_EQUAL(1, test_wait_exit(peer));
    expect_call_status(1, PEER_DIED);
    EXPECT_STATUS(BAD_ID, thread_terminate(first));
    (void)second;
}

/* The waiting thread itself is the message. */
static void caller_without_anything(int argc, char **argv)
{
    struct process_information self;
    (void)argc;
    (void)argv;

    EXPECT_STATUS(OVER_QUOTA, message_send(SELF, &nothing));
    for (uint32_t i = 0; i < 3; i++) {
        (void)call_in_thread(process_page()->parent);
    }
    clock_sleep(A_MOMENT_NS);
    EXPECT_OK(process_information(SELF, &self));
    EXPECT_EQUAL(0, self.used[RESOURCE_MESSAGE_BYTES]);
    EXPECT_EQUAL(0, self.used[RESOURCE_OBJECTS]);
    expect_call_status(3, OK);
}

static void call_costs_its_caller_nothing(void)
{
    struct spawn spawn = { .class = CLASS_APPLICATION, .flags = SPAWN_WATCH, .grant.limits[RESOURCE_MESSAGE_BYTES] = 1 };
    struct system_statistics before, now;
    struct event event;
    process_id_t peer;

    EXPECT_OK(system_statistics(&before));
    EXPECT_OK(test_spawn_as(&spawn, "caller_without_anything", &peer, NULL));
    clock_sleep(3 * A_MOMENT_NS);
    EXPECT_OK(system_statistics(&now));
    EXPECT_EQUAL(before.messages, now.messages);
    for (uint32_t i = 0; i < 3; i++) {
        test_wait_event(&event, EVENT_MESSAGE);
        EXPECT_OK(message_reply(event.id, &nothing));
    }
    EXPECT_EQUAL(0, test_wait_exit(peer));
}

/* ---- Who pays ---- */

#define BIG_ANSWER 30000U

static uint8_t *big_buffer(void)
{
    uint8_t *buffer = calloc(1, BIG_ANSWER);

    EXPECT(buffer != NULL);
    return buffer;
}

/* Has room for no message of its own. */
static void caller_poor_answerer(int argc, char **argv)
{
    uint8_t *string = big_buffer();
    struct message answer = { .string = string, .string_size = BIG_ANSWER };
    struct event event;
    (void)argc;
    (void)argv;

    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_STATUS(OVER_QUOTA, message_send(SELF, &nothing));
    string[BIG_ANSWER - 1] = 42;
    EXPECT_OK(message_reply(event.id, &answer));
}

static void answer_costs_its_sender_nothing(void)
{
    uint8_t *string = big_buffer();
    struct spawn spawn = { .class = CLASS_APPLICATION, .flags = SPAWN_WATCH, .grant.limits[RESOURCE_MESSAGE_BYTES] = 1 };
    struct reply reply = { .buffer = string, .buffer_size = BIG_ANSWER };
    process_id_t peer;

    EXPECT_OK(test_spawn_as(&spawn, "caller_poor_answerer", &peer, NULL));
    EXPECT_OK(message_call(peer, &nothing, &reply));
    EXPECT_EQUAL(42, string[BIG_ANSWER - 1]);
    EXPECT_EQUAL(0, test_wait_exit(peer));
}

/* It goes straight into the caller's memory. */
static void caller_poor_asker(int argc, char **argv)
{
    uint8_t *string = big_buffer();
    struct reply reply = { .buffer = string, .buffer_size = BIG_ANSWER };
    (void)argc;
    (void)argv;

    EXPECT_STATUS(OVER_QUOTA, message_send(SELF, &nothing));
    EXPECT_OK(message_call(process_page()->parent, &nothing, &reply));
    EXPECT_EQUAL(BIG_ANSWER, reply.string_size);
    EXPECT_EQUAL(42, string[BIG_ANSWER - 1]);
    reply.buffer_size = 100;
    EXPECT_STATUS(TRUNCATED, message_call(process_page()->parent, &nothing, &reply));
    EXPECT_EQUAL(BIG_ANSWER, reply.string_size);
}

static void answer_costs_its_caller_nothing(void)
{
    uint8_t *string = big_buffer();
    struct message answer = { .string = string, .string_size = BIG_ANSWER };
    struct spawn spawn = { .class = CLASS_APPLICATION, .flags = SPAWN_WATCH, .grant.limits[RESOURCE_MESSAGE_BYTES] = 1 };
    struct event event;
    process_id_t asker;

    string[BIG_ANSWER - 1] = 42;
    EXPECT_OK(test_spawn_as(&spawn, "caller_poor_asker", &asker, NULL));
    for (uint32_t i = 0; i < 2; i++) {
        test_wait_event(&event, EVENT_MESSAGE);
        EXPECT_OK(message_reply(event.id, &answer));
    }
    EXPECT_EQUAL(0, test_wait_exit(asker));
}

const struct test callers_tests[] = {
    TEST(CLASS_SERVER, caller_learns_of_the_death_of_its_receiver),
    TEST(CLASS_SERVER, answer_arrives_though_its_sender_has_ended),
    TEST(CLASS_SERVER, caller_learns_that_its_message_was_discarded),
    TEST(CLASS_SERVER, caller_learns_that_its_receiver_was_terminated),
    TEST(CLASS_SERVER, waking_a_thread_does_not_end_its_call),
    TEST(CLASS_SERVER, message_waits_for_a_receiver_that_sleeps),
    TEST(CLASS_SERVER, call_of_a_caller_that_ended_is_never_seen),
    TEST(CLASS_SERVER, receiver_learns_that_the_caller_has_ended),
    TEST(CLASS_SERVER, caller_that_sleeps_finds_its_answer_when_it_wakes),
    TEST(CLASS_SERVER, call_ends_with_the_thread_that_made_it),
    TEST(CLASS_SERVER, call_costs_its_caller_nothing),
    TEST(CLASS_SERVER, answer_costs_its_sender_nothing),
    TEST(CLASS_SERVER, answer_costs_its_caller_nothing),
};
const uint32_t callers_test_count = COUNT(callers_tests);

const struct role callers_roles[] = {
    ROLE(caller_peer_waits),
    ROLE(caller_peer_takes),
    ROLE(caller_peer_faults),
    ROLE(caller_peer_answers),
    ROLE(caller_peer_discards),
    ROLE(caller_idler),
    ROLE(caller_asker),
    ROLE(caller_that_tells),
    ROLE(caller_peer_counts),
    ROLE(caller_without_anything),
    ROLE(caller_poor_answerer),
    ROLE(caller_poor_asker),
};
const uint32_t callers_role_count = COUNT(callers_roles);
