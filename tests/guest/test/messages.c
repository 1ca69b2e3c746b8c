/* Messages: what is sent arrives, once, entire, in order. (Who else can lay hands on it: identity.c.) */
#include <ternion/call.h>
#include <ternion/format.h>
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "files.h"

#define CANARY 0xA5U

/* A byte that depends on its place, so that no shift goes unseen. */
static uint8_t pattern(uint32_t at, uint32_t seed)
{
    return (uint8_t)(at ^ at >> 8 ^ seed * 29);
}

static void pattern_fill(uint8_t *memory, uint32_t size, uint32_t seed)
{
    for (uint32_t at = 0; at < size; at++) {
        memory[at] = pattern(at, seed);
    }
}

static void pattern_expect(const uint8_t *memory, uint32_t size, uint32_t seed)
{
    for (uint32_t at = 0; at < size; at++) {
        if (memory[at] != pattern(at, seed)) {
            EXPECT_NOT("byte %u of %u is 0x%x, not 0x%x", at, size, memory[at], pattern(at, seed));
        }
    }
}

static uint8_t *buffer_new(void)
{
    uint8_t *buffer = malloc(MESSAGE_STRING_MAX + PAGE_SIZE);

    EXPECT(buffer != NULL);
    return buffer;
}

/* Sends a string to this process itself and takes it. */
static void send_and_take(uint8_t *out, uint8_t *in, uint32_t size)
{
    struct message message = { .words = { size, 1, 2, 0xFFFFFFFF }, .string = out, .string_size = size };
    struct event event;

    pattern_fill(out, size, size);
    EXPECT_OK(message_send(process_page()->id, &message));
    memset(out, 0, size);        /* the kernel has its own copy */
    EXPECT_OK(event_poll(&event));
    EXPECT_EQUAL(EVENT_MESSAGE, event.kind);
    EXPECT_EQUAL(0, event.flags);
    EXPECT_EQUAL(process_page()->id, event.sender);
    EXPECT_EQUAL(process_page()->class, event.sender_class);
    EXPECT_EQUAL(size, event.string_size);
    EXPECT(memcmp(event.words, message.words, sizeof event.words) == 0);
    if (size <= MESSAGE_INLINE_MAX) {
        pattern_expect(event.string, size, size);
        EXPECT_STATUS(BAD_ID, message_receive(event.id, in, MESSAGE_STRING_MAX));
        return;
    }
    memset(in + size, CANARY, 16);
    EXPECT_STATUS(TOO_BIG, message_receive(event.id, in, size - 1));
    EXPECT_OK(message_receive(event.id, in, size));
    pattern_expect(in, size, size);
    for (uint32_t i = 0; i < 16; i++) {
        EXPECT_EQUAL(CANARY, in[size + i]);
    }
    EXPECT_STATUS(BAD_ID, message_receive(event.id, in, size));
}

static void strings_of_all_sizes_arrive_entire(void)
{
    uint8_t *out = buffer_new();
    uint8_t *in = buffer_new();

    for (uint32_t size = 0; size <= 200; size++) {
        send_and_take(out, in, size);
    }
    for (uint32_t size = 201; size < MESSAGE_STRING_MAX; size += 1021) {
        send_and_take(out, in, size);
    }
    for (uint32_t power = 256; power <= MESSAGE_STRING_MAX; power *= 2) {
        send_and_take(out, in, power - 1);
        send_and_take(out, in, power);
        if (power < MESSAGE_STRING_MAX) {
            send_and_take(out, in, power + 1);
        }
    }
}

static void string_over_65536_bytes_is_refused(void)
{
    static const uint32_t sizes[] = { MESSAGE_STRING_MAX + 1, 0x20000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF };
    uint8_t *out = buffer_new();
    struct event event;

    for (uint32_t i = 0; i < COUNT(sizes); i++) {
        struct message message = { .string = out, .string_size = sizes[i] };

        EXPECT_STATUS(TOO_BIG, message_send(SELF, &message));
        EXPECT_STATUS(NOTHING, event_poll(&event));
    }
}

/* What is not the message's would be what the kernel's memory held before. The string ends with zeroes, to a whole word. */
static void event_holds_nothing_behind_its_string(void)
{
    static const char secret[MESSAGE_INLINE_MAX] = "secret";
    struct message message = { .string = secret };
    struct event event;

    for (uint32_t size = 0; size <= MESSAGE_INLINE_MAX; size++) {
        uint32_t written = (size + 3) / 4 * 4;

        message.string_size = size;
        EXPECT_OK(message_send(SELF, &message));
        memset(&event, CANARY, sizeof event);
        EXPECT_OK(event_poll(&event));
        EXPECT(memcmp(event.string, secret, size) == 0);
        for (uint32_t at = size; at < MESSAGE_INLINE_MAX; at++) {
            EXPECT_EQUAL(at < written ? 0 : CANARY, event.string[at]);
        }
        EXPECT_EQUAL(0, event.count);
        EXPECT_EQUAL(0, event.page_count);
        EXPECT(event.deadline_ns == 0);
    }
}

