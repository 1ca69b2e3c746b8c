/* IDs of calls: good for the process that was called, for one answer, and never again. */
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "call_state.h"
#include "files.h"
#include "peer.h"

static const struct message nothing;

static process_id_t start_client(process_id_t server, uint32_t calls)
{
    process_id_t client;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "words_client", &client, test_digits(server).text, test_digits(calls).text, NULL));
    return client;
}

/* Whatever is tried with it: there is no such call, and no event is taken. */
static void expect_no_call(message_id_t id)
{
    struct words words = { { 1, 2, 3, 4 } };
    struct event event;
    uint8_t string[8];
    uint32_t pages;

    EXPECT_STATUS(BAD_ID, message_reply(id, &nothing));
    EXPECT_STATUS(BAD_ID, message_receive(id, string, sizeof string));
    EXPECT_STATUS(BAD_ID, message_discard(id));
    EXPECT_STATUS(BAD_ID, message_take_pages(id, &pages));
    EXPECT_STATUS(BAD_ID, message_reply_wait(id, &nothing, &event, 0));
    for (enum call_way way = 0; way < CALL_WAYS && id != 0; way++) {
        if (call_way_is_there(way)) {
            EXPECT_EQUAL(0, message_reply_wait_words_by(way, id, &words, &event));
            EXPECT_EQUAL(EVENT_NONE, event.kind);
            EXPECT_STATUS(BAD_ID, event.count);
        }
    }
}

static message_id_t take_call(struct words *words_out)
{
    struct event event;
    message_id_t call = message_reply_wait_words(0, words_out, &event);

    EXPECT(call != 0);
    return call;
}

static void answer(message_id_t call, const struct words *question)
{
    struct words words = words_answered(question);
    struct message message = { .words = { words.word[0], words.word[1], words.word[2], words.word[3] } };

    EXPECT_OK(message_reply(call, &message));
}

static void call_is_answered_once(void)
{
    process_id_t client = start_client(process_page()->id, 2);
    struct words first, second;

    message_id_t first_call = take_call(&first);
    answer(first_call, &first);
    expect_no_call(first_call);
    message_id_t second_call = take_call(&second);
    EXPECT(second_call != first_call);
    expect_no_call(first_call);
    answer(second_call, &second);
    expect_no_call(second_call);
    EXPECT_EQUAL(0, test_wait_exit(client));
}

/* Takes a call, says its ID to its parent, and answers when it is told. */
static void call_holder(int argc, char **argv)
{
    struct words words;
    struct event event;
    (void)argc;
    (void)argv;

    message_id_t call = take_call(&words);
    peer_tell(process_page()->parent, call, 0);
    test_wait_event(&event, EVENT_MESSAGE);
    answer(call, &words);
}

static void call_of_another_process_cannot_be_touched(void)
{
    process_id_t holder = peer_start(CLASS_APPLICATION, "call_holder");
    process_id_t client = start_client(holder, 1);
    struct event event;

    test_wait_event(&event, EVENT_MESSAGE);
    expect_no_call(event.words[0]);
    peer_tell(holder, 0, 0);
    EXPECT_EQUAL(0, test_wait_exit(holder));
    EXPECT_EQUAL(0, test_wait_exit(client));
}

#define INDEXES 4096U            /* of threads, and of processes, in their IDs */
#define GUESSES 3000U
#define GUESS_SEED 20261U

static void made_up_ids_are_no_calls(void)
{
    process_id_t client = start_client(process_page()->id, 1);
    uint32_t random = GUESS_SEED;
    struct words question;

    message_id_t call = take_call(&question);
    for (uint32_t index = 0; index < INDEXES; index++) {
        message_id_t guess = (call & ~((INDEXES - 1) << 1)) | index << 1;

        expect_no_call(index << 1);
        if (guess != call) {
            expect_no_call(guess);
        }
    }
    for (uint32_t i = 0; i < GUESSES; i++) {
        message_id_t guess = random_next(&random);

        if (guess != call) {
            expect_no_call(guess);
        }
    }
    answer(call, &question);
    EXPECT_EQUAL(0, test_wait_exit(client));
}

