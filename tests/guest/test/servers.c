/* Servers: answers that come later or never, loops of every kind, several threads. */
#include <ternion/message.h>
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "echo_protocol.h"
#include "files.h"

#define STACK_BYTES 8192U

PROTOCOL_DECLARE(stranger, ECHO_IDENTITY + 1, ECHO_VERSION, ECHO_PROTOCOL)

/* ---- Answers at another time, or never ---- */

#define HOLDERS 8U

static struct {
    process_id_t echo;
    status_t status[HOLDERS];
    uint32_t number[HOLDERS];
    uint32_t back;
} holders;

static void hold_thread(void *argument)
{
    uint32_t self = (uint32_t)argument;
    struct echo_number reply = { 0 };

    holders.status[self] = echo_hold(holders.echo, &(struct echo_number){ self + 100 }, &reply);
    holders.number[self] = reply.number;
    __atomic_fetch_add(&holders.back, 1, __ATOMIC_SEQ_CST);
}

/* Starts threads whose calls are pending, in their order, when this returns. */
static void hold_all(process_id_t echo)
{
    struct echo_number held = { 0 };

    holders.echo = echo;
    for (uint32_t i = 0; i < HOLDERS; i++) {
        EXPECT_OK(thread_start(hold_thread, (void *)i, STACK_BYTES, NULL));
        while (held.number == i) {
            EXPECT_OK(echo_held(echo, NULL, &held));
        }
    }
}

static void wait_for_holders(void)
{
    nanoseconds_t deadline_ns = clock_after(5 * SECOND);

    while (__atomic_load_n(&holders.back, __ATOMIC_SEQ_CST) < HOLDERS) {
        EXPECT(clock_now() < deadline_ns);
        clock_sleep(MILLISECOND);
    }
}

static void pending_calls_are_answered_in_any_order(void)
{
    process_id_t echo = echo_start(1);
    struct echo_number released = { 0 };

    hold_all(echo);
    EXPECT_EQUAL(0, holders.back);
    EXPECT_OK(echo_release(echo, NULL, &released));
    EXPECT_EQUAL(HOLDERS, released.number);
    wait_for_holders();
    for (uint32_t i = 0; i < HOLDERS; i++) {
        EXPECT_STATUS(OK, holders.status[i]);
        EXPECT_EQUAL(i + 100, holders.number[i]);
    }
    echo_end(echo);
}

static void dropped_call_is_discarded(void)
{
    process_id_t echo = echo_start(1);
    struct echo_number dropped = { 0 };

    hold_all(echo);
    EXPECT_OK(echo_drop(echo, NULL, &dropped));
    EXPECT_EQUAL(HOLDERS, dropped.number);
    wait_for_holders();
    for (uint32_t i = 0; i < HOLDERS; i++) {
        EXPECT_STATUS(DISCARDED, holders.status[i]);
    }
    echo_end(echo);
}

static void death_of_the_server_ends_pending_calls(void)
{
    process_id_t echo = echo_start(1);
    struct echo_numbers numbers = { 0 };

    hold_all(echo);
    echo_end(echo);
    wait_for_holders();
    for (uint32_t i = 0; i < HOLDERS; i++) {
        EXPECT_STATUS(PEER_DIED, holders.status[i]);
    }
    EXPECT_STATUS(BAD_ID, echo_increase(echo, &numbers, &numbers));
    EXPECT_STATUS(BAD_ID, echo_invert(echo, &(struct echo_number){ 0 }, &(struct echo_number){ 0 }, NULL));
}

/* ---- The loop ---- */

static void invert(process_id_t echo, uint32_t size)
{
    static uint8_t out[ECHO_STRING_MAX], in[ECHO_STRING_MAX];
    struct payload payload = { .string = out, .string_size = size, .buffer = in, .buffer_size = sizeof in };
    struct echo_number number = { 0 };

    memset(out, (int)size, size);
    EXPECT_OK(echo_invert(echo, &number, &number, &payload));
    EXPECT_EQUAL(size, payload.reply_string_size);
    for (uint32_t i = 0; i < size; i++) {
        EXPECT_EQUAL((uint8_t)~size, in[i]);
    }
}

