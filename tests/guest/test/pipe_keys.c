/* Keys, which nobody guesses, and what a pipe costs its members. */
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "files.h"
#include "log_lines.h"
#include "puppet.h"
#include "transfer.h"

#define WRONG_KEYS_MAX 1000U         /* that an application may try */
#define WARNINGS 6U                  /* by then: at 16 and each doubling */

/* ---- Keys ---- */

static void wrong_key_is_not_allowed(void)
{
    process_id_t other = puppet_start(CLASS_APPLICATION);
    struct pipe_handle handle = pipe_new();

    for (object_key_t bit = 1; bit != 0; bit <<= 1) {
        puppet_expect(other, NOT_ALLOWED, (struct order){ .operation = PUPPET_PIPE_JOIN, .id = handle.id, .key = handle.key ^ bit });
    }
    puppet_expect(other, NOT_ALLOWED, (struct order){ .operation = PUPPET_PIPE_JOIN, .id = handle.id });
    puppet_expect(other, BAD_ID, (struct order){ .operation = PUPPET_PIPE_STATE, .id = handle.id });
    pipe_expect(handle.id, 0, 1);
    puppet_end(other);
    event_expect_none();
}

static void key_of_one_pipe_does_not_open_another(void)
{
    process_id_t other = puppet_start(CLASS_APPLICATION);
    struct pipe_handle first = pipe_new(), second = pipe_new();

    puppet_expect(other, NOT_ALLOWED, (struct order){ .operation = PUPPET_PIPE_JOIN, .id = first.id, .key = second.key });
    puppet_expect(other, NOT_ALLOWED, (struct order){ .operation = PUPPET_PIPE_JOIN, .id = second.id, .key = first.key });
    puppet_end(other);
}

/* Each bit is set in some keys and not in others, and no half of a key comes twice. */
static void keys_differ_in_all_their_bits(void)
{
    enum { PIPES = 40, HALVES = 2 * PIPES + 4 };
    static uint32_t halves[HALVES];
    object_key_t any = 0, all = ~(object_key_t)0;
    struct shared_handle shared;
    uint32_t count = 0;

    EXPECT_OK(shared_create(1, &shared));
    object_key_t keys[PIPES + 2] = { shared.key, shared.read_only_key };
    for (uint32_t i = 0; i < PIPES; i++) {
        keys[i + 2] = pipe_new().key;
    }
    for (uint32_t i = 0; i < COUNT(keys); i++) {
        any |= keys[i];
        all &= keys[i];
        halves[count++] = (uint32_t)keys[i];
        halves[count++] = (uint32_t)(keys[i] >> 32);
    }
    EXPECT(any == ~(object_key_t)0);
    EXPECT(all == 0);
    for (uint32_t i = 0; i < HALVES; i++) {
        for (uint32_t other = 0; other < i; other++) {
            EXPECT(halves[i] != halves[other]);
        }
    }
}

/* Tries to join a pipe and shared memory in turn: their IDs, how often. */
static void key_guesser(int argc, char **argv)
{
    uint32_t address, pages;

    (void)argc;
    for (uint32_t i = test_number(argv[3]); i > 0; i--) {
        if (i % 2 == 0) {
            EXPECT_STATUS(NOT_ALLOWED, pipe_join(test_number(argv[1]), i));
        } else {
            EXPECT_STATUS(NOT_ALLOWED, shared_join(test_number(argv[2]), i, 0, &address, &pages));
        }
    }
}

/* What the log then says of the guesser: warnings, that it has ended. */
static void guess(process_class_t class, uint32_t guesses, uint32_t exit_code, uint32_t warnings, uint32_t ended)
{
    struct pipe_handle pipe = pipe_new();
    uint32_t before = log_lines_end();
    struct process_information guesser;
    struct shared_handle shared;
    process_id_t id;

    EXPECT_OK(shared_create(1, &shared));
    EXPECT_OK(test_spawn(class, "key_guesser", &id, test_digits(pipe.id).text, test_digits(shared.id).text,
                         test_digits(guesses).text, NULL));
    EXPECT_OK(process_information(id, &guesser));
    EXPECT_EQUAL(exit_code, test_wait_exit(id));
    EXPECT_EQUAL(warnings, log_lines_count(before, guesser.name, "wrong keys"));
    EXPECT_EQUAL(ended, log_lines_count(before, guesser.name, "has ended"));
    pipe_expect(pipe.id, 0, 1);
    EXPECT_OK(pipe_leave(pipe.id));
    EXPECT_OK(shared_leave(shared.id));
}

