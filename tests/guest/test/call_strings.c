/* Strings of calls and answers: they go from memory to memory, when they are taken, and entire or not at all. */
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "files.h"
#include "peer.h"

#define CANARY 0xA5U
#define ROOM (MESSAGE_STRING_MAX + 2 * PAGE_SIZE)

static const struct message nothing;

static uint8_t byte_of(uint32_t at, uint32_t seed)
{
    return (uint8_t)(at * 7 ^ at >> 8 ^ seed);
}

static void fill(uint8_t *memory, uint32_t size, uint32_t seed)
{
    for (uint32_t at = 0; at < size; at++) {
        memory[at] = byte_of(at, seed);
    }
}

static void expect_filled(const uint8_t *memory, uint32_t size, uint32_t seed)
{
    for (uint32_t at = 0; at < size; at++) {
        if (memory[at] != byte_of(at, seed)) {
            EXPECT_NOT("byte %u of %u is 0x%x, not 0x%x", at, size, memory[at], byte_of(at, seed));
        }
    }
}

static uint8_t *room(void)
{
    uint32_t address;

    EXPECT_OK(memory_allocate(ROOM / PAGE_SIZE, 0, &address));
    return (uint8_t *)address;
}

/* ---- There and back ---- */

static const uint32_t sizes[] = { 0, 1, 63, 64, 65, 4095, 4096, 4097, 8192, 20000, 65535, 65536 };
static const uint32_t offsets[] = { 0, 1, 4095, 4032 };

/* Receives the string of each call twice, at an offset of its own, and answers with it. */
static void strings_server(int argc, char **argv)
{
    uint8_t *memory = room();
    struct event event;
    (void)argc;
    (void)argv;

    for (uint32_t turn = 0;; turn++) {
        uint8_t *string = memory + offsets[turn % COUNT(offsets)];

        test_wait_event(&event, EVENT_MESSAGE);
        if (event.words[0] == PEER_QUIT) {
            return;
        }
        uint32_t size = event.string_size;
        if (size <= MESSAGE_INLINE_MAX) {
            expect_filled(event.string, size, event.words[1]);
        }
        memset(string, CANARY, size + 16);
        if (size > 0) {
            EXPECT_STATUS(TOO_BIG, message_receive(event.id, string, size - 1));
            EXPECT_STATUS(TOO_BIG, message_receive(event.id, string, 0));
            EXPECT_EQUAL(CANARY, string[0]);
        }
        for (uint32_t i = 0; i < 2; i++) {
            EXPECT_OK(message_receive(event.id, string, size + i * 8));
            expect_filled(string, size, event.words[1]);
            EXPECT_EQUAL(CANARY, string[size]);
        }
        struct message answer = { .words = { event.words[1] }, .string = string, .string_size = size };
        EXPECT_OK(message_reply(event.id, &answer));
    }
}

static void string_of_a_call_can_be_received_until_it_is_answered(void)
{
    process_id_t server = peer_start(CLASS_APPLICATION, "strings_server");
    uint8_t *out = room();
    uint8_t *in = room();

    for (uint32_t i = 0; i < COUNT(sizes) * COUNT(offsets); i++) {
        uint32_t size = sizes[i % COUNT(sizes)];
        uint8_t *string = out + offsets[i % COUNT(offsets)];
        uint8_t *answer = in + offsets[i / COUNT(sizes)];
        struct message message = { .words = { 0, i }, .string = string, .string_size = size };
        struct reply reply = { .buffer = answer, .buffer_size = size };

        fill(string, size, i);
        memset(answer, CANARY, size + 1);
        EXPECT_OK(message_call(server, &message, &reply));
        EXPECT_EQUAL(i, reply.words[0]);
        EXPECT_EQUAL(size, reply.string_size);
        expect_filled(answer, size, i);
        EXPECT_EQUAL(CANARY, answer[size]);
    }
    peer_quit(server);
}

