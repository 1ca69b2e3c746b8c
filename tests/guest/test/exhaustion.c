/*
 * Bombs: whoever wants all there is gets its part. Then an error; the others have theirs, the supervisor restarts
 * what dies meanwhile, and when the bombs are gone all is back.
 */
#include <ternion/format.h>
#include <ternion/init_client.h>
#include <ternion/log_client.h>
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "files.h"
#include "protocol.h"

#define STACK_BYTES 4096U
#define RESTART_NS (5 * SECOND)
#define SETTLED_NS (100 * MILLISECOND)
#define SETTLE_TRIES 40U
#define IMAGE_PART 16384U            /* bytes that a bomb asks for at a time */
#define MESSAGE_SIZE 8000U           /* bytes: few enough of these fit into the quota of bytes for that of objects */
#define REST_NS (5 * MILLISECOND)    /* of a bomb that was refused */

/* ---- The bombs ---- */

static void rest(void)
{
    clock_sleep(REST_NS);
}

/* The image of this program, whatever it takes: to be refused is no failure of a bomb. */
static uint32_t take_image(uint32_t *size_out)
{
    struct message request = { .words = { TEST_IMAGE } };
    struct reply reply = { 0 };
    uint32_t address;

    while (message_call(test_runner, &request, &reply) != TRUNCATED) {
        rest();
    }
    *size_out = reply.words[1];
    while (memory_allocate(PAGES(*size_out), 0, &address) != OK) {
        rest();
    }
    for (uint32_t at = 0; at < *size_out;) {
        uint32_t left = *size_out - at;

        request.words[1] = at;
        reply = (struct reply){ .buffer = (uint8_t *)address + at, .buffer_size = left < IMAGE_PART ? left : IMAGE_PART };
        status_t status = message_call(test_runner, &request, &reply);
        if (status == OK || status == TRUNCATED) {
            at += reply.buffer_size;
        } else {
            rest();
        }
    }
    return address;
}

static const void *bomb_image(uint32_t *size_out)
{
    static uint32_t image, image_size;

    if (image == 0) {
        image = take_image(&image_size);
    }
    *size_out = image_size;
    return (const void *)image;
}

/* Starts a role with an argument, or NULL. */
static status_t bomb_spawn(const char *role, const char *argument)
{
    static uint32_t children;
    char packed[ARGUMENTS_SIZE_MAX], name[NAME_SIZE_MAX];
    struct test_digits runner = test_digits(test_runner);
    char *const strings[] = { (char *)"role", runner.text, (char *)test_name, (char *)role, (char *)argument };
    struct spawn spawn = { .class = process_page()->class, .name = name, .arguments = packed, .grant.source = ACCESS_SAME };
    elf_reason_t reason;
    process_id_t id;

    EXPECT_OK(arguments_pack(argument == NULL ? 4 : 5, strings, packed, sizeof packed, &spawn.arguments_size));
    spawn.name_size = (uint32_t)format_text(name, sizeof name, "b%x.%u", process_page()->id, ++children);
    spawn.image = bomb_image(&spawn.image_size);
    return process_spawn(&spawn, &id, &reason);
}

static void bomb_of_processes(int argc, char **argv)
{
    (void)argc;
    for (;;) {
        if (bomb_spawn(argv[0], NULL) != OK) {
            rest();
        }
    }
}

static void sleep_forever(void *unused)
{
    (void)unused;
    (void)thread_delay(FOREVER);
}

static void bomb_of_threads(int argc, char **argv)
{
    uint32_t stack[16];
    thread_id_t thread;
    (void)argc;
    (void)argv;

    stack[15] = 0;
    for (;;) {
        /* They have no use for stacks of their own: they end with the process. */
        if (thread_create((uint32_t)sleep_forever, (uint32_t)&stack[14], 0, &thread) != OK) {
            rest();
        }
    }
}

static void bomb_of_frames(int argc, char **argv)
{
    uint32_t address;
    (void)argc;
    (void)argv;

    for (uint32_t pages = 256;;) {
        if (memory_allocate(pages, 0, &address) != OK) {
            pages = pages > 1 ? pages / 2 : 1;
            if (pages == 1) {
                rest();
            }
        }
    }
}

static void bomb_of_messages(int argc, char **argv)
{
    static uint8_t string[MESSAGE_SIZE];
    struct message message = { .string = string, .string_size = test_number(argv[2]) };
    process_id_t victim = test_number(argv[1]);
    (void)argc;

    for (;;) {
        if (message_send(victim, &message) != OK) {
            rest();
        }
    }
}

