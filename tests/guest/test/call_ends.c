/* Calls in registers whose caller or server ends, sleeps or steps down meanwhile: nobody hangs, and nobody gets what is another's. */
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "call_state.h"
#include "files.h"
#include "peer.h"

#define CALLERS 3U

static const struct message nothing;

/* ---- Servers that end ---- */

/* Callers of this process, each in a thread of its own and by a way of its own. */
static struct {
    process_id_t server;
    volatile uint32_t done;
    volatile status_t statuses[CALLERS];
} calls;

static void call_in_thread(void *number)
{
    uint32_t self = (uint32_t)number;
    struct words words = words_of(self);
    struct reply reply = { 0 };

    calls.statuses[self] = self == 0 ? message_call(calls.server, &nothing, &reply)
                                     : message_call_words_by(self == 1 ? CALL_BY_PAGE : CALL_BY_INT, calls.server, &words);
    calls.done++;
}

static void start_callers(process_id_t server)
{
    calls.server = server;
    calls.done = 0;
    for (uint32_t i = 0; i < CALLERS; i++) {
        EXPECT_OK(thread_start(call_in_thread, (void *)i, PEER_STACK_BYTES, NULL));
    }
    clock_sleep(A_MOMENT_NS);
}

static void expect_callers_get(status_t status)
{
    nanoseconds_t patience_ns = clock_after(SECOND);

    while (calls.done < CALLERS && clock_now() < patience_ns) {
        clock_sleep(MILLISECOND);
    }
    EXPECT_EQUAL(CALLERS, calls.done);
    for (uint32_t i = 0; i < CALLERS; i++) {
        EXPECT_STATUS(status, calls.statuses[i]);
    }
}

/* How a server of the following tests ends, when it is told. */
enum ending { END_EXIT, END_THREAD, END_FAULT, END_KILLED, ENDINGS };

/* Takes so many calls, waits for a message, and ends. Arguments: how many, how. */
static void ends_server(int argc, char **argv)
{
    struct event event;
    (void)argc;

    for (uint32_t i = 0; i < test_number(argv[1]); i++) {
        test_wait_event(&event, EVENT_MESSAGE);
        EXPECT_EQUAL(EVENT_WANTS_REPLY, event.flags);
    }
    clock_sleep(2 * A_MOMENT_NS);
    switch (test_number(argv[2])) {
    case END_EXIT:
        process_exit(7);
    case END_THREAD:
        thread_exit();
    case END_FAULT:
        *(volatile uint32_t *)USER_END = 0;
    }
    (void)thread_delay(FOREVER);
}

static void expect_death_is_told(uint32_t taken, enum ending ending)
{
    static const uint32_t codes[] = { 7, 0, EXIT_FAULT | 14, EXIT_TERMINATED };
    process_id_t server;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "ends_server", &server, test_digits(taken).text, test_digits(ending).text, NULL));
    start_callers(server);
    EXPECT_EQUAL(0, calls.done);
    clock_sleep(2 * A_MOMENT_NS);
    if (ending == END_KILLED) {
        EXPECT_EQUAL(0, calls.done);
        EXPECT_OK(process_terminate(server, 0));
    }
    EXPECT_EQUAL(codes[ending], test_wait_exit(server));
    expect_callers_get(PEER_DIED);
}

static void callers_learn_at_once_that_their_server_has_ended(void)
{
    for (enum ending ending = 0; ending < ENDINGS; ending++) {
        for (uint32_t taken = 0; taken <= CALLERS; taken++) {
            expect_death_is_told(taken, ending);
        }
    }
}

/* It waits in message_reply_wait_words, so that the calls switch straight to it: who is the last it served? */
static void ends_direct_server(int argc, char **argv)
{
    struct words words = { { 0 } };
    struct event event;
    (void)argc;
    (void)argv;

    message_id_t call = message_reply_wait_words(0, &words, &event);
    EXPECT(call != 0);
    process_exit(words.word[0]);
}

