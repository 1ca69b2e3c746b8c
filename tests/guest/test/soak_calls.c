/* Calls and messages, a million of them, between processes of all classes, and against a peer that keeps dying. */
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "call_state.h"
#include "dice.h"
#include "files.h"
#include "peer.h"

#define PATIENCE_NS (50 * SECOND)
#define STRING_MAX 600U

/* words[0] of what is said to a server. */
enum soak_operation { SOAK_WORDS = 1, SOAK_STRING, SOAK_PAGES, SOAK_SENT, SOAK_COUNT };

/* ---- A million ---- */

#define MIXERS 5U
#define SERVERS 3U
#define STEPS 210000U            /* of each mixer */
#define SEED 4711U

static struct {
    process_id_t sender;
    uint32_t messages;
} heard[MIXERS];

static uint32_t *heard_from(process_id_t sender)
{
    for (uint32_t i = 0; i < MIXERS; i++) {
        if (heard[i].sender == sender || heard[i].sender == 0) {
            heard[i].sender = sender;
            return &heard[i].messages;
        }
    }
    EXPECT_NOT("a stranger has called: 0x%x", sender);
}

/* Each byte of a string says how long it is. */
static void answer_string(const struct event *event)
{
    uint8_t string[STRING_MAX];

    EXPECT_OK(message_receive(event->id, string, sizeof string));
    for (uint32_t i = 0; i < event->string_size; i++) {
        EXPECT_EQUAL((uint8_t)event->string_size, string[i]);
    }
    struct message answer = { .words = { event->words[1] + 1 }, .string = string, .string_size = event->string_size };
    EXPECT_OK(message_reply(event->id, &answer));
}

/* The page comes back, with its word plus one. */
static void answer_page(const struct event *event)
{
    struct message answer = { .words = { event->words[1] + 1 }, .page_count = 1 };
    uint32_t address;

    EXPECT_EQUAL(1, event->page_count);
    EXPECT_OK(message_take_pages(event->id, &address));
    EXPECT_EQUAL(event->words[1], *(volatile uint32_t *)address);
    *(volatile uint32_t *)address += 1;
    answer.pages = (void *)address;
    EXPECT_OK(message_reply(event->id, &answer));
}

/* What does not come in registers. False: to quit. */
static bool take_event(const struct event *event)
{
    EXPECT_EQUAL(EVENT_MESSAGE, event->kind);
    switch (event->words[0]) {
    case SOAK_STRING:
        answer_string(event);
        return true;
    case SOAK_PAGES:
        answer_page(event);
        return true;
    case SOAK_SENT:
        EXPECT_EQUAL(event->words[1], (*heard_from(event->sender))++);
        return true;
    default:
        EXPECT_EQUAL(PEER_QUIT, event->words[0]);
        return false;
    }
}

static void soak_server(int argc, char **argv)
{
    struct words words = { { 0 } };
    message_id_t call = 0;
    struct event event;
    (void)argc;
    (void)argv;

    for (;;) {
        call = message_reply_wait_words(call, &words, &event);
        if (call == 0) {
            if (!take_event(&event)) {
                return;
            }
        } else if (words.word[0] == SOAK_COUNT) {
            words.word[0] = *heard_from(thread_slot()->sender);
        } else {
            EXPECT_EQUAL(SOAK_WORDS, words.word[0]);
            EXPECT_EQUAL(words.word[1], thread_slot()->sender);
            words = words_answered(&words);
        }
    }
}

static void call_words(process_id_t server, enum call_way way, uint32_t number)
{
    struct words words = { { SOAK_WORDS, process_page()->id, number, ~number } };
    struct words expected = words_answered(&words);

    EXPECT_OK(message_call_words_by(way, server, &words));
    EXPECT_WORDS(&expected, &words);
}