static void bomb_of_promises(int argc, char **argv)
{
    uint32_t address;
    (void)argc;
    (void)argv;

    for (uint32_t pages = 16384;;) {
        if (memory_allocate(pages, MEMORY_ON_DEMAND, &address) != OK) {
            pages = pages > 1 ? pages / 2 : 1;
            if (pages == 1) {
                rest();
            }
        }
    }
}

static void exhaustion_idler(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    (void)thread_delay(FOREVER);
}

/* ---- The stage ---- */

/* Starts a bomb that may have all that this process may have, but `left` of a resource. Victim and size are for messages. */
static process_id_t start_bomb(const char *role, enum resource resource, uint32_t left, process_id_t victim, uint32_t size)
{
    struct spawn spawn = { .class = CLASS_APPLICATION };
    struct process_information self;
    struct system_statistics statistics;
    process_id_t id;

    EXPECT_OK(process_information(SELF, &self));
    EXPECT_OK(system_statistics(&statistics));
    uint32_t room = self.limits[resource] - self.used[resource];
    if (resource == RESOURCE_FRAMES && room > statistics.frames_free) {
        room = statistics.frames_free;
    }
    EXPECT(room > left);
    /* Nothing else runs out first; the makers of the bomb keep half of it. */
    spawn.grant.limits[RESOURCE_OBJECTS] = (self.limits[RESOURCE_OBJECTS] - self.used[RESOURCE_OBJECTS]) / 2;
    spawn.grant.limits[resource] = room - left;
    EXPECT_OK(test_spawn_as(&spawn, role, &id, test_digits(victim).text, test_digits(size).text, NULL));
    return id;
}

/* Waits until the bomb gets no more. */
static void let_it_burst(process_id_t bomb, enum resource resource)
{
    struct process_information information;
    uint32_t last = UINT32_MAX;

    for (uint32_t tries = 0; tries < SETTLE_TRIES; tries++) {
        clock_sleep(SETTLED_NS);
        EXPECT_OK(process_information(bomb, &information));
        EXPECT(information.used[resource] <= information.limits[resource]);
        if (information.used[resource] == last) {
            return;
        }
        last = information.used[resource];
    }
}

static process_id_t find(const char *name)
{
    process_id_t id;

    EXPECT_OK(name_wait(name, clock_after(RESTART_NS), &id));
    return id;
}

static void expect_supervisor_answers(void)
{
    struct supervised_information first;

    EXPECT_OK(init_information(find("d\\init"), 0, &first));
}

/* Ends a driver that d\init looks after: it must be there again soon. (Too many deaths, and d\init gives it up.) */
static void expect_supervisor_restarts(void)
{
    process_id_t before = find("d\\console");

    EXPECT_OK(process_terminate(before, 0));
    EXPECT(find("d\\console") != before);
}

/* A message, a thread, memory and a process: what everybody needs. */
static void expect_enough_for_oneself(void)
{
    uint32_t address;
    thread_id_t thread;
    process_id_t idler;

    EXPECT_OK(memory_allocate(4, 0, &address));
    EXPECT_OK(thread_start(sleep_forever, NULL, STACK_BYTES, &thread));
    EXPECT_OK(test_spawn(CLASS_APPLICATION, "exhaustion_idler", &idler, NULL));
    EXPECT_OK(message_send(idler, &(const struct message){ 0 }));
    EXPECT_OK(log_flush(find("a\\log")));
    EXPECT_OK(process_terminate(idler, 0));
    EXPECT_EQUAL(EXIT_TERMINATED, test_wait_exit(idler));
    EXPECT_OK(thread_terminate(thread));
    EXPECT_OK(memory_free(address, 4));
}

static void expect_held(const char *role, enum resource resource, uint32_t left, process_id_t victim)
{
    const void *image;
    uint32_t size;

    test_image(&image, &size);       /* now: later there may be no memory for it */
    process_id_t bomb = start_bomb(role, resource, left, victim, 0);
    let_it_burst(bomb, resource);
    expect_enough_for_oneself();
    expect_supervisor_answers();
    test_end_children();
    expect_enough_for_oneself();
}

/* ---- Tests ---- */

#define SPARE_FRAMES 896U            /* for a process of this program, which is not small */

