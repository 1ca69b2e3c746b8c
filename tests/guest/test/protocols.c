/* Protocols: both sides of a call see what the description says, and nothing else ever reaches a handler. */
#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "echo_protocol.h"
#include "files.h"

/* ---- Both ways to travel ---- */

/* The first calls come before the server waits, the others while it does. */
static void small_structures_travel_in_registers(void)
{
    process_id_t echo = echo_start(1);
    struct echo_numbers reply = { 0 };

    EXPECT(operation_shape_is_words(&echo_increase_shape));
    EXPECT(!operation_shape_is_words(&echo_invert_middle_shape));
    EXPECT(!operation_shape_is_words(&echo_invert_shape));
    for (uint32_t i = 0; i < 100; i++) {
        struct echo_numbers request = { { i, 0xFFFFFFFF - i, i << 24 } };

        EXPECT_OK(echo_increase(echo, &request, &reply));
        for (uint32_t at = 0; at < COUNT(reply.numbers); at++) {
            EXPECT_EQUAL(request.numbers[at] + 1, reply.numbers[at]);
        }
    }
    echo_end(echo);
}

static void handler_learns_who_calls(void)
{
    process_id_t echo = echo_start(1);
    struct echo_numbers reply = { 0 };

    EXPECT_OK(echo_sender(echo, NULL, &reply));
    EXPECT_EQUAL(process_page()->id, reply.numbers[0]);
    EXPECT_EQUAL(CLASS_SERVER, reply.numbers[1]);
    EXPECT_EQUAL(1, reply.numbers[2]);
    echo_end(echo);
}

static void large_structures_travel_as_strings(void)
{
    process_id_t echo = echo_start(1);
    static struct echo_large large, answer;
    struct echo_middle middle, middle_answer;
    struct echo_number number = { 0 };
    uint32_t sum = 0;

    for (uint32_t i = 0; i < sizeof large.bytes; i++) {
        large.bytes[i] = (uint8_t)(i * 7);
        sum += large.bytes[i];
    }
    memcpy(middle.bytes, large.bytes, sizeof middle.bytes);
    EXPECT_OK(echo_invert_large(echo, &large, &answer));
    EXPECT_OK(echo_invert_middle(echo, &middle, &middle_answer));
    for (uint32_t i = 0; i < sizeof large.bytes; i++) {
        EXPECT_EQUAL((uint8_t)~large.bytes[i], answer.bytes[i]);
        EXPECT(i >= sizeof middle.bytes || middle_answer.bytes[i] == answer.bytes[i]);
    }
    EXPECT_OK(echo_sum(echo, &large, &number));
    EXPECT_EQUAL(sum, number.number);
    EXPECT_OK(echo_fill(echo, &(struct echo_number){ 0xA5 }, &answer));
    EXPECT_EQUAL(0xA5, answer.bytes[0]);
    EXPECT_EQUAL(0xA5, answer.bytes[sizeof answer.bytes - 1]);
    echo_end(echo);
}

static void refusal_brings_the_status_and_nothing_else(void)
{
    process_id_t echo = echo_start(1);
    static struct echo_large reply;

    for (status_t status = OK + 1; status < STATUS_COUNT; status++) {
        EXPECT_STATUS(status, echo_refuse(echo, &(struct echo_number){ status }, &reply));
    }
    EXPECT_EQUAL(0, reply.bytes[0]);
    EXPECT_OK(echo_refuse(echo, &(struct echo_number){ OK }, &reply));
    EXPECT_EQUAL(0x55, reply.bytes[sizeof reply.bytes - 1]);
    echo_end(echo);
}

/* ---- Strings and pages ---- */

static void invert_string(process_id_t echo, uint32_t size, uint32_t room)
{
    static uint8_t out[ECHO_STRING_MAX + 1], in[ECHO_STRING_MAX + 1];
    struct payload payload = { .string = out, .string_size = size, .buffer = in, .buffer_size = room };
    struct echo_number reply;

    for (uint32_t i = 0; i < size; i++) {
        out[i] = (uint8_t)(i ^ size);
    }
    memset(in, 0x77, sizeof in);
    EXPECT_STATUS(size > room ? TRUNCATED : OK, echo_invert(echo, &(struct echo_number){ 0 }, &reply, &payload));
    EXPECT_EQUAL(size, reply.number);
    EXPECT_EQUAL(size, payload.reply_string_size);
    for (uint32_t i = 0; i < sizeof in; i++) {
        EXPECT_EQUAL(i < size && i < room ? (uint8_t)~out[i] : 0x77, in[i]);
    }
}