static void application_that_guesses_keys_is_ended(void)
{
    guess(CLASS_APPLICATION, 15, 0, 0, 0);
    guess(CLASS_APPLICATION, 16, 0, 1, 0);
    guess(CLASS_APPLICATION, WRONG_KEYS_MAX - 1, 0, WARNINGS, 0);
    guess(CLASS_APPLICATION, WRONG_KEYS_MAX, EXIT_STRIKES, WARNINGS, 1);
    guess(CLASS_APPLICATION, WRONG_KEYS_MAX + 1000, EXIT_STRIKES, WARNINGS, 1);
}

/* The key may come from a client of it. */
static void server_that_tries_wrong_keys_is_reported_and_lives(void)
{
    guess(CLASS_SERVER, WRONG_KEYS_MAX + 10, 0, WARNINGS, 0);
    guess(CLASS_SERVER, 2 * WRONG_KEYS_MAX, 0, WARNINGS + 1, 0);
}

/* ---- What it costs ---- */

static struct process_information information(process_id_t id)
{
    struct process_information information;

    EXPECT_OK(process_information(id, &information));
    return information;
}

/* Charged to a process since `before`: objects, frames. */
static void expect_charged(process_id_t id, const struct process_information *before, uint32_t objects, uint32_t frames)
{
    struct process_information now = information(id);

    EXPECT_EQUAL(before->used[RESOURCE_OBJECTS] + objects, now.used[RESOURCE_OBJECTS]);
    EXPECT_EQUAL(before->used[RESOURCE_FRAMES] + frames, now.used[RESOURCE_FRAMES]);
}

static void each_member_of_a_pipe_pays_for_an_object_and_a_page(void)
{
    process_id_t other = puppet_start(CLASS_APPLICATION);

    EXPECT_OK(pipe_leave(pipe_new().id));    /* all code has run once: nothing of that costs anything any more */
    puppet_expect_events(other, EVENT_TIMER, 0, 0);
    struct process_information self = information(SELF), others = information(other);
    struct pipe_handle handle = pipe_new();
    expect_charged(SELF, &self, 1, 1);
    puppet_expect(other, OK, (struct order){ .operation = PUPPET_PIPE_JOIN, .id = handle.id, .key = handle.key });
    expect_charged(other, &others, 1, 1);
    expect_charged(SELF, &self, 2, 2);       /* its own, and its descendant's */
    EXPECT_OK(pipe_leave(handle.id));
    expect_charged(other, &others, 1, 1);
    expect_charged(SELF, &self, 1, 1);
    puppet_expect(other, OK, (struct order){ .operation = PUPPET_PIPE_LEAVE, .id = handle.id });
    expect_charged(other, &others, 0, 0);
    expect_charged(SELF, &self, 0, 0);
    puppet_end(other);
}

/* Makes pipes of which the last one is refused; then with one less there is room again: for each kind of object. */
static void poor_maker(int argc, char **argv)
{
    enum { PIPES_MAX = 64 };
    pipe_id_t pipes[PIPES_MAX];
    struct pipe_handle handle = { .id = 77 };
    struct shared_handle shared;
    uint32_t count = 0;
    timer_id_t timer;

    while (pipe_create(&handle) == OK) {
        EXPECT(count < PIPES_MAX);
        pipes[count++] = handle.id;
    }
    if (argc > 1) {
        EXPECT_EQUAL(test_number(argv[1]), count);
        EXPECT_STATUS(OVER_QUOTA, timer_create(FOREVER, 0, &timer));
    }
    struct process_information full = information(SELF);
    EXPECT_STATUS(OVER_QUOTA, pipe_create(&handle));
    EXPECT_STATUS(OVER_QUOTA, shared_create(1, &shared));
    EXPECT_EQUAL(pipes[count - 1], handle.id);
    expect_charged(SELF, &full, 0, 0);
    EXPECT_OK(pipe_leave(pipes[0]));
    EXPECT_OK(pipe_create(&handle));
    EXPECT_STATUS(OVER_QUOTA, pipe_create(&handle));
    expect_charged(SELF, &full, 0, 0);
}

static void run_poor_maker(struct grant limits, const char *expected)
{
    struct spawn spawn = { .class = CLASS_APPLICATION, .flags = SPAWN_WATCH, .grant = limits };
    process_id_t maker;

    EXPECT_OK(test_spawn_as(&spawn, "poor_maker", &maker, expected, NULL));
    EXPECT_EQUAL(0, test_wait_exit(maker));
}

static void quota_of_objects_ends_the_making_of_pipes(void)
{
    run_poor_maker((struct grant){ .limits[RESOURCE_OBJECTS] = 7 }, "7");
}

/* A puppet's pages while it is idle, and a few more. */
static void quota_of_frames_ends_the_making_of_pipes(void)
{
    process_id_t other = puppet_start(CLASS_APPLICATION);

    uint32_t frames = information(other).used[RESOURCE_FRAMES];
    puppet_end(other);
    run_poor_maker((struct grant){ .limits[RESOURCE_FRAMES] = frames + 20 }, NULL);
}

