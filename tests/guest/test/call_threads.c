/* Servers and clients of several threads: who takes a call, who answers it, and what if a thread goes or sleeps meanwhile. */
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "call_state.h"
#include "files.h"
#include "peer.h"

static process_id_t start_client(process_class_t class, process_id_t server, uint32_t calls, enum call_way way)
{
    process_id_t client;

    EXPECT_OK(test_spawn(class, "words_client", &client, test_digits(server).text, test_digits(calls).text,
                         test_digits(way).text, NULL));
    return client;
}

/* ---- Many threads serve ---- */

#define POOL 4U

static volatile uint32_t served[POOL];

/* Answers calls; now and then it sleeps over one, so that others come meanwhile. Words begin with the client's ID. */
static void serve_in_pool(void *number)
{
    uint32_t self = (uint32_t)number;
    struct words words = { { 0 } };
    message_id_t call = 0;
    struct event event;

    for (;;) {
        call = message_reply_wait_words_by(self % 2 == 0 ? CALL_BY_PAGE : CALL_BY_INT, call, &words, &event);
        if (call == 0) {
            EXPECT_EQUAL(PEER_QUIT, event.words[0]);
            for (uint32_t i = 0; i < POOL; i++) {
                EXPECT(served[i] != 0);
            }
            process_exit(0);
        }
        EXPECT_EQUAL(words.word[0], thread_slot()->sender);
        if (served[self]++ % 8 == 0) {
            clock_sleep(MILLISECOND);
        }
        EXPECT_EQUAL(words.word[0], thread_slot()->sender);
        words = words_answered(&words);
    }
}

static void call_pool(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    for (uint32_t i = 1; i < POOL; i++) {
        EXPECT_OK(thread_start(serve_in_pool, (void *)i, PEER_STACK_BYTES, NULL));
    }
    serve_in_pool(NULL);
}

static void threads_of_a_server_share_its_calls(void)
{
    enum { CLIENTS = 6, CALLS = 100 };
    process_id_t pool = peer_start(CLASS_SERVER, "call_pool");

    for (uint32_t i = 0; i < CLIENTS; i++) {
        (void)start_client(i % 2 == 0 ? CLASS_APPLICATION : CLASS_SERVER, pool, CALLS, i % 3 == 0);
    }
    for (uint32_t i = 0; i < CLIENTS; i++) {
        struct event event;

        test_wait_event(&event, EVENT_PROCESS_EXITED);
        EXPECT_EQUAL(0, event.count);
    }
    peer_quit(pool);
}

/* ---- Taken by one thread, answered by another ---- */

static struct {
    volatile message_id_t call;
    volatile uint32_t words[MESSAGE_WORDS];
    volatile bool is_there;
} handed;

static thread_id_t main_thread;

static struct message answer_to(const volatile uint32_t *question)
{
    struct words words = { { question[0], question[1], question[2], question[3] } };

    words = words_answered(&words);
    return (struct message){ .words = { words.word[0], words.word[1], words.word[2], words.word[3] } };
}

static void answer_event(const struct event *event)
{
    struct message answer = answer_to(event->words);

    EXPECT_EQUAL(EVENT_WANTS_REPLY, event->flags);
    EXPECT_OK(message_reply(event->id, &answer));
}

static void answer_by_words(enum call_way way)
{
    struct message answer = answer_to(handed.words);
    struct words words;
    struct event event;

    memcpy(words.word, answer.words, sizeof words.word);
    message_id_t next = message_reply_wait_words_by(way, handed.call, &words, &event);
    EXPECT(next != 0);
    answer = answer_to(words.word);
    EXPECT_OK(message_reply(next, &answer));
}

/* Answers what it is handed, each time in another way; two of them take the next call too. */
static void answer_for_others(void *unused)
{
    (void)unused;
    for (uint32_t turn = 0;; turn++) {
        struct event event;

        while (!handed.is_there) {
            (void)thread_sleep(0);
        }
        struct message answer = answer_to(handed.words);
        switch (turn % 4) {
        case 0:
            EXPECT_OK(message_reply(handed.call, &answer));
            break;
        case 1:
            EXPECT_OK(message_reply_wait(handed.call, &answer, &event, FOREVER));
            answer_event(&event);
            break;
        default:
            answer_by_words(turn % 4 == 2 ? CALL_BY_PAGE : CALL_BY_INT);
        }
        handed.is_there = false;
        EXPECT_OK(thread_wake(main_thread));
    }
}