static void call_with_string(process_id_t server, uint32_t size, uint32_t number)
{
    uint8_t out[STRING_MAX], in[STRING_MAX];
    struct message message = { .words = { SOAK_STRING, number }, .string = out, .string_size = size };
    struct reply reply = { .buffer = in, .buffer_size = sizeof in };

    memset(out, (int)size, size);
    EXPECT_OK(message_call(server, &message, &reply));
    EXPECT_EQUAL(number + 1, reply.words[0]);
    EXPECT_EQUAL(size, reply.string_size);
    EXPECT(memcmp(out, in, size) == 0);
}

static void call_with_page(process_id_t server, uint32_t number)
{
    struct message message = { .words = { SOAK_PAGES, number }, .page_count = 1 };
    struct reply reply = { 0 };
    uint32_t address;

    EXPECT_OK(memory_allocate(1, 0, &address));
    *(volatile uint32_t *)address = number;
    message.pages = (void *)address;
    EXPECT_OK(message_call(server, &message, &reply));
    EXPECT_EQUAL(1, reply.page_count);
    EXPECT_EQUAL(number + 1, *(volatile uint32_t *)reply.pages);
    EXPECT_OK(memory_free(reply.pages, 1));
}

/* As many as it has room for arrive. */
static void send(process_id_t server, uint32_t *sent)
{
    struct message message = { .words = { SOAK_SENT, *sent } };
    status_t status = message_send(server, &message);

    EXPECT(status == OK || status == OVER_QUOTA || status == NO_MEMORY);
    *sent += status == OK;
}

/* Arguments: seed, servers. */
static void soak_mixer(int argc, char **argv)
{
    struct dice dice = dice_take(test_number(argv[1]));
    process_id_t servers[SERVERS];
    uint32_t sent[SERVERS] = { 0 };
    (void)argc;

    for (uint32_t i = 0; i < SERVERS; i++) {
        servers[i] = test_number(argv[2 + i]);
    }
    for (uint32_t step = 0; step < STEPS; step++) {
        uint32_t server = dice_throw(&dice, SERVERS);
        uint32_t what = dice_throw(&dice, 100);

        if (what < 65) {
            call_words(servers[server], CALL_BY_PAGE, step);
        } else if (what < 80) {
            call_words(servers[server], CALL_BY_INT, step);
        } else if (what < 88) {
            call_with_string(servers[server], dice_between(&dice, 1, STRING_MAX), step);
        } else if (what < 90) {
            call_with_page(servers[server], step);
        } else {
            send(servers[server], &sent[server]);
        }
    }
    for (uint32_t i = 0; i < SERVERS; i++) {
        struct words words = { { SOAK_COUNT } };

        EXPECT_OK(message_call_words(servers[i], &words));
        EXPECT_EQUAL(sent[i], words.word[0]);
    }
}

static void wait_for_all(uint32_t processes)
{
    nanoseconds_t deadline_ns = clock_after(PATIENCE_NS);
    struct event event;

    while (processes > 0) {
        EXPECT_OK(event_wait(&event, deadline_ns));
        EXPECT_EQUAL(EVENT_PROCESS_EXITED, event.kind);
        EXPECT_EQUAL(0, event.count);
        processes--;
    }
}

static void a_million_calls_and_messages_of_all_kinds_arrive(void)
{
    process_id_t servers[SERVERS], mixer;

    for (uint32_t i = 0; i < SERVERS; i++) {
        servers[i] = peer_start(CLASS_DRIVER + i, "soak_server");
    }
    for (uint32_t i = 0; i < MIXERS; i++) {
        EXPECT_OK(test_spawn(CLASS_DRIVER + i % 3, "soak_mixer", &mixer, test_digits(SEED + i).text,
                             test_digits(servers[0]).text, test_digits(servers[1]).text, test_digits(servers[2]).text, NULL));
    }
    wait_for_all(MIXERS);
    for (uint32_t i = 0; i < SERVERS; i++) {
        peer_quit(servers[i]);
    }
}

/* ---- A peer that keeps dying ---- */