static void join_that_is_over_quota_changes_nothing(void)
{
    process_id_t poor = puppet_start_limited(CLASS_APPLICATION, (struct grant){ .limits[RESOURCE_OBJECTS] = 1 });
    struct pipe_handle first = pipe_new(), second = pipe_new();
    uint32_t moved;

    puppet_expect(poor, OK, (struct order){ .operation = PUPPET_PIPE_JOIN, .id = first.id, .key = first.key });
    struct process_information before = information(poor);
    for (uint32_t i = 0; i < 20; i++) {
        puppet_expect(poor, OVER_QUOTA, (struct order){ .operation = PUPPET_PIPE_JOIN, .id = second.id, .key = second.key });
    }
    expect_charged(poor, &before, 0, 0);
    pipe_expect(second.id, 0, 1);
    EXPECT_OK(pipe_write(second.id, "x", 1, 0, &moved)); /* nobody has joined it yet */
    puppet_expect(poor, OK, (struct order){ .operation = PUPPET_PIPE_LEAVE, .id = first.id });
    event_expect(EVENT_PIPE_RELEASED, first.id, 1);
    puppet_expect(poor, OK, (struct order){ .operation = PUPPET_PIPE_JOIN, .id = second.id, .key = second.key });
    puppet_exit(poor, 0);
    event_expect(EVENT_PIPE_RELEASED, second.id, 1);
    EXPECT_EQUAL(0, test_wait_exit(poor));
}

/* Makes a pipe, tells the parent, and ends when that answers. */
static void pipe_maker(int argc, char **argv)
{
    struct pipe_handle handle = pipe_new();
    struct message message = { .string = &handle, .string_size = sizeof handle };
    struct reply reply = { 0 };

    (void)argc;
    (void)argv;
    EXPECT_OK(message_call(process_page()->parent, &message, &reply));
}

static void costs_of_who_made_a_pipe_end_with_it_and_the_others_go_on(void)
{
    process_id_t maker, other = puppet_start(CLASS_APPLICATION);
    struct pipe_handle handle;
    struct event event;

    puppet_expect_events(other, EVENT_TIMER, 0, 0);
    struct process_information before = information(SELF), others = information(other);
    EXPECT_OK(test_spawn(CLASS_APPLICATION, "pipe_maker", &maker, NULL));
    test_wait_event(&event, EVENT_MESSAGE);
    memcpy(&handle, event.string, sizeof handle);
    puppet_expect(other, OK, (struct order){ .operation = PUPPET_PIPE_JOIN, .id = handle.id, .key = handle.key });
    EXPECT_OK(message_reply(event.id, &(const struct message){ 0 }));
    EXPECT_EQUAL(0, test_wait_exit(maker));
    puppet_expect_events(other, EVENT_PIPE_RELEASED, 1, 1);
    expect_charged(other, &others, 1, 1);
    EXPECT_OK(pipe_join(handle.id, handle.key));
    expect_charged(SELF, &before, 2, 2);
    EXPECT_OK(pipe_leave(handle.id));
    puppet_expect(other, OK, (struct order){ .operation = PUPPET_PIPE_LEAVE, .id = handle.id });
    expect_charged(SELF, &before, 0, 0);
    puppet_end(other);
}

const struct test pipe_keys_tests[] = {
    TEST(CLASS_APPLICATION, wrong_key_is_not_allowed),
    TEST(CLASS_APPLICATION, key_of_one_pipe_does_not_open_another),
    TEST(CLASS_APPLICATION, keys_differ_in_all_their_bits),
    TEST(CLASS_APPLICATION, application_that_guesses_keys_is_ended),
    TEST(CLASS_SERVER, server_that_tries_wrong_keys_is_reported_and_lives),
    TEST(CLASS_APPLICATION, each_member_of_a_pipe_pays_for_an_object_and_a_page),
    TEST(CLASS_APPLICATION, quota_of_objects_ends_the_making_of_pipes),
    TEST(CLASS_APPLICATION, quota_of_frames_ends_the_making_of_pipes),
    TEST(CLASS_APPLICATION, join_that_is_over_quota_changes_nothing),
    TEST(CLASS_APPLICATION, costs_of_who_made_a_pipe_end_with_it_and_the_others_go_on),
};
const uint32_t pipe_keys_test_count = COUNT(pipe_keys_tests);
const struct role pipe_keys_roles[] = {
    ROLE(key_guesser),
    ROLE(poor_maker),
    ROLE(pipe_maker),
};
const uint32_t pipe_keys_role_count = COUNT(pipe_keys_roles);