static void spawn_bomb_is_held_by_its_quota(void)
{
    expect_held("bomb_of_processes", RESOURCE_FRAMES, SPARE_FRAMES, 0);
}

static void spawn_bomb_is_held_by_its_number_of_processes(void)
{
    struct spawn spawn = { .class = CLASS_APPLICATION, .grant.limits[RESOURCE_PROCESSES] = 4 };
    struct process_information information;
    process_id_t bomb;

    EXPECT_OK(test_spawn_as(&spawn, "bomb_of_processes", &bomb, NULL));
    let_it_burst(bomb, RESOURCE_PROCESSES);
    EXPECT_OK(process_information(bomb, &information));
    EXPECT(information.used[RESOURCE_PROCESSES] > 1 && information.used[RESOURCE_PROCESSES] <= 4);
    test_end_children();
}

static void thread_bomb_is_held_by_its_quota(void)
{
    expect_held("bomb_of_threads", RESOURCE_THREADS, 8, 0);
}

static void memory_bomb_is_held_by_its_quota(void)
{
    expect_held("bomb_of_frames", RESOURCE_FRAMES, SPARE_FRAMES, 0);
}

static void promises_without_end_are_held_by_their_quota(void)
{
    expect_held("bomb_of_promises", RESOURCE_FRAMES, SPARE_FRAMES, 0);
}

static void message_bomb_is_held_by_its_bytes_and_its_victim_hears_others(void)
{
    process_id_t victim;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "exhaustion_idler", &victim, NULL));
    process_id_t bomb = start_bomb("bomb_of_messages", RESOURCE_MESSAGE_BYTES, 70000, victim, MESSAGE_SIZE);
    let_it_burst(bomb, RESOURCE_MESSAGE_BYTES);
    EXPECT_OK(message_send(victim, &(const struct message){ 0 }));
    expect_supervisor_answers();
    test_end_children();
    expect_enough_for_oneself();
}

/* Small messages: their number is finite too. */
static void message_bomb_is_held_by_its_objects(void)
{
    process_id_t victim;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "exhaustion_idler", &victim, NULL));
    expect_held("bomb_of_messages", RESOURCE_OBJECTS, 16, victim);
}

/* All at once, each with a part of what there is. */
static void all_bombs_at_once_leave_the_supervisor_its_reserve(void)
{
    static const struct {
        const char *role;
        struct grant grant;
    } bombs[] = {
        { "bomb_of_processes", { .limits[RESOURCE_PROCESSES] = 16 } }, { "bomb_of_threads", { .limits[RESOURCE_THREADS] = 64 } },
        { "bomb_of_frames", { .source = ACCESS_SAME } }, { "bomb_of_promises", { .source = ACCESS_SAME } },
    };
    process_id_t id;

    for (uint32_t i = 0; i < COUNT(bombs); i++) {
        struct spawn spawn = { .class = CLASS_APPLICATION, .grant = bombs[i].grant };

        EXPECT_OK(test_spawn_as(&spawn, bombs[i].role, &id, NULL));
    }
    clock_sleep(SECOND);
    expect_supervisor_restarts();
    expect_supervisor_restarts();    /* after a delay, in which bombs take what was free */
    test_end_children();
    expect_enough_for_oneself();

    /* What the kernel made for the new driver stands between what was the bombs'; now it finds its old places. */
    expect_supervisor_restarts();
}

/* ---- Quotas go down the tree ---- */

#define TREE_FRAMES 800U
#define TREE_PROCESSES 6U
#define TREE_THREADS 20U

/* Spawns two of its kind, to a depth, and takes all it can. */
static void exhaustion_branch(int argc, char **argv)
{
    uint32_t depth = test_number(argv[1]);
    thread_id_t thread;
    uint32_t address;
    (void)argc;

    for (uint32_t i = 0; depth > 0 && i < 2; i++) {
        (void)bomb_spawn("exhaustion_branch", test_digits(depth - 1).text);
    }
    for (;;) {
        uint32_t refused = 0;

        refused += thread_start(sleep_forever, NULL, STACK_BYTES, &thread) != OK;
        refused += memory_allocate(8, 0, &address) != OK;
        if (refused != 0) {
            rest();
        }
    }
}