static void strings_up_to_the_limit_arrive(void)
{
    static const uint32_t sizes[] = { 0, 1, 63, 64, 65, 4095, 4097, ECHO_STRING_MAX - 1, ECHO_STRING_MAX };
    process_id_t echo = echo_start(1);

    for (uint32_t i = 0; i < COUNT(sizes); i++) {
        invert_string(echo, sizes[i], ECHO_STRING_MAX);
        invert_string(echo, sizes[i], sizes[i] / 2);
    }
    EXPECT_OK(echo_invert(echo, &(struct echo_number){ 0 }, &(struct echo_number){ 0 }, NULL));
    echo_end(echo);
}

static void invert_both(process_id_t echo, uint32_t size, uint32_t room)
{
    static uint8_t out[ECHO_STRING_MAX], in[ECHO_STRING_MAX + 1];
    struct payload payload = { .string = out, .string_size = size, .buffer = in, .buffer_size = room };
    struct echo_middle middle;
    struct echo_middle reply[2] = { 0 };

    memset(middle.bytes, (int)size + 1, sizeof middle.bytes);
    memset(out, (int)size, size);
    memset(in, 0x77, sizeof in);
    EXPECT_STATUS(size > room ? TRUNCATED : OK, echo_invert_both(echo, &middle, &reply[0], &payload));
    EXPECT_EQUAL(size, payload.reply_string_size);
    for (uint32_t i = 0; i < sizeof middle.bytes; i++) {
        EXPECT_EQUAL((uint8_t)~middle.bytes[i], reply[0].bytes[i]);
    }
    EXPECT_EQUAL(0, reply[1].bytes[0]);
    for (uint32_t i = 0; i < sizeof in; i++) {
        EXPECT_EQUAL(i < size && i < room ? (uint8_t)~size : 0x77, in[i]);
    }
}

static void structures_and_strings_arrive_together(void)
{
    static const uint32_t sizes[] = { 0, 1, 2, 3, 4, 63, 67, 68, 1000, 4035, 4036, 4096, ECHO_STRING_MAX - 1, ECHO_STRING_MAX };
    process_id_t echo = echo_start(1);
    struct echo_middle middle = { 0 };
    struct process_information before = { 0 }, after = { 0 };

    EXPECT_OK(process_information(SELF, &before));
    for (uint32_t i = 0; i < COUNT(sizes); i++) {
        invert_both(echo, sizes[i], ECHO_STRING_MAX);
        invert_both(echo, sizes[i], sizes[i] / 2);
        invert_both(echo, sizes[i], 0);
    }
    EXPECT_OK(echo_invert_both(echo, &middle, &middle, NULL));
    EXPECT_OK(process_information(SELF, &after));
    EXPECT(after.frames <= before.frames + 4);       /* the test's own memory, touched: the rest was given back */
    echo_end(echo);
}

/* A message as the client's library would never send it. */
static status_t call_raw(process_id_t server, uint32_t header, uint32_t string_size, uint32_t page_count)
{
    static uint8_t string[ECHO_STRING_MAX + 1];
    struct message message = { .words = { header }, .string = string, .string_size = string_size, .page_count = page_count };
    struct reply reply = { 0 };
    uint32_t address;

    EXPECT_OK(memory_allocate(ECHO_PAGES_MAX + 1, 0, &address));
    message.pages = (void *)address;
    status_t status = message_call(server, &message, &reply);
    EXPECT_OK(memory_free(address, ECHO_PAGES_MAX + 1));
    return status == OK ? (status_t)reply.words[0] : status;
}

static void string_over_the_limit_is_too_big_on_either_side(void)
{
    static uint8_t string[ECHO_STRING_MAX + 1];
    process_id_t echo = echo_start(1);
    struct payload payload = { .string = string, .string_size = sizeof string, .buffer = string, .buffer_size = sizeof string };
    struct echo_number reply = { 1234 };

    EXPECT_STATUS(TOO_BIG, echo_invert(echo, &(struct echo_number){ 0 }, &reply, &payload));
    EXPECT_STATUS(TOO_BIG, call_raw(echo, echo_invert_shape.header, sizeof string, 0));
    EXPECT_EQUAL(1, echo_served(echo));
    payload.string_size = ECHO_STRING_MAX;
    EXPECT_STATUS(TOO_BIG, echo_invert(echo, &(struct echo_number){ 1 }, &reply, &payload));  /* the server's mistake */
    EXPECT_EQUAL(3, echo_served(echo));
    EXPECT_EQUAL(1234, reply.number);
    echo_end(echo);
}