/* Promised pages: never touched before the kernel reads or writes them for somebody else. */
static void strings_come_from_and_go_to_memory_that_is_only_promised(void)
{
    process_id_t server = peer_start(CLASS_APPLICATION, "strings_server");
    uint32_t promised, promised_answer;

    EXPECT_OK(memory_allocate(3, MEMORY_ON_DEMAND, &promised));
    EXPECT_OK(memory_allocate(3, MEMORY_ON_DEMAND, &promised_answer));
    fill((uint8_t *)promised, 300, 9);   /* the first page; the string goes on in the second */
    struct message message = { .words = { 0, 9 }, .string = (const void *)promised, .string_size = 300 };
    struct reply reply = { .buffer = (void *)(promised_answer + PAGE_SIZE - 100), .buffer_size = 300 };
    EXPECT_OK(message_call(server, &message, &reply));
    expect_filled(reply.buffer, 300, 9);
    peer_quit(server);
}

/* ---- Memory that goes, or was never there ---- */

#define LONG_SIZE 6000U

/* Waits for a message between a call and its string. Arguments: size, the status of receiving it. */
static void strings_late_server(int argc, char **argv)
{
    uint8_t *string = room();
    struct event event, go;
    (void)argc;

    test_wait_event(&event, EVENT_MESSAGE);
    test_wait_event(&go, EVENT_MESSAGE);
    EXPECT_EQUAL(test_number(argv[1]), event.string_size);
    EXPECT_STATUS(test_number(argv[2]), message_receive(event.id, string, ROOM));
    if (test_number(argv[2]) == OK) {
        expect_filled(string, event.string_size, 1);
        EXPECT_OK(message_reply(event.id, &nothing));
    } else {
        EXPECT_STATUS(BAD_ID, message_receive(event.id, string, ROOM));
        EXPECT_STATUS(BAD_ID, message_reply(event.id, &nothing));
    }
}

static process_id_t late_server;
static uint32_t vanishing_page;

static void free_and_go(void *unused)
{
    (void)unused;
    clock_sleep(A_MOMENT_NS);
    EXPECT_OK(memory_free(vanishing_page, 1));
    peer_tell(late_server, 0, 0);
}

/* The string begins in one page and ends in the next, of which one goes. */
static void call_with_vanishing_string(uint32_t size, uint32_t gone, status_t received, status_t called)
{
    uint8_t *memory = room();
    uint8_t *string = memory + PAGE_SIZE - size / 2;
    struct message message = { .string = string, .string_size = size };
    struct reply reply = { 0 };

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "strings_late_server", &late_server, test_digits(size).text,
                         test_digits(received).text, NULL));
    fill(string, size, 1);
    vanishing_page = (uint32_t)memory + gone * PAGE_SIZE;
    EXPECT_OK(thread_start(free_and_go, NULL, PEER_STACK_BYTES, NULL));
    EXPECT_STATUS(called, message_call(late_server, &message, &reply));
    EXPECT_EQUAL(0, test_wait_exit(late_server));
}

static void string_that_vanishes_is_its_callers_mistake(void)
{
    call_with_vanishing_string(LONG_SIZE, 0, DISCARDED, BAD_ADDRESS);
    call_with_vanishing_string(LONG_SIZE, 1, DISCARDED, BAD_ADDRESS);
    call_with_vanishing_string(LONG_SIZE, 2, OK, OK);
    call_with_vanishing_string(MESSAGE_INLINE_MAX, 0, OK, OK);  /* short ones go with the call */
}

static void strings_badder(int argc, char **argv)
{
    static const uint32_t addresses[] = { 0, PAGE_SIZE, USER_END - 100, USER_END, 0xFFFFFF00 };
    struct reply reply = { 0 };
    (void)argc;
    (void)argv;

    for (uint32_t i = 0; i < COUNT(addresses); i++) {
        struct message message = { .string = (const void *)addresses[i], .string_size = 200 };

        EXPECT_STATUS(BAD_ADDRESS, message_call(process_page()->parent, &message, &reply));
    }
}

static void string_that_was_never_there_is_its_callers_mistake(void)
{
    process_id_t badder = peer_start(CLASS_APPLICATION, "strings_badder");
    uint8_t string[200];

    for (uint32_t i = 0; i < 5; i++) {
        struct event event;

        test_wait_event(&event, EVENT_MESSAGE);
        memset(string, CANARY, sizeof string);
        EXPECT_STATUS(DISCARDED, message_receive(event.id, string, sizeof string));
        EXPECT_EQUAL(CANARY, string[0]);
    }
    EXPECT_EQUAL(0, test_wait_exit(badder));
}

/* ---- Bad memory of the one that receives or answers: the call waits on ---- */

