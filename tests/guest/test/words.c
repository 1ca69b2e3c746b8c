/* Calls in registers: four words there, four words back, by every way into the kernel, and whoever takes and answers them. */
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "call_state.h"
#include "files.h"
#include "peer.h"

/* ---- Accomplices ---- */

/* Answers calls of both kinds until it is told to quit. Argument: the way. */
static void words_server(int argc, char **argv)
{
    enum call_way way = argc > 1 ? test_number(argv[1]) : CALL_BY_PAGE;
    struct words words = { { 0 } };
    message_id_t call = 0;
    struct event event;

    for (;;) {
        call = message_reply_wait_words_by(way, call, &words, &event);
        if (call == 0) {
            EXPECT_EQUAL(EVENT_MESSAGE, event.kind);
            if ((event.flags & EVENT_WANTS_REPLY) == 0) {
                EXPECT_EQUAL(PEER_QUIT, event.words[0]);
                return;
            }
            memcpy(words.word, event.words, sizeof words.word);
            call = event.id;
        }
        words = words_answered(&words);
    }
}

/* Calls a process, whose answers must be honest. Its words begin with its ID. Arguments: whom, how often, the way. */
static void words_client(int argc, char **argv)
{
    process_id_t server = test_number(argv[1]);
    uint32_t calls = test_number(argv[2]);
    enum call_way way = argc > 3 ? test_number(argv[3]) : CALL_BY_PAGE;

    for (uint32_t i = 0; i < calls; i++) {
        struct words words = words_of(i);

        words.word[0] = process_page()->id;
        struct words expected = words_answered(&words);
        EXPECT_OK(message_call_words_by(way, server, &words));
        EXPECT_WORDS(&expected, &words);
    }
}

static process_id_t start_server(process_class_t class, enum call_way way)
{
    process_id_t server;

    EXPECT_OK(test_spawn(class, "words_server", &server, test_digits(way).text, NULL));
    return server;
}

static process_id_t start_client(process_class_t class, process_id_t server, uint32_t calls, enum call_way way)
{
    process_id_t client;

    EXPECT_OK(test_spawn(class, "words_client", &client, test_digits(server).text, test_digits(calls).text,
                         test_digits(way).text, NULL));
    return client;
}

/* ---- There and back ---- */

static void call_with(enum call_way way, process_id_t server, struct words words)
{
    struct words expected = words_answered(&words);

    EXPECT_OK(message_call_words_by(way, server, &words));
    EXPECT_WORDS(&expected, &words);
}

/* A call in memory may be answered in registers. */
static void call_in_memory(process_id_t server, struct words words)
{
    struct message message = { .string = "string", .string_size = 6 };
    struct words expected = words_answered(&words);
    struct words answer;
    char buffer[4] = "abc";
    struct reply reply = { .buffer = buffer, .buffer_size = sizeof buffer, .string_size = 99, .pages = 99, .page_count = 99 };

    memcpy(message.words, words.word, sizeof message.words);
    EXPECT_OK(message_call(server, &message, &reply));
    memcpy(answer.word, reply.words, sizeof answer.word);
    EXPECT_WORDS(&expected, &answer);
    EXPECT_EQUAL(0, reply.string_size);
    EXPECT_EQUAL(0, reply.page_count);
    EXPECT(strcmp(buffer, "abc") == 0);
}

static void expect_exact_words(process_class_t class, enum call_way server_way)
{
    static const uint32_t patterns[] = { 0, 0xFFFFFFFF, 0x80000000, 0x7FFFFFFF, 1, USER_END, SYSTEM_PAGE };
    process_id_t server = start_server(class, server_way);

    for (enum call_way way = 0; way < CALL_WAYS; way++) {
        for (uint32_t i = 0; call_way_is_there(way) && i < COUNT(patterns); i++) {
            call_with(way, server, (struct words){ { patterns[i], patterns[i], patterns[i], patterns[i] } });
        }
        for (uint32_t seed = 0; call_way_is_there(way) && seed < 30; seed++) {
            call_with(way, server, words_of(seed));
        }
        call_in_memory(server, words_of(way));
    }
    peer_quit(server);
}