static void pages_go_to_the_server_and_back(void)
{
    process_id_t echo = echo_start(1);

    for (uint32_t pages = 1; pages <= ECHO_PAGES_MAX; pages++) {
        uint32_t address;

        EXPECT_OK(memory_allocate(pages, 0, &address));
        memset((void *)address, (int)pages, pages * PAGE_SIZE);
        struct payload payload = { .pages = (void *)address, .page_count = pages, .page_flags = PAGES_GIVE };
        EXPECT_OK(echo_invert_pages(echo, NULL, NULL, &payload));
        EXPECT_EQUAL(pages, payload.reply_page_count);
        for (uint32_t i = 0; i < pages * PAGE_SIZE; i++) {
            EXPECT_EQUAL((uint8_t)~pages, ((uint8_t *)payload.reply_pages)[i]);
        }
        EXPECT_OK(memory_free((uint32_t)payload.reply_pages, pages));
    }
    EXPECT_STATUS(TOO_BIG, call_raw(echo, echo_invert_pages_shape.header, 0, ECHO_PAGES_MAX + 1));
    EXPECT_EQUAL(ECHO_PAGES_MAX + 1, echo_served(echo));
    echo_end(echo);
}

/* ---- What is not as the protocol says ---- */

PROTOCOL_DECLARE(older_echo, ECHO_IDENTITY, ECHO_VERSION - 1, ECHO_PROTOCOL)
PROTOCOL_DECLARE(newer_echo, ECHO_IDENTITY, ECHO_VERSION + 1, ECHO_PROTOCOL)
PROTOCOL_DECLARE(stranger, ECHO_IDENTITY + 1, ECHO_VERSION, ECHO_PROTOCOL)

static void other_version_is_an_error_and_reaches_no_handler(void)
{
    process_id_t echo = echo_start(1);
    struct echo_numbers numbers = { { 1, 2, 3 } };
    struct payload payload = { .string = "text", .string_size = 4 };
    static struct echo_large large;

    EXPECT_STATUS(VERSION_MISMATCH, older_echo_increase(echo, &numbers, &numbers));
    EXPECT_STATUS(VERSION_MISMATCH, newer_echo_increase(echo, &numbers, &numbers));
    EXPECT_STATUS(VERSION_MISMATCH, older_echo_invert_large(echo, &large, &large));
    EXPECT_STATUS(VERSION_MISMATCH, newer_echo_invert(echo, &(struct echo_number){ 0 }, &(struct echo_number){ 0 }, &payload));
    EXPECT_STATUS(BAD_PROTOCOL, stranger_increase(echo, &numbers, &numbers));
    EXPECT_STATUS(BAD_PROTOCOL, stranger_invert_large(echo, &large, &large));
    EXPECT_STATUS(BAD_PROTOCOL, call_raw(echo, 1, 0, 0));
    EXPECT_EQUAL(1, numbers.numbers[0]);
    EXPECT_EQUAL(3, numbers.numbers[2]);
    EXPECT_EQUAL(1, echo_served(echo));
    echo_end(echo);
}

static void unknown_operation_is_an_error(void)
{
    process_id_t echo = echo_start(1);

    EXPECT_STATUS(BAD_OPERATION, echo_unknown(echo, NULL, NULL));
    for (uint32_t number = 0; number <= 0xFF; number += number == 0 ? 20 : 1) {
        EXPECT_STATUS(BAD_OPERATION, call_raw(echo, PROTOCOL_HEADER(ECHO_IDENTITY, ECHO_VERSION, number), number, 0));
    }
    EXPECT_EQUAL(1, echo_served(echo));
    echo_end(echo);
}

static void request_of_a_wrong_size_reaches_no_handler(void)
{
    static const uint32_t wrong[] = { 0, 1, 60, 62, 64, 65, 1000, 1002, ECHO_STRING_MAX };
    process_id_t echo = echo_start(1);
    struct words words = { { echo_invert_large_shape.header } };

    for (uint32_t i = 0; i < COUNT(wrong); i++) {
        EXPECT_STATUS(BAD_SIZE, call_raw(echo, echo_invert_middle_shape.header, wrong[i], 0));
        EXPECT_STATUS(BAD_SIZE, call_raw(echo, echo_invert_large_shape.header, wrong[i], 0));
        EXPECT_STATUS(wrong[i] == 0 ? OK : BAD_SIZE, call_raw(echo, echo_increase_shape.header, wrong[i], 0));
    }
    EXPECT_STATUS(BAD_SIZE, call_raw(echo, echo_increase_shape.header, 0, 1));
    EXPECT_STATUS(BAD_SIZE, call_raw(echo, echo_invert_large_shape.header, sizeof(struct echo_large), 1));
    EXPECT_OK(message_call_words(echo, &words));
    EXPECT_EQUAL(BAD_SIZE, words.word[0]);
    EXPECT_EQUAL(2, echo_served(echo));
    echo_end(echo);
}