static void every_loop_serves_and_gets_other_events(void)
{
    for (enum echo_loop loop = ECHO_RUNS; loop < ECHO_LOOPS; loop++) {
        process_id_t echo = echo_start_looping(loop);
        process_id_t other = echo_start(1);
        struct echo_numbers numbers = { { 1, 2, 3 } };
        struct echo_number ended = { 0 };

        EXPECT_OK(echo_watch(echo, &(struct echo_number){ other }, &ended));
        for (uint32_t i = 0; i < 20; i++) {
            EXPECT_OK(echo_increase(echo, &numbers, &numbers));
            invert(echo, i);
            invert(echo, i + 1000);
            clock_sleep(i % 4 * MILLISECOND);
        }
        EXPECT_EQUAL(21, numbers.numbers[0]);
        EXPECT_STATUS(BAD_PROTOCOL, stranger_increase(echo, &numbers, &numbers));
        EXPECT_OK(echo_watch(echo, &(struct echo_number){ 0 }, &ended));
        EXPECT_EQUAL(0, ended.number);
        echo_end(other);
        EXPECT_OK(echo_watch(echo, &(struct echo_number){ 0 }, &ended));
        EXPECT_EQUAL(1, ended.number);
        echo_end(echo);
    }
}

static void sent_request_is_served_and_answered_to_nobody(void)
{
    static struct echo_large large;
    static uint8_t string[ECHO_STRING_MAX];
    process_id_t echo = echo_start(1);
    struct payload payload = { .string = string, .string_size = sizeof string };
    struct system_statistics before = { 0 }, after = { 0 };

    EXPECT_EQUAL(1, echo_served(echo));
    EXPECT_OK(system_statistics(&before));
    EXPECT_OK(echo_increase_send(echo, &(struct echo_numbers){ 0 }));
    EXPECT_OK(echo_invert_large_send(echo, &large));
    EXPECT_OK(echo_invert_send(echo, &(struct echo_number){ 0 }, &payload));
    EXPECT_OK(stranger_invert_large_send(echo, &large));
    EXPECT_EQUAL(5, echo_served(echo));
    EXPECT_OK(system_statistics(&after));
    EXPECT_EQUAL(before.messages, after.messages);
    echo_end(echo);
}

#define COUNTER_PROTOCOL(OPERATION, TRANSFER, counter) \
    OPERATION(counter, count, 1, struct nothing, struct nothing)
PROTOCOL_DECLARE(counter, 0xC0, 1, COUNTER_PROTOCOL)

static uint32_t counted;

static status_t count_request(struct server_call *call, const struct nothing *request, struct nothing *reply)
{
    (void)request;
    (void)reply;
    EXPECT_EQUAL(process_page()->id, call->sender);
    counted++;
    return OK;
}

PROTOCOL_SERVER(counter, COUNTER_PROTOCOL, .count = count_request)

static struct server counter_server = SERVER(&counter_protocol);

static void busy_server_meets_its_deadlines(void)
{
    struct event event;

    for (uint32_t i = 0; i < 3; i++) {
        EXPECT_OK(counter_count_send(process_page()->id, NULL));
    }
    for (uint32_t i = 1; i <= 3; i++) {
        EXPECT_STATUS(TIMED_OUT, server_wait(&counter_server, &event, 0));
        EXPECT_EQUAL(i, counted);
    }
    EXPECT_STATUS(TIMED_OUT, server_wait(&counter_server, &event, 0));
    EXPECT_OK(counter_count_send(process_page()->id, NULL));
    EXPECT_STATUS(TIMED_OUT, server_wait(&counter_server, &event, clock_after(20 * MILLISECOND)));
    EXPECT_EQUAL(4, counted);
}