static void four_words_go_there_and_back_exactly(void)
{
    for (process_class_t class = CLASS_DRIVER; class <= CLASS_APPLICATION; class++) {
        for (enum call_way way = 0; way < CALL_WAYS; way++) {
            if (call_way_is_there(way)) {
                expect_exact_words(class, way);
            }
        }
    }
}

/* ---- Who calls ---- */

#define CLIENTS 3U

struct client {
    process_id_t id;
    process_class_t class;
    uint32_t calls;
};

static struct client *client_find(struct client *clients, process_id_t id)
{
    for (uint32_t i = 0; i < CLIENTS; i++) {
        if (clients[i].id == id) {
            return &clients[i];
        }
    }
    EXPECT_NOT("process 0x%x is no client", id);
}

/* The words are those of words_client, and the slot says from whom they are. */
static void expect_call_of_client(struct client *clients, const struct words *words)
{
    struct client *client = client_find(clients, thread_slot()->sender);
    struct words expected = words_of(client->calls++);

    expected.word[0] = client->id;
    EXPECT_WORDS(&expected, words);
    EXPECT_EQUAL(client->class, thread_slot()->sender_class);
}

/* Answers the clients until all have ended. */
static void serve_clients(struct client *clients, enum call_way way, uint32_t calls)
{
    struct words words = { { 0 } };
    message_id_t call = 0;
    struct event event;

    for (uint32_t ended = 0; ended < CLIENTS;) {
        call = message_reply_wait_words_by(way, call, &words, &event);
        if (call == 0) {
            EXPECT_EQUAL(EVENT_PROCESS_EXITED, event.kind);
            EXPECT_EQUAL(0, event.count);
            ended++;
            continue;
        }
        expect_call_of_client(clients, &words);
        words = words_answered(&words);
    }
    for (uint32_t i = 0; i < CLIENTS; i++) {
        EXPECT_EQUAL(calls, clients[i].calls);
    }
}

static void server_learns_from_its_slot_who_calls(void)
{
    for (enum call_way way = 0; way < CALL_WAYS; way++) {
        struct client clients[CLIENTS];

        for (uint32_t i = 0; call_way_is_there(way) && i < CLIENTS; i++) {
            clients[i] = (struct client){ .class = CLASS_DRIVER + i };
            clients[i].id = start_client(clients[i].class, process_page()->id, 40, i % 2);
        }
        if (call_way_is_there(way)) {
            serve_clients(clients, way, 40);
        }
    }
}

/* All wait before the first is served: each of their calls is queued, and taken with the answer to the one before. */
static void words_that_waited_in_the_queue_arrive_whole(void)
{
    for (enum call_way way = 0; way < CALL_WAYS; way++) {
        struct client clients[CLIENTS];

        if (!call_way_is_there(way)) {
            continue;
        }
        for (uint32_t i = 0; i < CLIENTS; i++) {
            clients[i] = (struct client){ .class = CLASS_APPLICATION };
            clients[i].id = start_client(CLASS_APPLICATION, process_page()->id, 5, way);
        }
        clock_sleep(A_MOMENT_NS);
        serve_clients(clients, way, 5);
    }
}

/* ---- Events between calls ---- */

/* Says 1, calls with 2 in registers, says 3, calls with 4 and a string. */
static void words_speaker(int argc, char **argv)
{
    struct message message = { .words = { 4 }, .string = "four", .string_size = 4 };
    struct words words = { { 2, 20, 200, 2000 } };
    struct reply reply = { 0 };
    (void)argc;
    (void)argv;

    peer_tell(process_page()->parent, 1, 0);
    EXPECT_OK(message_call_words(process_page()->parent, &words));
    peer_tell(process_page()->parent, 3, 0);
    EXPECT_OK(message_call(process_page()->parent, &message, &reply));
}