static void made_up_ids_are_no_processes(void)
{
    const uint32_t generations[] = { 0, 1, process_page()->id / INDEXES, 0x7FFFF, 0x80000, 0xFFFFF };

    for (uint32_t index = 0; index < INDEXES; index++) {
        for (uint32_t i = 0; i < COUNT(generations); i++) {
            process_id_t guess = generations[i] * INDEXES + index;
            struct process_information information;
            struct words words = { { 0 } };
            struct reply reply = { 0 };

            if (process_information(guess, &information) == BAD_ID) {
                EXPECT_STATUS(BAD_ID, message_call_words(guess, &words));
                EXPECT_STATUS(BAD_ID, message_call_words_by(CALL_BY_INT, guess, &words));
                EXPECT_STATUS(BAD_ID, message_call(guess, &nothing, &reply));
                EXPECT_STATUS(BAD_ID, message_send(guess, &nothing));
            }
        }
    }
}

/* IDs follow from each other, so they can be known before their time. */
static void call_cannot_be_answered_before_it_is_taken(void)
{
    process_id_t client = start_client(process_page()->id, 3);
    struct words words;

    message_id_t first = take_call(&words);
    answer(first, &words);
    message_id_t second = take_call(&words);
    answer(second, &words);
    clock_sleep(A_MOMENT_NS);            /* the third waits in the queue */
    message_id_t third = second + (second - first);
    expect_no_call(third);
    EXPECT_EQUAL(third, take_call(&words));
    answer(third, &words);
    EXPECT_EQUAL(0, test_wait_exit(client));
}

#define MANY_CALLS 10000U
#define KEPT_IDS 20U

static void ids_of_ten_thousand_calls_are_never_good_again(void)
{
    process_id_t client = start_client(process_page()->id, MANY_CALLS + 1);
    struct words words = { { 0 } };
    message_id_t kept[KEPT_IDS];
    message_id_t call = 0;
    struct event event;

    for (uint32_t i = 0; i <= MANY_CALLS; i++) {
        message_id_t next = message_reply_wait_words(call, &words, &event);

        EXPECT(next != 0 && next != call);
        if (i < MANY_CALLS && i % (MANY_CALLS / KEPT_IDS) == 0) {
            kept[i / (MANY_CALLS / KEPT_IDS)] = next;
        }
        if (i < MANY_CALLS) {
            words = words_answered(&words);
        }
        call = next;
    }
    for (uint32_t i = 0; i < KEPT_IDS; i++) {
        EXPECT(kept[i] != call);
        expect_no_call(kept[i]);
    }
    answer(call, &words);
    EXPECT_EQUAL(0, test_wait_exit(client));
}

/* The slot of a thread that ended goes to another: its calls do not begin anew. */
static void calls_of_a_new_thread_have_new_ids(void)
{
    message_id_t before = 0;

    for (uint32_t i = 0; i < 40; i++) {
        process_id_t client = start_client(process_page()->id, 1);
        struct words words;
        message_id_t call = take_call(&words);

        EXPECT(call != before);
        if (before != 0) {
            expect_no_call(before);
        }
        answer(call, &words);
        EXPECT_EQUAL(0, test_wait_exit(client));
        before = call;
    }
}

static void sent_message_is_no_call(void)
{
    static char string[200];
    struct message message = { .string = string, .string_size = sizeof string };
    struct words words = { { 0 } };
    struct event event, other;
    uint32_t pages;

    EXPECT_OK(message_send(SELF, &message));
    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_STATUS(BAD_ID, message_reply(event.id, &nothing));
    EXPECT_STATUS(BAD_ID, message_reply_wait(event.id, &nothing, &other, 0));
    EXPECT_STATUS(BAD_ID, message_take_pages(event.id, &pages));
    EXPECT_EQUAL(0, message_reply_wait_words(event.id, &words, &other));
    EXPECT_STATUS(BAD_ID, other.count);
    EXPECT_OK(message_receive(event.id, string, sizeof string));
}

const struct test call_ids_tests[] = {
    TEST(CLASS_APPLICATION, call_is_answered_once),
    TEST(CLASS_APPLICATION, call_of_another_process_cannot_be_touched),
    TEST(CLASS_APPLICATION, made_up_ids_are_no_calls),
    TEST(CLASS_APPLICATION, made_up_ids_are_no_processes),
    TEST(CLASS_APPLICATION, call_cannot_be_answered_before_it_is_taken),
    TEST(CLASS_APPLICATION, ids_of_ten_thousand_calls_are_never_good_again),
    TEST(CLASS_APPLICATION, calls_of_a_new_thread_have_new_ids),
    TEST(CLASS_APPLICATION, sent_message_is_no_call),
};
const uint32_t call_ids_test_count = COUNT(call_ids_tests);

const struct role call_ids_roles[] = {
    ROLE(call_holder),
};
const uint32_t call_ids_role_count = COUNT(call_ids_roles);