static void caller_learns_that_the_server_it_switched_to_has_ended(void)
{
    for (process_class_t class = CLASS_SERVER; class <= CLASS_APPLICATION; class++) {
        for (enum call_way way = CALL_BY_PAGE; way <= CALL_BY_INT; way++) {
            process_id_t server = peer_start(class, "ends_direct_server");
            struct words words = { { 23 } };

            clock_sleep(A_MOMENT_NS);
            EXPECT_STATUS(PEER_DIED, message_call_words_by(way, server, &words));
            EXPECT_EQUAL(23, test_wait_exit(server));
            EXPECT_STATUS(BAD_ID, message_call_words_by(way, server, &words));
        }
    }
}

static void ends_discarder(int argc, char **argv)
{
    struct words words = { { 0 } };
    struct event event;
    (void)argc;
    (void)argv;

    for (uint32_t i = 0; i < CALLERS; i++) {
        message_id_t call = message_reply_wait_words(0, &words, &event);

        EXPECT_OK(message_discard(call != 0 ? call : event.id));
    }
}

static void callers_learn_that_their_calls_were_discarded(void)
{
    process_id_t server = peer_start(CLASS_APPLICATION, "ends_discarder");

    start_callers(server);
    expect_callers_get(DISCARDED);
    EXPECT_EQUAL(0, test_wait_exit(server));
}

/* ---- Servers that sleep, or step down ---- */

static void calls_wait_for_a_server_that_sleeps(void)
{
    process_id_t server = peer_start(CLASS_APPLICATION, "words_server");

    clock_sleep(A_MOMENT_NS);            /* it receives, and calls could switch to it */
    EXPECT_OK(process_sleep(server));
    start_callers(server);
    clock_sleep(A_MOMENT_NS);
    EXPECT_EQUAL(0, calls.done);
    EXPECT_OK(process_wake(server));
    expect_callers_get(OK);
    start_callers(server);
    expect_callers_get(OK);
    peer_quit(server);
}

/* Takes all calls, is put to sleep over them, and answers when it wakes. */
static void ends_slow_server(int argc, char **argv)
{
    message_id_t taken[CALLERS];
    struct event event;
    (void)argc;
    (void)argv;

    for (uint32_t i = 0; i < CALLERS; i++) {
        test_wait_event(&event, EVENT_MESSAGE);
        taken[i] = event.id;
    }
    test_wait_event(&event, EVENT_MESSAGE);
    if (event.words[0] != CLASS_DRIVER) {
        EXPECT_OK(process_downgrade(event.words[0]));
    }
    for (uint32_t i = 0; i < CALLERS; i++) {
        EXPECT_OK(message_reply(taken[i], &nothing));
    }
}

static void calls_wait_for_a_server_that_was_put_to_sleep_over_them(void)
{
    process_id_t server = peer_start(CLASS_APPLICATION, "ends_slow_server");

    start_callers(server);
    EXPECT_OK(process_sleep(server));
    peer_tell(server, CLASS_DRIVER, 0);
    clock_sleep(A_MOMENT_NS);
    EXPECT_EQUAL(0, calls.done);
    EXPECT_OK(process_wake(server));
    expect_callers_get(OK);
    EXPECT_EQUAL(0, test_wait_exit(server));
}

static void calls_wait_for_a_server_that_steps_down(void)
{
    process_id_t server = peer_start(CLASS_SERVER, "ends_slow_server");

    start_callers(server);
    peer_tell(server, CLASS_APPLICATION, 0);
    expect_callers_get(OK);
    EXPECT_EQUAL(0, test_wait_exit(server));
}

/* The class that a server is told is what the caller has now. */
static void ends_climber_down(int argc, char **argv)
{
    struct words words = { { 0 } };
    (void)argc;
    (void)argv;

    for (process_class_t class = CLASS_DRIVER; class <= CLASS_APPLICATION; class++) {
        EXPECT_OK(process_downgrade(class));
        EXPECT_OK(message_call_words(process_page()->parent, &words));
        EXPECT_OK(message_call_words_by(CALL_BY_INT, process_page()->parent, &words));
    }
}