static void take_message(message_id_t answered, process_id_t sender, uint32_t word, struct event *event_out)
{
    struct words words = { { 0 } };

    EXPECT_EQUAL(0, message_reply_wait_words(answered, &words, event_out));
    EXPECT_EQUAL(EVENT_MESSAGE, event_out->kind);
    EXPECT_EQUAL(sender, event_out->sender);
    EXPECT_EQUAL(word, event_out->words[0]);
}

#define SPEAKERS 4U

static void take_what_waits(const process_id_t *speakers, const timer_id_t *timers, message_id_t *calls_out)
{
    struct words expected = { { 2, 20, 200, 2000 } };
    struct event event;

    for (uint32_t i = 0; i < SPEAKERS; i++) {
        struct words words = { { 0 } };

        take_message(0, speakers[i], 1, &event);
        calls_out[i] = message_reply_wait_words(0, &words, &event);
        EXPECT(calls_out[i] != 0);
        EXPECT_EQUAL(speakers[i], thread_slot()->sender);
        EXPECT_WORDS(&expected, &words);
        take_message(0, process_page()->id, 100 + i, &event);
        EXPECT_EQUAL(0, message_reply_wait_words(0, &words, &event));
        EXPECT_EQUAL(EVENT_TIMER, event.kind);
        EXPECT_EQUAL(timers[i], event.id);
    }
    EXPECT_STATUS(NOTHING, event_poll(&event));
}

static void calls_and_events_are_taken_in_the_order_in_which_they_came(void)
{
    process_id_t speakers[SPEAKERS];
    message_id_t calls[SPEAKERS];
    timer_id_t timers[SPEAKERS];
    struct event event;

    for (uint32_t i = 0; i < SPEAKERS; i++) {
        speakers[i] = peer_start(CLASS_APPLICATION, "words_speaker");
        clock_sleep(A_MOMENT_NS);
        peer_tell(SELF, 100 + i, 0);
        EXPECT_OK(timer_create(clock_now(), 0, &timers[i]));
        clock_sleep(A_MOMENT_NS);
    }
    take_what_waits(speakers, timers, calls);
    for (uint32_t i = 0; i < SPEAKERS; i++) {
        struct words words = { { 0 } };

        take_message(calls[i], speakers[i], 3, &event);
        take_message(0, speakers[i], 4, &event);
        EXPECT_EQUAL(EVENT_WANTS_REPLY, event.flags);
        EXPECT_EQUAL(4, event.string_size);
        EXPECT(memcmp(event.string, "four", 4) == 0);
        EXPECT_EQUAL(0, message_reply_wait_words(event.id, &words, &event));
        EXPECT_EQUAL(EVENT_PROCESS_EXITED, event.kind);
        EXPECT_EQUAL(speakers[i], event.id);
        EXPECT_EQUAL(0, event.count);
        EXPECT_OK(timer_end(timers[i]));
    }
    EXPECT_STATUS(NOTHING, event_poll(&event));
}

/* ---- What an answer in registers cannot carry ---- */

/* Answers with a string, with pages, with words. */
static void words_overloader(int argc, char **argv)
{
    struct message answers[] = { { .string = "string", .string_size = 6 }, { .page_count = 1 }, { .words = { 7 } } };
    uint32_t page;
    (void)argc;
    (void)argv;

    EXPECT_OK(memory_allocate(1, 0, &page));
    answers[1].pages = (void *)page;
    for (uint32_t i = 0; i < COUNT(answers); i++) {
        struct event event;

        test_wait_event(&event, EVENT_MESSAGE);
        EXPECT_OK(message_reply(event.id, &answers[i]));
    }
    *(volatile uint32_t *)page = 1;      /* has not left */
    EXPECT_OK(memory_free(page, 1));
}

static void string_or_pages_in_the_answer_to_words_are_dropped(void)
{
    process_id_t server = peer_start(CLASS_APPLICATION, "words_overloader");
    struct words words = { { 0 } };

    EXPECT_STATUS(TRUNCATED, message_call_words(server, &words));
    EXPECT_STATUS(TRUNCATED, message_call_words(server, &words));
    EXPECT_OK(message_call_words(server, &words));
    EXPECT_EQUAL(7, words.word[0]);
    EXPECT_EQUAL(0, test_wait_exit(server));
}