static void strings_sender(int argc, char **argv)
{
    uint8_t *memory = room();
    struct message message = { .string = memory, .string_size = LONG_SIZE };
    struct reply reply = { .buffer = memory, .buffer_size = ROOM };
    (void)argc;
    (void)argv;

    fill(memory, LONG_SIZE, 3);
    EXPECT_OK(message_call(process_page()->parent, &message, &reply));
    EXPECT_EQUAL(LONG_SIZE, reply.string_size);
    expect_filled(memory, LONG_SIZE, 4);
}

static void call_survives_its_servers_bad_pointers(void)
{
    process_id_t sender = peer_start(CLASS_APPLICATION, "strings_sender");
    uint8_t *memory = room();
    uint8_t *hole = memory + 3 * PAGE_SIZE;
    struct event event, other;

    EXPECT_OK(memory_free((uint32_t)hole, 1));
    test_wait_event(&event, EVENT_MESSAGE);
    const uint8_t *const places[] = {
        NULL, hole, hole - 1, hole - LONG_SIZE + 1, hole - PAGE_SIZE, (uint8_t *)USER_END, (uint8_t *)USER_END - 1,
    };
    for (uint32_t i = 0; i < COUNT(places); i++) {
        struct message answer = { .string = places[i], .string_size = LONG_SIZE };

        EXPECT_STATUS(BAD_ADDRESS, message_receive(event.id, (void *)places[i], LONG_SIZE));
        EXPECT_STATUS(BAD_ADDRESS, message_reply(event.id, &answer));
        EXPECT_STATUS(BAD_ADDRESS, message_reply_wait(event.id, &answer, &other, 0));
    }
    EXPECT_OK(message_receive(event.id, memory, LONG_SIZE));     /* the answers that failed have left their beginnings */
    fill(memory, LONG_SIZE, 4);
    struct message answer = { .string = memory, .string_size = LONG_SIZE };
    EXPECT_OK(message_reply(event.id, &answer));
    EXPECT_EQUAL(0, test_wait_exit(sender));
}

/* ---- Bad memory of the caller ---- */

static void answer_that_cannot_be_delivered_is_the_callers_loss(void)
{
    process_id_t server = peer_start(CLASS_APPLICATION, "strings_server");
    uint8_t *memory = room();
    uint32_t read_only, hole;

    EXPECT_OK(memory_allocate(1, MEMORY_READ_ONLY, &read_only));
    EXPECT_OK(memory_allocate(2, 0, &hole));
    EXPECT_OK(memory_free(hole + PAGE_SIZE, 1));
    fill(memory, LONG_SIZE, 5);
    uint32_t const places[] = { 0, read_only, hole, hole + PAGE_SIZE, hole + PAGE_SIZE - 1, USER_END, SYSTEM_PAGE, PROGRAM_BASE };
    for (uint32_t i = 0; i < COUNT(places); i++) {
        struct message message = { .words = { 0, 5 }, .string = memory, .string_size = LONG_SIZE };
        struct reply reply = { .buffer = (void *)places[i], .buffer_size = LONG_SIZE };

        EXPECT_STATUS(BAD_ADDRESS, message_call(server, &message, &reply));
        reply.buffer = memory;
        EXPECT_OK(message_call(server, &message, &reply));
        EXPECT_STATUS(BAD_ADDRESS, message_call(server, &message, (struct reply *)places[i]));
    }
    peer_quit(server);
}

const struct test call_strings_tests[] = {
    TEST(CLASS_APPLICATION, string_of_a_call_can_be_received_until_it_is_answered),
    TEST(CLASS_APPLICATION, strings_come_from_and_go_to_memory_that_is_only_promised),
    TEST(CLASS_APPLICATION, string_that_vanishes_is_its_callers_mistake),
    TEST(CLASS_APPLICATION, string_that_was_never_there_is_its_callers_mistake),
    TEST(CLASS_APPLICATION, call_survives_its_servers_bad_pointers),
    TEST(CLASS_APPLICATION, answer_that_cannot_be_delivered_is_the_callers_loss),
};
const uint32_t call_strings_test_count = COUNT(call_strings_tests);

const struct role call_strings_roles[] = {
    ROLE(strings_server),
    ROLE(strings_late_server),
    ROLE(strings_badder),
    ROLE(strings_sender),
};
const uint32_t call_strings_role_count = COUNT(call_strings_roles);