/* ---- A peer that answers ---- */

#define PEER_QUIT 0xDEAD

/* Answers with the words plus one, and a string of as many bytes as the second word asks for. */
static void message_echo(int argc, char **argv)
{
    uint8_t *out = buffer_new();
    struct event event;
    (void)argc;
    (void)argv;

    for (;;) {
        test_wait_event(&event, EVENT_MESSAGE);
        if (event.words[0] == PEER_QUIT) {
            return;
        }
        EXPECT_EQUAL(EVENT_WANTS_REPLY, event.flags);
        struct message answer = { .string = out, .string_size = event.words[1] };
        for (uint32_t i = 0; i < MESSAGE_WORDS; i++) {
            answer.words[i] = event.words[i] + 1;
        }
        pattern_fill(out, answer.string_size, event.words[0]);
        EXPECT_OK(message_reply(event.id, &answer));
    }
}

static process_id_t spawn_peer(process_class_t class, const char *role)
{
    process_id_t peer;

    EXPECT_OK(test_spawn(class, role, &peer, NULL));
    return peer;
}

static void end_peer(process_id_t peer)
{
    struct message quit = { .words = { PEER_QUIT } };

    EXPECT_OK(message_send(peer, &quit));
    EXPECT_EQUAL(0, test_wait_exit(peer));
}

/* Calls the echo for an answer of so many bytes into a buffer of so many. */
static void call_echo(process_id_t peer, uint8_t *in, uint32_t answer_size, uint32_t room)
{
    uint32_t seed = answer_size * 7 + room;
    struct message message = { .words = { seed, answer_size, 30, 0xFFFFFFFF } };
    struct reply reply = { .buffer = in, .buffer_size = room };
    uint32_t arrives = answer_size < room ? answer_size : room;

    memset(in, CANARY, MESSAGE_STRING_MAX + 1);
    EXPECT_STATUS(answer_size > room ? TRUNCATED : OK, message_call(peer, &message, &reply));
    for (uint32_t i = 0; i < MESSAGE_WORDS; i++) {
        EXPECT_EQUAL(message.words[i] + 1, reply.words[i]);
    }
    EXPECT_EQUAL(answer_size, reply.string_size);
    EXPECT_EQUAL(room, reply.buffer_size);
    pattern_expect(in, arrives, seed);
    for (uint32_t at = arrives; at <= MESSAGE_STRING_MAX; at++) {
        if (in[at] != CANARY) {
            EXPECT_NOT("byte %u behind an answer of %u bytes in a buffer of %u was written", at, answer_size, room);
        }
    }
}

static void call_brings_back_words_and_as_much_string_as_fits(void)
{
    static const uint32_t sizes[] = { 0, 1, 63, 64, 65, 4095, 4096, 5000, 65535, 65536 };
    process_id_t peer = spawn_peer(CLASS_APPLICATION, "message_echo");
    uint8_t *in = buffer_new();

    for (uint32_t answer = 0; answer < COUNT(sizes); answer++) {
        for (uint32_t room = 0; room < COUNT(sizes); room++) {
            call_echo(peer, in, sizes[answer], sizes[room]);
        }
    }
    end_peer(peer);
}

/* Nobody is left who could answer. (With a second thread it is a call like any other: rings.c.) */
static void call_to_oneself_is_refused(void)
{
    struct message message = { 0 };
    struct reply reply = { 0 };
    struct words words = { { 0 } };
    struct event event;

    EXPECT_STATUS(DEADLOCK, message_call(SELF, &message, &reply));
    EXPECT_STATUS(DEADLOCK, message_call(process_page()->id, &message, &reply));
    EXPECT_STATUS(DEADLOCK, message_call_words(SELF, &words));
    EXPECT_STATUS(DEADLOCK, message_call_words(process_page()->id, &words));
    EXPECT_STATUS(NOTHING, event_poll(&event));
}