/* A server of echo_protocol.h that gets its answers wrong: the first argument says how. */
static void protocol_liar(int argc, char **argv)
{
    struct message answer = { .words = { OK, 1, 2, 3 }, .string_size = test_number(argv[1]), .page_count = test_number(argv[2]) };
    uint32_t address;
    struct event event;
    (void)argc;

    EXPECT_OK(memory_allocate(16, 0, &address));
    answer.string = (const void *)address;
    answer.pages = (void *)address;
    answer.page_flags = PAGES_SHARE;
    for (;;) {
        test_wait_event(&event, EVENT_MESSAGE);
        EXPECT_OK(message_reply(event.id, &answer));
    }
}

static process_id_t liar_start(uint32_t string_size, uint32_t page_count)
{
    process_id_t liar;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "protocol_liar", &liar, test_digits(string_size).text,
                         test_digits(page_count).text, NULL));
    return liar;
}

static uint32_t own_frames(void)
{
    struct process_information self;

    EXPECT_OK(process_information(SELF, &self));
    return self.frames;
}

static void answer_of_a_wrong_size_is_an_error_and_leaves_nothing(void)
{
    static const uint32_t wrong[] = { 0, 1, 60, 62, 1000, 1002, ECHO_STRING_MAX + 1 };
    struct echo_middle middle[2] = { 0 };
    struct echo_number number = { 0 };
    static uint8_t room[ECHO_STRING_MAX + 2];

    for (uint32_t i = 0; i < COUNT(wrong); i++) {
        process_id_t liar = liar_start(wrong[i], 0);
        struct payload payload = { .buffer = room, .buffer_size = sizeof room };

        EXPECT_STATUS(BAD_SIZE, echo_invert_middle(liar, &middle[0], &middle[0]));
        EXPECT_STATUS(wrong[i] >= 61 && wrong[i] <= 61 + ECHO_STRING_MAX ? OK : BAD_SIZE,
                      echo_invert_both(liar, &middle[0], &middle[0], &payload));
        EXPECT_STATUS(wrong[i] == 0 ? OK : BAD_SIZE, echo_hold(liar, &number, &number));
        EXPECT_STATUS(wrong[i] <= ECHO_STRING_MAX ? OK : BAD_SIZE, echo_invert(liar, &number, &number, &payload));
        EXPECT_EQUAL(0, middle[1].bytes[0]);
        test_end_children();
    }
    process_id_t liar = liar_start(0, 8);
    EXPECT_STATUS(BAD_SIZE, echo_hold(liar, &number, &number));
    uint32_t frames = own_frames();
    struct payload payload = { .buffer = room, .buffer_size = sizeof room };
    EXPECT_STATUS(BAD_SIZE, echo_invert(liar, &number, &number, &payload));
    EXPECT_STATUS(BAD_SIZE, echo_invert_pages(liar, NULL, NULL, &payload));
    EXPECT_STATUS(BAD_SIZE, echo_invert_pages(liar, NULL, NULL, NULL));
    EXPECT_EQUAL(frames, own_frames());
    test_end_children();
}

const struct test protocols_tests[] = {
    TEST(CLASS_APPLICATION, small_structures_travel_in_registers),
    TEST(CLASS_SERVER, handler_learns_who_calls),
    TEST(CLASS_APPLICATION, large_structures_travel_as_strings),
    TEST(CLASS_APPLICATION, refusal_brings_the_status_and_nothing_else),
    TEST(CLASS_APPLICATION, strings_up_to_the_limit_arrive),
    TEST(CLASS_APPLICATION, structures_and_strings_arrive_together),
    TEST(CLASS_APPLICATION, string_over_the_limit_is_too_big_on_either_side),
    TEST(CLASS_APPLICATION, pages_go_to_the_server_and_back),
    TEST(CLASS_APPLICATION, other_version_is_an_error_and_reaches_no_handler),
    TEST(CLASS_APPLICATION, unknown_operation_is_an_error),
    TEST(CLASS_APPLICATION, request_of_a_wrong_size_reaches_no_handler),
    TEST(CLASS_SERVER, answer_of_a_wrong_size_is_an_error_and_leaves_nothing),
};
const uint32_t protocols_test_count = COUNT(protocols_tests);

const struct role protocols_roles[] = {
    ROLE(protocol_liar),
};
const uint32_t protocols_role_count = COUNT(protocols_roles);