static void call_can_be_answered_by_another_thread(void)
{
    enum { ROUNDS = 20, CALLS_OF_A_ROUND = 7 };
    process_id_t client = start_client(process_page()->class, process_page()->id, ROUNDS * CALLS_OF_A_ROUND, CALL_BY_PAGE);
    thread_id_t other;
    struct event event;

    main_thread = thread_slot()->thread;
    EXPECT_OK(thread_start(answer_for_others, NULL, PEER_STACK_BYTES, &other));
    for (uint32_t turn = 0; turn < ROUNDS * 4; turn++) {
        struct words words = { { 0 } };

        handed.call = message_reply_wait_words(0, &words, &event);
        EXPECT(handed.call != 0);
        for (uint32_t i = 0; i < MESSAGE_WORDS; i++) {
            handed.words[i] = words.word[i];
        }
        handed.is_there = true;
        EXPECT_OK(thread_wake(other));
        while (handed.is_there) {
            (void)thread_sleep(0);
        }
    }
    EXPECT_EQUAL(0, test_wait_exit(client));
}

/* ---- Threads that receive, and go ---- */

/* The news of its end would go to any thread: so nobody asks for it. It says itself if its answer is wrong. */
static process_id_t start_unwatched_client(void)
{
    struct spawn spawn = { .class = process_page()->class };
    process_id_t client;

    EXPECT_OK(test_spawn_as(&spawn, "words_client", &client, test_digits(process_page()->id).text, "1", NULL));
    return client;
}

static void wait_until_gone(process_id_t client)
{
    nanoseconds_t patience_ns = clock_after(SECOND);
    struct process_information information;

    while (process_information(client, &information) == OK) {
        EXPECT(clock_now() < patience_ns);
        clock_sleep(MILLISECOND);
    }
}

static volatile uint32_t received_by;    /* a bit for each thread of the following tests that took a call */

static void receive_one(void *number)
{
    uint32_t self = (uint32_t)number;
    struct words words = { { 0 } };
    struct event event;
    message_id_t call = message_reply_wait_words_by(self >> 8, 0, &words, &event);

    EXPECT(call != 0);
    received_by |= 1U << (self & 0xFF);
    struct message answer = answer_to(words.word);
    EXPECT_OK(message_reply(call, &answer));
}

static thread_id_t start_receiver(uint32_t number, enum call_way way)
{
    thread_id_t thread;

    EXPECT_OK(thread_start(receive_one, (void *)(number | way << 8), PEER_STACK_BYTES, &thread));
    clock_sleep(A_MOMENT_NS);            /* it waits from now on */
    return thread;
}

static void expect_call_is_served_by(uint32_t number)
{
    received_by = 0;
    wait_until_gone(start_unwatched_client());
    EXPECT_EQUAL(1U << number, received_by);
}

static void call_goes_past_a_receiver_that_was_terminated(void)
{
    for (enum call_way way = CALL_BY_PAGE; way <= CALL_BY_INT; way++) {
        for (uint32_t ended = 0; ended < 3; ended++) {
            thread_id_t threads[3];

            for (uint32_t i = 0; i < COUNT(threads); i++) {
                threads[i] = start_receiver(i, way);
            }
            EXPECT_OK(thread_terminate(threads[ended]));
            EXPECT_OK(thread_terminate(threads[(ended + 1) % 3]));
            expect_call_is_served_by((ended + 2) % 3);
        }
    }
}

static void call_goes_past_a_receiver_that_sleeps(void)
{
    for (enum call_way way = CALL_BY_PAGE; way <= CALL_BY_INT; way++) {
        for (uint32_t asleep = 0; asleep < 2; asleep++) {
            thread_id_t threads[2] = { start_receiver(0, way), start_receiver(1, way) };

            EXPECT_OK(thread_sleep(threads[asleep]));
            expect_call_is_served_by(1 - asleep);
            EXPECT_OK(thread_wake(threads[asleep]));
            clock_sleep(A_MOMENT_NS);
            expect_call_is_served_by(asleep);
        }
    }
}

static void call_waits_for_a_receiver_to_wake(void)
{
    for (enum call_way way = CALL_BY_PAGE; way <= CALL_BY_INT; way++) {
        thread_id_t thread = start_receiver(0, way);

        received_by = 0;
        EXPECT_OK(thread_sleep(thread));
        process_id_t client = start_unwatched_client();
        clock_sleep(A_MOMENT_NS);
        EXPECT_EQUAL(0, received_by);
        EXPECT_OK(thread_wake(thread));
        wait_until_gone(client);
        EXPECT_EQUAL(1, received_by);
    }
}