/* A thread's call in memory, and then one in registers: nothing of the first is in the second. */
static void words_carrier(int argc, char **argv)
{
    static uint8_t string[1000];
    struct message message = { .string = string, .string_size = sizeof string, .page_count = 1 };
    struct reply reply = { 0 };
    struct words words = { { 1 } };
    uint32_t page;
    (void)argc;
    (void)argv;

    EXPECT_OK(memory_allocate(1, 0, &page));
    message.pages = (void *)page;
    EXPECT_OK(message_call(process_page()->parent, &message, &reply));
    EXPECT_OK(message_call_words(process_page()->parent, &words));
    *(volatile uint32_t *)page = 1;
}

/* Words alone are words alone, whichever way they were sent. */
static void words_sender(int argc, char **argv)
{
    struct message message = { .words = { 1, 2, 3, 4 } };
    struct reply reply = { 0 };
    (void)argc;
    (void)argv;

    EXPECT_OK(message_call(process_page()->parent, &message, &reply));
    EXPECT_EQUAL(5, reply.words[0]);
    EXPECT_EQUAL(8, reply.words[3]);
}

static void call_in_memory_of_words_alone_arrives_in_registers(void)
{
    struct words expected = { { 1, 2, 3, 4 } };

    for (enum call_way way = CALL_BY_PAGE; way <= CALL_BY_INT; way++) {
        process_id_t sender = peer_start(CLASS_APPLICATION, "words_sender");
        struct words words = { { 0 } };
        struct event event;

        message_id_t call = message_reply_wait_words_by(way, 0, &words, &event);
        EXPECT(call != 0);
        EXPECT_WORDS(&expected, &words);
        EXPECT_EQUAL(sender, thread_slot()->sender);
        words = (struct words){ { 5, 6, 7, 8 } };
        EXPECT_EQUAL(0, message_reply_wait_words_by(way, call, &words, &event));
        EXPECT_EQUAL(EVENT_PROCESS_EXITED, event.kind);
        EXPECT_EQUAL(0, event.count);
    }
}

static void call_of_words_has_nothing_of_the_call_before(void)
{
    static const struct message nothing;
    process_id_t carrier = peer_start(CLASS_APPLICATION, "words_carrier");
    struct event event;
    uint8_t string[8];
    uint32_t pages;

    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_EQUAL(1, event.page_count);
    EXPECT_OK(message_reply(event.id, &nothing));
    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_EQUAL(0, event.page_count);
    EXPECT_EQUAL(0, event.string_size);
    memset(string, 0xA5, sizeof string);
    EXPECT_OK(message_receive(event.id, string, sizeof string));
    EXPECT_EQUAL(0xA5, string[0]);
    EXPECT_STATUS(NOTHING, message_take_pages(event.id, &pages));
    EXPECT_OK(message_reply(event.id, &nothing));
    EXPECT_EQUAL(0, test_wait_exit(carrier));
}

const struct test words_tests[] = {
    TEST(CLASS_DRIVER, four_words_go_there_and_back_exactly),
    TEST(CLASS_DRIVER, server_learns_from_its_slot_who_calls),
    TEST(CLASS_SERVER, words_that_waited_in_the_queue_arrive_whole),
    TEST(CLASS_APPLICATION, calls_and_events_are_taken_in_the_order_in_which_they_came),
    TEST(CLASS_APPLICATION, string_or_pages_in_the_answer_to_words_are_dropped),
    TEST(CLASS_APPLICATION, call_in_memory_of_words_alone_arrives_in_registers),
    TEST(CLASS_APPLICATION, call_of_words_has_nothing_of_the_call_before),
};
const uint32_t words_test_count = COUNT(words_tests);

const struct role words_roles[] = {
    ROLE(words_server),
    ROLE(words_client),
    ROLE(words_speaker),
    ROLE(words_overloader),
    ROLE(words_carrier),
    ROLE(words_sender),
};
const uint32_t words_role_count = COUNT(words_roles);