/* With SERVER_OTHER_MESSAGES they come as events, whichever way they travelled. */
static void messages_of_other_protocols_are_given_to_who_wants_them(void)
{
    process_id_t other;
    struct event event;

    counter_server.flags = SERVER_OTHER_MESSAGES;
    EXPECT_OK(test_spawn(CLASS_APPLICATION, "protocol_stranger", &other, NULL));
    for (uint32_t i = 0; i < 4; i++) {
        EXPECT_OK(server_wait(&counter_server, &event, FOREVER));
        EXPECT_EQUAL(EVENT_MESSAGE, event.kind);
        EXPECT_EQUAL(other, event.sender);
        EXPECT_EQUAL(CLASS_APPLICATION, event.sender_class);
        EXPECT_EQUAL(i + 1, event.words[3]);
        EXPECT_EQUAL(i % 2 == 0 ? 0 : 6, event.string_size);
        message_answer(&event, OK);
    }
    EXPECT_EQUAL(0, test_wait_exit(other));
}

static void protocol_stranger(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    for (uint32_t i = 0; i < 4; i += 2) {
        struct words words = { { 5, 6, 7, i + 1 } };
        struct message message = { .words = { 5, 6, 7, i + 2 }, .string = "string", .string_size = 6 };

        EXPECT_OK(message_call_words(process_page()->parent, &words));
        EXPECT_OK(message_ask(process_page()->parent, &message, NULL));
    }
}

static void workers_serve_at_the_same_time(void)
{
    enum { CALLS = 4 };
    process_id_t echo = echo_start(CALLS);
    struct echo_number request = { CALLS };
    struct echo_number reply[CALLS];
    struct async_call call[CALLS] = { 0 };

    for (uint32_t i = 0; i < CALLS; i++) {
        EXPECT_OK(echo_meet_start(&call[i], echo, &request, &reply[i]));
    }
    for (uint32_t i = 0; i < CALLS; i++) {
        EXPECT_OK(async_wait(&call[i], FOREVER));
        EXPECT_STATUS(OK, call[i].status);
    }
    echo_end(echo);
}

/* A server whose caller has gone takes the next request. */
static void death_of_the_caller_does_not_disturb_the_server(void)
{
    process_id_t echo = echo_start(1);
    struct echo_number released = { 0 };
    process_id_t caller;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "protocol_caller_that_dies", &caller, test_digits(echo).text, NULL));
    EXPECT_EQUAL(7, test_wait_exit(caller));
    EXPECT_OK(echo_release(echo, NULL, &released));
    EXPECT_EQUAL(2, released.number);
    echo_end(echo);
}

static void hold_until_the_end(void *echo)
{
    struct echo_number number = { 1 };

    EXPECT_STATUS(PEER_DIED, echo_hold((process_id_t)echo, &number, &number));
}

static void protocol_caller_that_dies(int argc, char **argv)
{
    process_id_t echo = test_number(argv[1]);
    struct echo_number held = { 0 };
    struct echo_middle middle = { 0 };
    struct async_call call = { 0 };
    struct payload payload = { .string = "string", .string_size = 6 };
    (void)argc;

    EXPECT_OK(thread_start(hold_until_the_end, (void *)echo, STACK_BYTES, NULL));
    EXPECT_OK(echo_hold_string_start(&call, echo, &middle, &middle, &payload));
    while (held.number < 2) {
        EXPECT_OK(echo_held(echo, NULL, &held));
    }
    process_exit(7);
}

const struct test servers_tests[] = {
    TEST(CLASS_APPLICATION, pending_calls_are_answered_in_any_order),
    TEST(CLASS_APPLICATION, dropped_call_is_discarded),
    TEST(CLASS_APPLICATION, death_of_the_server_ends_pending_calls),
    TEST(CLASS_APPLICATION, every_loop_serves_and_gets_other_events),
    TEST(CLASS_APPLICATION, sent_request_is_served_and_answered_to_nobody),
    TEST(CLASS_APPLICATION, busy_server_meets_its_deadlines),
    TEST(CLASS_APPLICATION, messages_of_other_protocols_are_given_to_who_wants_them),
    TEST(CLASS_APPLICATION, workers_serve_at_the_same_time),
    TEST(CLASS_APPLICATION, death_of_the_caller_does_not_disturb_the_server),
};
const uint32_t servers_test_count = COUNT(servers_tests);

const struct role servers_roles[] = {
    ROLE(protocol_stranger),
    ROLE(protocol_caller_that_dies),
};
const uint32_t servers_role_count = COUNT(servers_roles);