static void call_that_no_thread_waits_for_goes_to_the_next_that_asks(void)
{
    EXPECT_OK(thread_terminate(start_receiver(0, CALL_BY_PAGE)));
    process_id_t client = start_unwatched_client();
    clock_sleep(A_MOMENT_NS);
    received_by = 0;
    (void)start_receiver(1, CALL_BY_PAGE);
    EXPECT_EQUAL(2, received_by);
    wait_until_gone(client);
}

/* ---- Calls that a thread has taken ---- */

static volatile message_id_t taken_call;
static struct words taken_words;

static void take_and_end(void *unused)
{
    struct event event;

    (void)unused;
    taken_call = message_reply_wait_words(0, &taken_words, &event);
}

static void call_outlives_the_thread_that_took_it(void)
{
    process_id_t client = start_unwatched_client();

    EXPECT_OK(thread_start(take_and_end, NULL, PEER_STACK_BYTES, NULL));
    clock_sleep(A_MOMENT_NS);
    EXPECT(taken_call != 0);
    struct message answer = answer_to(taken_words.word);
    EXPECT_OK(message_reply(taken_call, &answer));
    wait_until_gone(client);
}

/* ---- Between threads of one process ---- */

static volatile bool inner_stop;

static void serve_own_process(void *way)
{
    struct words words = { { 0 } };
    message_id_t call = 0;
    struct event event;

    for (;;) {
        call = message_reply_wait_words_by((enum call_way)(uint32_t)way, call, &words, &event);
        if (call == 0) {
            EXPECT_EQUAL(EVENT_MESSAGE, event.kind);
            EXPECT_EQUAL(process_page()->id, event.sender);
            if (event.words[0] == PEER_QUIT) {
                inner_stop = true;
                return;
            }
            memcpy(words.word, event.words, sizeof words.word);
            call = event.id;
        }
        words = words_answered(&words);
    }
}

static void expect_own_service(enum call_way server_way, enum call_way way)
{
    inner_stop = false;
    EXPECT_OK(thread_start(serve_own_process, (void *)server_way, PEER_STACK_BYTES, NULL));
    for (uint32_t seed = 0; seed < 50; seed++) {
        struct words words = words_of(seed);
        struct words expected = words_answered(&words);
        struct message message = { .words = { words.word[0], words.word[1], words.word[2], words.word[3] } };
        struct reply reply = { 0 };

        EXPECT_OK(message_call_words_by(way, seed % 2 == 0 ? SELF : process_page()->id, &words));
        EXPECT_WORDS(&expected, &words);
        EXPECT_OK(message_call(SELF, &message, &reply));
        memcpy(words.word, reply.words, sizeof words.word);
        EXPECT_WORDS(&expected, &words);
    }
    peer_tell(SELF, PEER_QUIT, 0);
    while (!inner_stop) {
        clock_sleep(MILLISECOND);
    }
}

static void threads_of_one_process_call_each_other(void)
{
    for (enum call_way server_way = 0; server_way < CALL_WAYS; server_way++) {
        for (enum call_way way = 0; way < CALL_WAYS; way++) {
            if (call_way_is_there(server_way) && call_way_is_there(way)) {
                expect_own_service(server_way, way);
            }
        }
    }
}

const struct test call_threads_tests[] = {
    TEST(CLASS_SERVER, threads_of_a_server_share_its_calls),
    TEST(CLASS_APPLICATION, call_can_be_answered_by_another_thread),
    TEST(CLASS_APPLICATION, call_goes_past_a_receiver_that_was_terminated),
    TEST(CLASS_APPLICATION, call_goes_past_a_receiver_that_sleeps),
    TEST(CLASS_APPLICATION, call_waits_for_a_receiver_to_wake),
    TEST(CLASS_APPLICATION, call_that_no_thread_waits_for_goes_to_the_next_that_asks),
    TEST(CLASS_APPLICATION, call_outlives_the_thread_that_took_it),
    TEST(CLASS_APPLICATION, threads_of_one_process_call_each_other),
};
const uint32_t call_threads_test_count = COUNT(call_threads_tests);

const struct role call_threads_roles[] = {
    ROLE(call_pool),
};
const uint32_t call_threads_role_count = COUNT(call_threads_roles);
