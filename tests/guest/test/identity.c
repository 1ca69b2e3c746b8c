/*
 * IDs: none is ever valid for a later object. What a million generations do is shown
 * by the host test of kernel/id_table.c, which alone can see an entry retire; here the IDs of the
 * living system are held while thousands of objects come and go.
 */
#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/syscall_table.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "files.h"
#include "tiny_image.h"

#define CYCLES 20000U
#define HELD 16U
#define LOOKS 8U                 /* how often all held IDs are tried */
#define LONG_SIZE 100U           /* bytes of a message that does not come with its event */
#define ID_INDICES 4096U         /* IDs have 12 bits of index below 20 bits of generation */

/* ---- Processes ---- */

static void expect_dead_process(process_id_t id)
{
    struct process_information information;
    struct message message = { .words = { 1 } };
    struct reply reply = { .buffer = NULL };

    EXPECT_STATUS(BAD_ID, process_information(id, &information));
    EXPECT_STATUS(BAD_ID, message_send(id, &message));
    EXPECT_STATUS(BAD_ID, message_call(id, &message, &reply));
    EXPECT_STATUS(BAD_ID, process_watch(id));
    EXPECT_STATUS(NOT_FOUND, process_unwatch(id));
    EXPECT_STATUS(BAD_ID, process_terminate(id, 0));
    EXPECT_STATUS(BAD_ID, process_sleep(id));
    EXPECT_STATUS(BAD_ID, process_wake(id));
}

static void ids_of_dead_processes_lead_nowhere(void)
{
    process_id_t held[HELD];
    process_id_t id;

    for (uint32_t cycle = 0; cycle < CYCLES; cycle++) {
        EXPECT_OK(tiny_spawn_as((struct spawn){ .class = CLASS_APPLICATION, .flags = SPAWN_WATCH }, &id));
        for (uint32_t i = 0; i < HELD && i < cycle; i++) {
            EXPECT(id != held[i]);
        }
        EXPECT_EQUAL(TINY_EXIT, test_wait_exit(id));
        if (cycle < HELD) {
            held[cycle] = id;
        } else if (cycle % (CYCLES / LOOKS) == 0) {
            for (uint32_t i = 0; i < HELD; i++) {
                expect_dead_process(held[i]);
            }
        }
        expect_dead_process(id);
    }
}

/* The neighbours of a living ID: other generations of its entry, entries that nobody uses, no entries at all. */
static void made_up_process_ids_lead_nowhere(void)
{
    process_id_t self = process_page()->id;

    for (uint32_t bit = 12; bit < 32; bit++) {
        expect_dead_process(self ^ 1U << bit);
    }
    expect_dead_process(self + (1U << 12));
    expect_dead_process(self - (1U << 12));
    expect_dead_process(self & (ID_INDICES - 1));
    expect_dead_process(0xFFFFFFFF);
    expect_dead_process(0x80000000);
    expect_dead_process(1U << 12);
}

/* ---- Threads ---- */

static void thread_that_ends(void)
{
    thread_exit();
}

static void expect_dead_thread(thread_id_t id)
{
    EXPECT_STATUS(BAD_ID, thread_wake(id));
    EXPECT_STATUS(BAD_ID, thread_sleep(id));
    EXPECT_STATUS(BAD_ID, thread_terminate(id));
}

static void ids_of_dead_threads_lead_nowhere(void)
{
    static uint8_t stack[1024] __attribute__((aligned(16)));
    thread_id_t held[HELD];
    thread_id_t id;

    for (uint32_t cycle = 0; cycle < CYCLES; cycle++) {
        EXPECT_OK(thread_create((uint32_t)thread_that_ends, (uint32_t)stack + sizeof stack - 16, 0, &id));
        for (uint32_t i = 0; i < HELD && i < cycle; i++) {
            EXPECT(id != held[i]);
        }
        while (thread_wake(id) != BAD_ID) {
            thread_yield();
        }
        if (cycle < HELD) {
            held[cycle] = id;
        } else if (cycle % (CYCLES / LOOKS) == 0) {
            for (uint32_t i = 0; i < HELD; i++) {
                expect_dead_thread(held[i]);
            }
        }
    }
    expect_dead_thread(id);
}

/* ---- Messages ---- */

static message_id_t take_long_message(void)
{
    static const uint8_t bytes[LONG_SIZE];
    struct message message = { .string = bytes, .string_size = sizeof bytes };
    struct event event;

    EXPECT_OK(message_send(process_page()->id, &message));
    test_wait_event(&event, EVENT_MESSAGE);
    return event.id;
}

static void expect_dead_message(message_id_t id)
{
    struct message message = { .words = { 1 } };
    uint8_t bytes[LONG_SIZE];

    EXPECT_STATUS(BAD_ID, message_receive(id, bytes, sizeof bytes));
    EXPECT_STATUS(BAD_ID, message_reply(id, &message));
    EXPECT_STATUS(BAD_ID, message_discard(id));
}