static void caller_that_steps_down_is_known_by_its_new_class(void)
{
    process_id_t caller = peer_start(CLASS_DRIVER, "ends_climber_down");
    struct words words = { { 0 } };
    message_id_t call = 0;
    struct event event;

    for (process_class_t class = CLASS_DRIVER; class <= CLASS_APPLICATION; class++) {
        for (uint32_t i = 0; i < 2; i++) {
            call = message_reply_wait_words(call, &words, &event);
            EXPECT(call != 0);
            EXPECT_EQUAL(class, thread_slot()->sender_class);
        }
    }
    EXPECT_EQUAL(0, message_reply_wait_words(call, &words, &event));
    EXPECT_EQUAL(EVENT_PROCESS_EXITED, event.kind);
    EXPECT_EQUAL(caller, event.id);
    EXPECT_EQUAL(0, event.count);
}

/* ---- Callers that end, or sleep ---- */

/* Calls its parent once; ends with the answer's first word. Argument: the way. */
static void ends_caller(int argc, char **argv)
{
    struct words words = { { 1 } };
    (void)argc;

    EXPECT_OK(message_call_words_by(test_number(argv[1]), process_page()->parent, &words));
    process_exit(words.word[0]);
}

static process_id_t take_call_of_a_caller(enum call_way way, message_id_t *call_out)
{
    struct words words = { { 0 } };
    struct event event;
    process_id_t caller;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "ends_caller", &caller, test_digits(way).text, NULL));
    *call_out = message_reply_wait_words(0, &words, &event);
    EXPECT(*call_out != 0);
    EXPECT_EQUAL(caller, thread_slot()->sender);
    return caller;
}

static void answer_to_a_caller_that_ended_finds_no_call(void)
{
    for (enum call_way way = CALL_BY_PAGE; way <= CALL_BY_INT; way++) {
        for (enum call_way answer_way = CALL_BY_PAGE; answer_way <= CALL_BY_INT; answer_way++) {
            struct words words = { { 0 } };
            struct event event;
            message_id_t call;

            process_id_t caller = take_call_of_a_caller(way, &call);
            peer_kill(caller);
            EXPECT_EQUAL(0, message_reply_wait_words_by(answer_way, call, &words, &event));
            EXPECT_EQUAL(EVENT_NONE, event.kind);
            EXPECT_STATUS(BAD_ID, event.count);
            EXPECT_STATUS(BAD_ID, message_reply(call, &nothing));
        }
    }
}

static void caller_that_sleeps_finds_the_words_when_it_wakes(void)
{
    for (enum call_way way = CALL_BY_PAGE; way <= CALL_BY_INT; way++) {
        for (enum call_way answer_way = CALL_BY_PAGE; answer_way <= CALL_BY_INT; answer_way++) {
            struct words words = { { 0 } };
            struct event event;
            message_id_t call;

            process_id_t caller = take_call_of_a_caller(way, &call);
            EXPECT_OK(process_sleep(caller));
            words.word[0] = 77;
            peer_tell(SELF, 5, 0);
            EXPECT_EQUAL(0, message_reply_wait_words_by(answer_way, call, &words, &event));
            EXPECT_EQUAL(5, event.words[0]);
            EXPECT_STATUS(TIMED_OUT, event_wait(&event, clock_after(A_MOMENT_NS)));
            EXPECT_OK(process_wake(caller));
            EXPECT_EQUAL(77, test_wait_exit(caller));
        }
    }
}

/* Wakes a process while the main thread waits. */
static void wake_later(void *caller)
{
    clock_sleep(2 * A_MOMENT_NS);
    EXPECT_OK(process_wake((process_id_t)caller));
}

/* The queue is empty, so that nothing but its sleep keeps the answer from switching to the caller. */
static void answer_does_not_wake_a_caller_that_sleeps(void)
{
    for (enum call_way way = CALL_BY_PAGE; way <= CALL_BY_INT; way++) {
        struct words words = { { 78 } };
        struct event event;
        message_id_t call;

        process_id_t caller = take_call_of_a_caller(way, &call);
        EXPECT_OK(process_sleep(caller));
        nanoseconds_t before_ns = clock_now();
        EXPECT_OK(thread_start(wake_later, (void *)caller, PEER_STACK_BYTES, NULL));
        clock_sleep(MILLISECOND);        /* until it sleeps too: nobody is ready */
        words.word[0] = 78;
        EXPECT_EQUAL(0, message_reply_wait_words(call, &words, &event));
        EXPECT_EQUAL(EVENT_PROCESS_EXITED, event.kind);
        EXPECT_EQUAL(78, event.count);
        EXPECT(clock_now() >= before_ns + 2 * A_MOMENT_NS);
    }
}