#define MORTAL_NAME "mortal"
#define CALLERS 3U
#define MORTAL_CALLS 34000U      /* of each caller, that are answered */
#define LIFE_MAX 400U            /* calls that it lives */

/* Answers some calls, and ends over one. Argument: seed. */
static void soak_mortal(int argc, char **argv)
{
    struct dice dice = dice_take(test_number(argv[1]));
    uint32_t life = dice_between(&dice, 1, LIFE_MAX);
    struct words words = { { 0 } };
    message_id_t call = 0;
    struct event event;
    (void)argc;

    for (; life > 0; life--) {
        call = message_reply_wait_words(call, &words, &event);
        EXPECT(call != 0);
        words = words_answered(&words);
    }
    switch (dice_throw(&dice, 3)) {
    case 0:
        process_exit(0);
    case 1:
        thread_exit();
    }
    *(volatile uint32_t *)USER_END = 0;
}

static process_id_t start_mortal(process_class_t class, uint32_t seed)
{
    struct spawn spawn = { .class = class, .flags = SPAWN_WATCH, .name = MORTAL_NAME, .name_size = sizeof MORTAL_NAME - 1 };
    process_id_t id;

    EXPECT_OK(test_spawn_as(&spawn, "soak_mortal", &id, test_digits(seed).text, NULL));
    return id;
}

/* Calls whoever has the name. Arguments: the name, the way. */
static void soak_faithful(int argc, char **argv)
{
    process_id_t mortal = 0;
    (void)argc;

    EXPECT_OK(name_wait(argv[1], clock_after(PATIENCE_NS), &mortal));
    for (uint32_t answered = 0; answered < MORTAL_CALLS;) {
        struct words words = words_of(answered);
        struct words expected = words_answered(&words);
        status_t status = message_call_words_by(test_number(argv[2]), mortal, &words);

        if (status == OK) {
            EXPECT_WORDS(&expected, &words);
            answered++;
        } else {
            EXPECT(status == PEER_DIED || status == BAD_ID);
            EXPECT_OK(name_wait(argv[1], clock_after(PATIENCE_NS), &mortal));
        }
    }
}

static void call_mortals(process_class_t class, const char *name)
{
    nanoseconds_t deadline_ns = clock_after(PATIENCE_NS);
    uint32_t lives = 1, ended = 0;
    process_id_t mortal = start_mortal(class, lives);
    process_id_t caller;

    for (uint32_t i = 0; i < CALLERS; i++) {
        EXPECT_OK(test_spawn(CLASS_SERVER + i % 2, "soak_faithful", &caller, name, test_digits(i % 2).text, NULL));
    }
    while (ended < CALLERS) {
        struct event event;

        EXPECT_OK(event_wait(&event, deadline_ns));
        EXPECT_EQUAL(EVENT_PROCESS_EXITED, event.kind);
        if (event.id == mortal) {
            EXPECT(event.count == 0 || event.count == (EXIT_FAULT | 14));
            mortal = start_mortal(class, ++lives);
        } else {
            EXPECT_EQUAL(0, event.count);
            ended++;
        }
    }
    EXPECT(lives > CALLERS * MORTAL_CALLS / LIFE_MAX);
    peer_kill(mortal);
}

static void a_hundred_thousand_calls_reach_a_server_that_keeps_dying(void)
{
    call_mortals(CLASS_SERVER, "s\\" MORTAL_NAME);
}

const struct test soak_calls_tests[] = {
    TEST_SOAK(50, CLASS_DRIVER, a_million_calls_and_messages_of_all_kinds_arrive),
    TEST_SOAK(50, CLASS_DRIVER, a_hundred_thousand_calls_reach_a_server_that_keeps_dying),
};
const uint32_t soak_calls_test_count = COUNT(soak_calls_tests);

const struct role soak_calls_roles[] = {
    ROLE(soak_server),
    ROLE(soak_mixer),
    ROLE(soak_mortal),
    ROLE(soak_faithful),
};
const uint32_t soak_calls_role_count = COUNT(soak_calls_roles);