static void ids_of_messages_that_are_done_with_lead_nowhere(void)
{
    message_id_t held[HELD];
    uint8_t bytes[LONG_SIZE];

    for (uint32_t cycle = 0; cycle < CYCLES; cycle++) {
        message_id_t id = take_long_message();

        for (uint32_t i = 0; i < HELD && i < cycle; i++) {
            EXPECT(id != held[i]);
        }
        EXPECT_OK(cycle % 2 == 0 ? message_discard(id) : message_receive(id, bytes, sizeof bytes));
        if (cycle < HELD) {
            held[cycle] = id;
        } else if (cycle % (CYCLES / LOOKS) == 0) {
            for (uint32_t i = 0; i < HELD; i++) {
                expect_dead_message(held[i]);
            }
        }
        EXPECT_STATUS(BAD_ID, message_discard(id));
    }
}

/* A message is known to its receiver alone, and to him only once he has taken its event. */
static void messages_are_out_of_reach_until_they_are_taken(void)
{
    static const uint8_t bytes[LONG_SIZE];
    struct message message = { .string = bytes, .string_size = sizeof bytes };
    message_id_t id = take_long_message();
    struct event event;

    EXPECT_OK(message_discard(id));
    EXPECT_OK(message_send(process_page()->id, &message));
    for (uint32_t index = 0; index < ID_INDICES; index++) {
        for (uint32_t generation = 1; generation < 16; generation++) {
            EXPECT_STATUS(BAD_ID, message_discard((id & ~(ID_INDICES - 1)) + (generation << 12 | index)));
            EXPECT_STATUS(BAD_ID, message_discard(generation << 12 | index));
        }
    }
    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_OK(message_discard(event.id));
}

/* Arguments: a message's ID. */
static void identity_thief_of_messages(int argc, char **argv)
{
    expect_dead_message(test_number(argv[argc - 1]));
}

static void messages_of_others_are_out_of_reach(void)
{
    message_id_t id = take_long_message();
    uint8_t bytes[LONG_SIZE];
    process_id_t thief;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "identity_thief_of_messages", &thief, test_digits(id).text, NULL));
    EXPECT_EQUAL(0, test_wait_exit(thief));
    EXPECT_OK(message_receive(id, bytes, sizeof bytes));
}

/* ---- Looking around ---- */

static uint32_t living_processes(void)
{
    struct system_statistics statistics;

    EXPECT_OK(system_statistics(&statistics));
    return statistics.processes;
}

static void process_next_meets_every_living_process_once(void)
{
    struct process_information information;
    process_id_t ids[128];
    uint32_t count = 0;
    bool self_met = false;

    for (process_id_t id = 0; process_next(id, &id) == OK; count++) {
        EXPECT(count < COUNT(ids));
        for (uint32_t i = 0; i < count; i++) {
            EXPECT(ids[i] != id);
        }
        ids[count] = id;
        EXPECT_OK(process_information(id, &information));
        EXPECT_EQUAL(id, information.id);
        process_id_t found;
        EXPECT_OK(process_find(information.name, (uint32_t)strlen(information.name), &found));
        EXPECT_EQUAL(id, found);
        self_met |= id == process_page()->id;
    }
    EXPECT_EQUAL(living_processes(), count);
    EXPECT(self_met);
}

static void process_next_goes_on_behind_the_dead(void)
{
    process_id_t dead, next;

    EXPECT_OK(tiny_spawn_as((struct spawn){ .class = CLASS_APPLICATION, .flags = SPAWN_WATCH }, &dead));
    EXPECT_EQUAL(TINY_EXIT, test_wait_exit(dead));
    status_t status = process_next(dead, &next);
    EXPECT(status == NOT_FOUND || (status == OK && next != dead));
    EXPECT_STATUS(NOT_FOUND, process_next(0xFFFFFFFF, &next));
    EXPECT_OK(process_next(0, &next));
}

static void process_information_tells_the_truth_about_oneself(void)
{
    struct process_information self, same;

    EXPECT_OK(process_information(SELF, &self));
    EXPECT_OK(process_information(process_page()->id, &same));
    EXPECT_EQUAL(process_page()->id, self.id);
    EXPECT_EQUAL(self.id, same.id);
    EXPECT_EQUAL(test_runner, self.parent);
    EXPECT_EQUAL(test_runner, process_page()->parent);
    EXPECT_EQUAL(CLASS_SERVER, self.class);
    EXPECT_EQUAL(CLASS_SERVER, process_page()->class);
    EXPECT_EQUAL(PROCESS_RUNNING, self.state);
    EXPECT_EQUAL(1, self.threads);
    EXPECT_EQUAL(1, self.used[RESOURCE_THREADS]);
    EXPECT_EQUAL(1, self.used[RESOURCE_PROCESSES]);
    EXPECT_EQUAL(self.frames, self.used[RESOURCE_FRAMES]);
    EXPECT(strcmp(self.name, process_page()->name) == 0);
    EXPECT_EQUAL(strlen(self.name), process_page()->name_size);
}