/* Slept before the call was taken; and again, awake, afterwards. */
static void caller_that_slept_while_its_call_waited_is_answered(void)
{
    for (enum call_way way = CALL_BY_PAGE; way <= CALL_BY_INT; way++) {
        struct words words = { { 0 } };
        struct event event;
        process_id_t caller;

        EXPECT_OK(test_spawn(CLASS_APPLICATION, "ends_caller", &caller, test_digits(way).text, NULL));
        clock_sleep(A_MOMENT_NS);
        EXPECT_OK(process_sleep(caller));
        message_id_t call = message_reply_wait_words(0, &words, &event);
        EXPECT(call != 0);
        EXPECT_OK(process_wake(caller));
        words.word[0] = 79;
        EXPECT_EQUAL(0, message_reply_wait_words(call, &words, &event));
        EXPECT_EQUAL(EVENT_PROCESS_EXITED, event.kind);
        EXPECT_EQUAL(79, event.count);
    }
}

/* Slept when its call was taken, and sleeps still. */
static void answer_does_not_wake_a_caller_that_slept_before_its_call_was_taken(void)
{
    struct words words = { { 0 } };
    struct event event;
    process_id_t caller;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "ends_caller", &caller, test_digits(CALL_BY_PAGE).text, NULL));
    clock_sleep(A_MOMENT_NS);
    EXPECT_OK(process_sleep(caller));
    message_id_t call = message_reply_wait_words(0, &words, &event);
    EXPECT(call != 0);
    nanoseconds_t before_ns = clock_now();
    EXPECT_OK(thread_start(wake_later, (void *)caller, PEER_STACK_BYTES, NULL));
    clock_sleep(MILLISECOND);            /* until it sleeps too: nobody is ready */
    words.word[0] = 80;
    EXPECT_EQUAL(0, message_reply_wait_words(call, &words, &event));
    EXPECT_EQUAL(EVENT_PROCESS_EXITED, event.kind);
    EXPECT_EQUAL(80, event.count);
    EXPECT(clock_now() >= before_ns + 2 * A_MOMENT_NS);
}

const struct test call_ends_tests[] = {
    TEST(CLASS_SERVER, callers_learn_at_once_that_their_server_has_ended),
    TEST(CLASS_DRIVER, caller_learns_that_the_server_it_switched_to_has_ended),
    TEST(CLASS_SERVER, callers_learn_that_their_calls_were_discarded),
    TEST(CLASS_SERVER, calls_wait_for_a_server_that_sleeps),
    TEST(CLASS_SERVER, calls_wait_for_a_server_that_was_put_to_sleep_over_them),
    TEST(CLASS_SERVER, calls_wait_for_a_server_that_steps_down),
    TEST(CLASS_DRIVER, caller_that_steps_down_is_known_by_its_new_class),
    TEST(CLASS_SERVER, answer_to_a_caller_that_ended_finds_no_call),
    TEST(CLASS_SERVER, caller_that_sleeps_finds_the_words_when_it_wakes),
    TEST(CLASS_SERVER, answer_does_not_wake_a_caller_that_sleeps),
    TEST(CLASS_SERVER, answer_does_not_wake_a_caller_that_slept_before_its_call_was_taken),
    TEST(CLASS_SERVER, caller_that_slept_while_its_call_waited_is_answered),
};
const uint32_t call_ends_test_count = COUNT(call_ends_tests);

const struct role call_ends_roles[] = {
    ROLE(ends_server),
    ROLE(ends_direct_server),
    ROLE(ends_discarder),
    ROLE(ends_slow_server),
    ROLE(ends_climber_down),
    ROLE(ends_caller),
};
const uint32_t call_ends_role_count = COUNT(call_ends_roles);