static void quota_holds_for_a_process_and_its_descendants_together(void)
{
    struct spawn spawn = {
        .class = CLASS_APPLICATION,
        .grant.limits = { [RESOURCE_FRAMES] = TREE_FRAMES, [RESOURCE_PROCESSES] = TREE_PROCESSES, [RESOURCE_THREADS] = TREE_THREADS },
    };
    struct process_information root, one;
    uint32_t processes = 0, threads = 0, frames = 0;
    process_id_t id;

    EXPECT_OK(test_spawn_as(&spawn, "exhaustion_branch", &id, "2", NULL));
    let_it_burst(id, RESOURCE_FRAMES);
    EXPECT_OK(process_information(id, &root));
    for (process_id_t other = 0; process_next(other, &other) == OK;) {
        EXPECT_OK(process_information(other, &one));
        process_id_t parent = one.parent;
        while (other != id && parent != id && parent != 0) {
            struct process_information above;

            EXPECT_OK(process_information(parent, &above));
            parent = above.parent;
        }
        if (other == id || parent == id) {
            processes++;
            threads += one.threads;
            frames += one.frames;
        }
    }
    EXPECT_EQUAL(root.used[RESOURCE_PROCESSES], processes);
    EXPECT_EQUAL(root.used[RESOURCE_THREADS], threads);
    EXPECT_EQUAL(root.used[RESOURCE_FRAMES], frames);
    EXPECT(processes > 1 && processes <= TREE_PROCESSES);
    EXPECT(threads <= TREE_THREADS);
    EXPECT(frames <= TREE_FRAMES);
    test_end_children();
}

#define ORPHAN_MESSAGES 10U

/* Leaves messages in its parent's queue, and ends. */
static void exhaustion_orphaner(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    for (uint32_t i = 0; i < ORPHAN_MESSAGES; i++) {
        EXPECT_OK(message_send(process_page()->parent, &(const struct message){ .words = { i } }));
    }
}

static uint32_t message_bytes_charged(void)
{
    struct process_information self;

    EXPECT_OK(process_information(SELF, &self));
    return self.used[RESOURCE_MESSAGE_BYTES];
}

static void messages_of_the_dead_are_charged_to_their_parent(void)
{
    struct event event;
    process_id_t child;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "exhaustion_orphaner", &child, NULL));
    while (process_information(child, &(struct process_information){ 0 }) == OK) {
        clock_sleep(MILLISECOND);
    }
    uint32_t charged = message_bytes_charged();
    EXPECT(charged != 0);
    for (uint32_t i = 0; i < ORPHAN_MESSAGES; i++) {
        EXPECT_EQUAL(charged / ORPHAN_MESSAGES * (ORPHAN_MESSAGES - i), message_bytes_charged());
        test_wait_event(&event, EVENT_MESSAGE);
        EXPECT_EQUAL(i, event.words[0]);
    }
    EXPECT_EQUAL(0, message_bytes_charged());
    EXPECT_EQUAL(0, test_wait_exit(child));
}

const struct test exhaustion_tests[] = {
    TEST_WITHIN(30, CLASS_DRIVER, spawn_bomb_is_held_by_its_quota),
    TEST(CLASS_DRIVER, spawn_bomb_is_held_by_its_number_of_processes),
    TEST_WITHIN(30, CLASS_DRIVER, thread_bomb_is_held_by_its_quota),
    TEST_WITHIN(30, CLASS_DRIVER, memory_bomb_is_held_by_its_quota),
    TEST_WITHIN(30, CLASS_DRIVER, promises_without_end_are_held_by_their_quota),
    TEST_WITHIN(30, CLASS_DRIVER, message_bomb_is_held_by_its_bytes_and_its_victim_hears_others),
    TEST_WITHIN(30, CLASS_DRIVER, message_bomb_is_held_by_its_objects),
    TEST_WITHIN(30, CLASS_DRIVER, all_bombs_at_once_leave_the_supervisor_its_reserve),
    TEST(CLASS_DRIVER, quota_holds_for_a_process_and_its_descendants_together),
    TEST(CLASS_SERVER, messages_of_the_dead_are_charged_to_their_parent),
};
const uint32_t exhaustion_test_count = COUNT(exhaustion_tests);

const struct role exhaustion_roles[] = {
    ROLE(bomb_of_processes),
    ROLE(bomb_of_threads),
    ROLE(bomb_of_frames),
    ROLE(bomb_of_messages),
    ROLE(bomb_of_promises),
    ROLE(exhaustion_idler),
    ROLE(exhaustion_branch),
    ROLE(exhaustion_orphaner),
};
const uint32_t exhaustion_role_count = COUNT(exhaustion_roles);