static void identity_waiter(int argc, char **argv)
{
    struct event event;

    (void)argc;
    (void)argv;
    test_wait_event(&event, EVENT_MESSAGE);
}

/* Starts an orphan-to-be, tells our starter its ID, and ends. */
static void identity_parent(int argc, char **argv)
{
    struct message message = { .words = { 0 } };

    (void)argc;
    (void)argv;
    EXPECT_OK(test_spawn(CLASS_APPLICATION, "identity_orphan", &message.words[0], NULL));
    EXPECT_OK(message_send(process_page()->parent, &message));
}

/* At each message it takes memory and answers; at the last it ends. */
static void identity_orphan(int argc, char **argv)
{
    struct message answer = { .words = { 1 } };
    struct event event;
    uint32_t address;

    (void)argc;
    (void)argv;
    for (test_wait_event(&event, EVENT_MESSAGE); event.words[0] != 0; test_wait_event(&event, EVENT_MESSAGE)) {
        EXPECT_OK(memory_allocate(event.words[0], 0, &address));
        EXPECT_OK(message_reply(event.id, &answer));
    }
}

static void expect_charged(process_id_t id, uint32_t processes, uint32_t frames_of_descendants)
{
    struct process_information information;

    EXPECT_OK(process_information(id, &information));
    EXPECT_EQUAL(processes, information.used[RESOURCE_PROCESSES]);
    EXPECT_EQUAL(information.frames + frames_of_descendants, information.used[RESOURCE_FRAMES]);
}

static uint32_t frames_of(process_id_t id)
{
    struct process_information information;

    EXPECT_OK(process_information(id, &information));
    return information.frames;
}

/* Another process, which may lie where the dead parent lay in the kernel, pays for nothing. */
static void children_of_the_dead_are_their_grandparents(void)
{
    struct process_information orphan;
    struct message take = { .words = { 20 } };
    struct message end = { .words = { 0 } };
    struct reply reply = { .buffer = NULL };
    struct event event;
    process_id_t parent, other;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "identity_parent", &parent, NULL));
    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_EQUAL(0, test_wait_exit(parent));
    EXPECT_OK(process_information(event.words[0], &orphan));
    EXPECT_EQUAL(process_page()->id, orphan.parent);
    EXPECT_OK(process_watch(orphan.id));
    EXPECT_OK(test_spawn(CLASS_APPLICATION, "identity_waiter", &other, NULL));
    EXPECT_OK(message_call(orphan.id, &take, &reply));
    EXPECT_EQUAL(orphan.frames + 20, frames_of(orphan.id));
    expect_charged(other, 1, 0);
    expect_charged(SELF, 3, frames_of(orphan.id) + frames_of(other));
    EXPECT_OK(message_send(orphan.id, &end));
    EXPECT_EQUAL(0, test_wait_exit(orphan.id));
    expect_charged(SELF, 2, frames_of(other));
    EXPECT_OK(message_send(other, &end));
    EXPECT_EQUAL(0, test_wait_exit(other));
    expect_charged(SELF, 1, 0);
}

const struct test identity_tests[] = {
    TEST_WITHIN(30, CLASS_SERVER, ids_of_dead_processes_lead_nowhere),
    TEST(CLASS_SERVER, made_up_process_ids_lead_nowhere),
    TEST_WITHIN(30, CLASS_APPLICATION, ids_of_dead_threads_lead_nowhere),
    TEST_WITHIN(30, CLASS_APPLICATION, ids_of_messages_that_are_done_with_lead_nowhere),
    TEST(CLASS_APPLICATION, messages_are_out_of_reach_until_they_are_taken),
    TEST(CLASS_APPLICATION, messages_of_others_are_out_of_reach),
    TEST(CLASS_APPLICATION, process_next_meets_every_living_process_once),
    TEST(CLASS_APPLICATION, process_next_goes_on_behind_the_dead),
    TEST(CLASS_SERVER, process_information_tells_the_truth_about_oneself),
    TEST(CLASS_APPLICATION, children_of_the_dead_are_their_grandparents),
};
const uint32_t identity_test_count = COUNT(identity_tests);
const struct role identity_roles[] = {
    ROLE(identity_thief_of_messages),
    ROLE(identity_waiter),
    ROLE(identity_parent),
    ROLE(identity_orphan),
};
const uint32_t identity_role_count = COUNT(identity_roles);
