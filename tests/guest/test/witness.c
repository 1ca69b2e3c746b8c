#include "witness.h"

#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/message.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall_table.h>
#include <ternion/system.h>

#include "../bystander/sequence.h"
#include "protocol.h"
#include "test.h"

#define NUMBERS 1000U            /* of a run in VM86 mode */
#define RUNS 2U                  /* in a round: together a sixth of a tick of an old PC, so that ticks come in them */
#define ROUND_NS (10 * MILLISECOND)
#define PATTERN_WORDS 4096U
#define STRING_MAX 300U
#define SERVER_NAME "s\\witness"

static uint32_t pattern[PATTERN_WORDS];
static uint32_t rounds;
static char why[TEST_WHY_SIZE];  /* empty: all is well */

static void complain(const char *what, uint32_t value)
{
    if (why[0] == '\0') {
        format_text(why, sizeof why, "%s saw %s (%u) in round %u", process_name(), what, value, rounds);
    }
}

static uint32_t pattern_word(uint32_t index)
{
    return index * 2654435761U ^ process_page()->id;
}

static void fill_pattern(void)
{
    for (uint32_t i = 0; i < PATTERN_WORDS; i++) {
        pattern[i] = pattern_word(i);
    }
}

static void check_pattern(void)
{
    for (uint32_t i = 0; i < PATTERN_WORDS; i++) {
        if (pattern[i] != pattern_word(i)) {
            complain("a word of its memory change", i);
        }
    }
}

/* What the server makes of the string of round `number`. */
static uint8_t answer_byte(uint32_t number, uint32_t index)
{
    return (uint8_t)~(number + index);
}

static uint32_t string_size(uint32_t number)
{
    return number * 37 % STRING_MAX;
}

static void check_answer(const struct reply *reply, const uint8_t *bytes, uint32_t number)
{
    if (reply->words[1] != number * number || reply->string_size != string_size(number)) {
        complain("a wrong answer", reply->words[1]);
        return;
    }
    for (uint32_t i = 0; i < reply->string_size; i++) {
        if (bytes[i] != answer_byte(number, i)) {
            complain("a wrong byte in an answer", i);
        }
    }
}

/* One request of the application. That there is no memory for it is an honest answer: the next round tries again. */
static void ask_server(process_id_t server)
{
    uint8_t bytes[STRING_MAX];
    struct message request = { .words = { WITNESS_REQUEST, ++rounds }, .string = bytes, .string_size = string_size(rounds) };
    struct reply reply = { .buffer = bytes, .buffer_size = sizeof bytes };

    for (uint32_t i = 0; i < request.string_size; i++) {
        bytes[i] = (uint8_t)(rounds + i);
    }
    status_t status = message_call(server, &request, &reply);
    if (status == OK) {
        check_answer(&reply, bytes, rounds);
    } else if (status != NO_MEMORY) {
        complain("a call fail", (uint32_t)status);
    }
}

/* 16-bit code that is interrupted by whatever the tests do. */
static void run_real_mode(void)
{
    static uint32_t number = 1;

    rounds++;
    for (uint32_t i = 0; i < RUNS; i++) {
        const char *wrong = sequence_real_mode(number, NUMBERS, &number);

        if (wrong != NULL) {
            complain(wrong, number);
        }
    }
}

static void answer_request(const struct event *event)
{
    uint8_t bytes[STRING_MAX];
    struct message answer = { .words = { OK, event->words[1] * event->words[1] }, .string = bytes };

    if (message_string(event, bytes, sizeof bytes, &answer.string_size) != OK) {
        complain("a string vanish", event->string_size);
    }
    for (uint32_t i = 0; i < answer.string_size; i++) {
        bytes[i] = (uint8_t)~bytes[i];
    }
    rounds++;
    message_answer_with(event, &answer);
}

static void answer_runner(const struct event *event)
{
    struct message answer = { .words = { WITNESS_SAYS, rounds }, .string = why, .string_size = (uint32_t)strlen(why) };

    check_pattern();
    (void)message_send(event->sender, &answer);
}

static void take_message(const struct event *event)
{
    switch (event->words[0]) {
    case WITNESS_REQUEST:
        answer_request(event);
        break;
    case WITNESS_ASKED:
        answer_runner(event);
        break;
    default:
        message_answer(event, BAD_ARGUMENT);
    }
}

static void wait_until(nanoseconds_t deadline_ns)
{
    struct event event;

    while (event_wait(&event, deadline_ns) == OK) {
        if (event.kind == EVENT_MESSAGE) {
            take_message(&event);
        }
    }
}

int witness_main(void)
{
    process_class_t class = process_page()->class;
    process_id_t server = 0;

    fill_pattern();
    if (class == CLASS_DRIVER) {
        sequence_real_mode_open();
    } else if (class == CLASS_APPLICATION) {
        MUST(name_find(SERVER_NAME, &server));
    }
    for (;;) {
        wait_until(class == CLASS_SERVER ? FOREVER : clock_after(ROUND_NS));
        check_pattern();
        if (class == CLASS_DRIVER) {
            run_real_mode();
        } else {
            ask_server(server);
        }
    }
}

void test_end_children(void)
{
    struct process_information information;
    struct event event;
    process_id_t id = 0;

    while (process_next(id, &id) == OK) {
        if (process_information(id, &information) == OK && information.parent == process_page()->id) {
            EXPECT_OK(process_terminate(id, 0));
            id = 0;
        }
    }
    while (event_poll(&event) == OK) {
    }
}