/* The answer goes to memory that the caller has given back meanwhile: its own fault, and nobody else's. */
static void answer_into_bad_memory_fails_for_the_caller_alone(void)
{
    process_id_t peer = spawn_peer(CLASS_APPLICATION, "message_echo");
    struct message message = { .words = { 1, 100 } };
    struct reply reply = { .buffer = (void *)0x1000, .buffer_size = 100 };

    EXPECT_STATUS(BAD_ADDRESS, message_call(peer, &message, &reply));
    reply.buffer = (void *)USER_END;
    EXPECT_STATUS(BAD_ADDRESS, message_call(peer, &message, &reply));
    call_echo(peer, buffer_new(), 100, 100);
    end_peer(peer);
}

/* ---- Answered once ---- */

/* Takes one call and tries all that it may not do with it. */
static void message_double_answerer(int argc, char **argv)
{
    static uint8_t big[1];
    struct message answer = { .words = { 1 } };
    struct message too_big = { .string = big, .string_size = MESSAGE_STRING_MAX + 1 };
    uint8_t string[8];
    struct event event;
    (void)argc;
    (void)argv;

    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_STATUS(TOO_BIG, message_reply(event.id, &too_big));
    EXPECT_STATUS(BAD_ADDRESS, message_reply(event.id, NULL));
    EXPECT_OK(message_receive(event.id, string, sizeof string));
    EXPECT_OK(message_receive(event.id, string, sizeof string));
    EXPECT_OK(message_reply(event.id, &answer));
    answer.words[0] = 2;
    EXPECT_STATUS(BAD_ID, message_reply(event.id, &answer));
    EXPECT_STATUS(BAD_ID, message_discard(event.id));
    EXPECT_STATUS(BAD_ID, message_receive(event.id, string, sizeof string));
}

static void message_is_answered_once(void)
{
    process_id_t peer = spawn_peer(CLASS_APPLICATION, "message_double_answerer");
    struct message message = { .string = "question", .string_size = 8 };
    struct reply reply = { 0 };

    EXPECT_OK(message_call(peer, &message, &reply));
    EXPECT_EQUAL(1, reply.words[0]);
    EXPECT_EQUAL(0, test_wait_exit(peer));
}

/* ---- Order ---- */

#define ORDERED_MESSAGES 3000U

/* Sends numbers to its parent, as fast as the quota lets it. */
static void message_counter(int argc, char **argv)
{
    uint32_t sender = test_number(argv[1]);
    (void)argc;

    clock_sleep(100 * MILLISECOND);  /* until all are there: what waits is charged to the parent, too, who needs room to spawn them */
    for (uint32_t number = 0; number < ORDERED_MESSAGES;) {
        struct message message = { .words = { sender, number } };
        status_t status = message_send(process_page()->parent, &message);

        if (status == OK) {
            number++;
        } else {
            EXPECT(status == OVER_QUOTA || status == NO_MEMORY);
            clock_sleep(1);
        }
    }
}

static void thousands_of_messages_arrive_in_order(void)
{
    enum { SENDERS = 3 };
    uint32_t next[SENDERS] = { 0 };
    uint32_t exited = 0;
    process_id_t id;

    for (uint32_t sender = 0; sender < SENDERS; sender++) {
        EXPECT_OK(test_spawn(CLASS_APPLICATION, "message_counter", &id, test_digits(sender).text, NULL));
    }
    while (exited < SENDERS) {
        struct event event;

        EXPECT_OK(event_wait(&event, clock_after(5 * SECOND)));
        if (event.kind == EVENT_PROCESS_EXITED) {
            EXPECT_EQUAL(0, event.count);
            exited++;
            continue;
        }
        EXPECT(event.words[0] < SENDERS);
        EXPECT_EQUAL(next[event.words[0]], event.words[1]);
        next[event.words[0]]++;
    }
    for (uint32_t sender = 0; sender < SENDERS; sender++) {
        EXPECT_EQUAL(ORDERED_MESSAGES, next[sender]);
    }
}

const struct test messages_tests[] = {
    TEST(CLASS_APPLICATION, strings_of_all_sizes_arrive_entire),
    TEST(CLASS_APPLICATION, string_over_65536_bytes_is_refused),
    TEST(CLASS_APPLICATION, event_holds_nothing_behind_its_string),
    TEST(CLASS_SERVER, call_brings_back_words_and_as_much_string_as_fits),
    TEST(CLASS_APPLICATION, call_to_oneself_is_refused),
    TEST(CLASS_SERVER, answer_into_bad_memory_fails_for_the_caller_alone),
    TEST(CLASS_APPLICATION, message_is_answered_once),
    TEST(CLASS_APPLICATION, thousands_of_messages_arrive_in_order),
};
const uint32_t messages_test_count = COUNT(messages_tests);

const struct role messages_roles[] = {
    ROLE(message_echo),
    ROLE(message_double_answerer),
    ROLE(message_counter),
};
const uint32_t messages_role_count = COUNT(messages_roles);
