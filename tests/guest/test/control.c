/* Who may end whom, who is told of it, and what he is told. */
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall_table.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "files.h"
#include "tiny_image.h"

#define ID_INDICES 4096U
#define GENERATION_1 (1U << 12)  /* of the threads that the kernel made at boot; added to their index */
#define STACK_BYTES 4096U

/* ---- Accomplices ---- */

/* Ends when a message comes. */
static void control_waiter(int argc, char **argv)
{
    struct event event;

    (void)argc;
    (void)argv;
    test_wait_event(&event, EVENT_MESSAGE);
}

static process_id_t start_waiter(process_class_t class)
{
    process_id_t id;

    EXPECT_OK(test_spawn(class, "control_waiter", &id, NULL));
    return id;
}

static void release_waiter(process_id_t id)
{
    struct message message = { .words = { 1 } };

    EXPECT_OK(message_send(id, &message));
    EXPECT_EQUAL(0, test_wait_exit(id));
}

static void thread_at_rest(void *unused)
{
    (void)unused;
    EXPECT_OK(thread_sleep(0));
}

/* ---- The supervisor ---- */

static process_id_t supervisor(void)
{
    process_id_t init;

    EXPECT_OK(name_find("d\\init", &init));
    return init;
}

static void supervisor_cannot_be_ended_or_put_to_sleep(void)
{
    EXPECT_STATUS(NOT_ALLOWED, process_terminate(supervisor(), 0));
    EXPECT_STATUS(NOT_ALLOWED, process_sleep(supervisor()));
    EXPECT_STATUS(NOT_ALLOWED, process_wake(supervisor()));
}

static void server_cannot_end_the_supervisor(void)
{
    supervisor_cannot_be_ended_or_put_to_sleep();
}

static void driver_cannot_end_the_supervisor(void)
{
    supervisor_cannot_be_ended_or_put_to_sleep();
}

/* To wake a thread is the one thing that harms nobody: so its threads are found. */
static void driver_cannot_end_the_threads_of_the_supervisor(void)
{
    uint32_t found = 0;

    for (uint32_t index = 1; index < ID_INDICES; index++) {
        thread_id_t thread = GENERATION_1 + index;

        if (thread_wake(thread) == NOT_ALLOWED) {
            found++;
            EXPECT_STATUS(NOT_ALLOWED, thread_sleep(thread));
            EXPECT_STATUS(NOT_ALLOWED, thread_terminate(thread));
        }
    }
    EXPECT(found > 0);
    (void)supervisor();
}

/* ---- The classes ---- */

static uint32_t living_threads(void)
{
    struct system_statistics statistics;

    EXPECT_OK(system_statistics(&statistics));
    return statistics.threads;
}

static void application_cannot_touch_threads_of_others(void)
{
    uint32_t before = living_threads();
    uint32_t found = 0;

    for (uint32_t generation = 1; generation < 4; generation++) {
        for (uint32_t index = 0; index < ID_INDICES; index++) {
            thread_id_t thread = (generation << 12) + index;

            if (thread == thread_slot()->thread || thread == 0) {
                continue;
            }
            status_t status = thread_wake(thread);
            EXPECT(status == BAD_ID || status == NOT_ALLOWED);
            EXPECT_STATUS(status, thread_sleep(thread));
            EXPECT_STATUS(status, thread_terminate(thread));
            found += status == NOT_ALLOWED;
        }
    }
    EXPECT(found > 3);
    EXPECT_EQUAL(before, living_threads());
}

static void application_cannot_end_or_stop_its_own_children(void)
{
    process_id_t child = start_waiter(CLASS_APPLICATION);

    EXPECT_STATUS(NOT_ALLOWED, process_terminate(child, 0));
    EXPECT_STATUS(NOT_ALLOWED, process_sleep(child));
    EXPECT_STATUS(NOT_ALLOWED, process_wake(child));
    release_waiter(child);
}

/* Tells its parent the ID of its thread, and waits to be ended. */
static void control_victim(int argc, char **argv)
{
    struct message message = { .words = { thread_slot()->thread } };

    (void)argc;
    (void)argv;
    EXPECT_OK(message_send(process_page()->parent, &message));
    EXPECT_OK(thread_sleep(0));
}

/* Neither the drivers of the system, nor the one in the arguments, nor its thread do as this server says. */
static void control_powerless(int argc, char **argv)
{
    static const char *const names[] = { "d\\console", "d\\serial", "d\\test" };
    process_id_t driver = test_number(argv[1]);
    thread_id_t thread = test_number(argv[2]);
    (void)argc;

    for (uint32_t i = 0; i <= COUNT(names); i++) {
        EXPECT_STATUS(NOT_ALLOWED, process_terminate(driver, 0));
        EXPECT_STATUS(NOT_ALLOWED, process_sleep(driver));
        EXPECT_STATUS(NOT_ALLOWED, process_wake(driver));
        if (i < COUNT(names)) {
            EXPECT_OK(name_find(names[i], &driver));
        }
    }
    EXPECT_STATUS(NOT_ALLOWED, thread_terminate(thread));
    EXPECT_STATUS(NOT_ALLOWED, thread_sleep(thread));
    EXPECT_STATUS(NOT_ALLOWED, thread_wake(thread));
}

/* The one that may: it puts the driver and its thread to sleep, wakes them, and ends it. */
static void control_powerful(int argc, char **argv)
{
    process_id_t driver = test_number(argv[1]);
    thread_id_t thread = test_number(argv[2]);
    (void)argc;

    EXPECT_OK(process_sleep(driver));
    EXPECT_OK(process_wake(driver));
    EXPECT_OK(thread_sleep(thread));
    EXPECT_OK(process_terminate(driver, 9));
    EXPECT_STATUS(BAD_ID, thread_wake(thread));
}

/* A server with these rights does as its role says, to a driver and its thread. */
static void start_server(uint32_t rights, const char *role, process_id_t driver, thread_id_t thread, process_id_t *server_out)
{
    struct access access = test_access;

    access.rights = rights;
    EXPECT_OK(test_spawn_with(CLASS_SERVER, &access, role, server_out, test_digits(driver).text, test_digits(thread).text, NULL));
}

/* All other rights do not make up for the one that counts. */
static void server_has_power_over_drivers_by_a_right_alone(void)
{
    uint32_t others = test_access.rights & ~RIGHT_CONTROL_DRIVERS;
    process_id_t driver, server;
    struct event event;

    EXPECT_OK(test_spawn(CLASS_DRIVER, "control_victim", &driver, NULL));
    test_wait_event(&event, EVENT_MESSAGE);
    thread_id_t thread = event.words[0];
    for (uint32_t i = 0; i < 2; i++) {
        start_server(i == 0 ? 0 : others, "control_powerless", driver, thread, &server);
        EXPECT_EQUAL(0, test_wait_exit(server));
    }
    start_server(RIGHT_CONTROL_DRIVERS, "control_powerful", driver, thread, &server);
    EXPECT_EQUAL(EXIT_TERMINATED | 9, test_wait_exit(driver));
    EXPECT_EQUAL(0, test_wait_exit(server));
}

/* Puts a process to sleep, wakes it, ends it. */
static void expect_power_over(process_class_t class)
{
    process_id_t victim = start_waiter(class);
    struct process_information information;

    EXPECT_OK(process_sleep(victim));
    EXPECT_OK(process_information(victim, &information));
    EXPECT_EQUAL(PROCESS_ASLEEP, information.state);
    EXPECT_OK(process_wake(victim));
    EXPECT_OK(process_information(victim, &information));
    EXPECT_EQUAL(PROCESS_RUNNING, information.state);
    EXPECT_OK(process_terminate(victim, 0x107));
    EXPECT_STATUS(BAD_ID, process_terminate(victim, 0));
    EXPECT_EQUAL(EXIT_TERMINATED | 7, test_wait_exit(victim));
}

static void server_has_power_over_servers_and_applications(void)
{
    expect_power_over(CLASS_SERVER);
    expect_power_over(CLASS_APPLICATION);
}

static void driver_has_power_over_all_classes(void)
{
    expect_power_over(CLASS_DRIVER);
    expect_power_over(CLASS_SERVER);
    expect_power_over(CLASS_APPLICATION);
}

static void nobody_puts_himself_to_sleep_as_a_process(void)
{
    EXPECT_STATUS(BAD_ARGUMENT, process_sleep(SELF));
    EXPECT_STATUS(BAD_ARGUMENT, process_sleep(process_page()->id));
    EXPECT_OK(process_wake(SELF));
}

static void sleeping_process_can_be_ended(void)
{
    process_id_t victim = start_waiter(CLASS_APPLICATION);

    EXPECT_OK(process_sleep(victim));
    EXPECT_OK(process_sleep(victim));
    EXPECT_OK(process_terminate(victim, 0));
    EXPECT_EQUAL(EXIT_TERMINATED, test_wait_exit(victim));
}

static void own_threads_can_be_ended_by_applications(void)
{
    thread_id_t thread;
    uint32_t before = living_threads();

    EXPECT_OK(thread_start(thread_at_rest, NULL, STACK_BYTES, &thread));
    thread_yield();
    EXPECT_EQUAL(before + 1, living_threads());
    EXPECT_OK(thread_terminate(thread));
    EXPECT_STATUS(BAD_ID, thread_terminate(thread));
    EXPECT_EQUAL(before, living_threads());
}

/* ---- Watching ---- */

static uint32_t objects(void)
{
    struct system_statistics statistics;

    EXPECT_OK(system_statistics(&statistics));
    return statistics.objects;
}

static void watch_tells_of_the_end_once(void)
{
    uint32_t before = objects();
    process_id_t child = start_waiter(CLASS_APPLICATION);
    struct event event;

    EXPECT_EQUAL(before + 1, objects());
    EXPECT_STATUS(EXISTS, process_watch(child));
    release_waiter(child);
    EXPECT_STATUS(NOTHING, event_poll(&event));
    EXPECT_STATUS(NOT_FOUND, process_unwatch(child));
    EXPECT_STATUS(BAD_ID, process_watch(child));
    EXPECT_EQUAL(before, objects());
}

static void watch_can_be_taken_back_even_after_the_end(void)
{
    uint32_t before = objects();
    process_id_t child = start_waiter(CLASS_APPLICATION);
    struct event event;

    EXPECT_OK(process_unwatch(child));
    EXPECT_STATUS(NOT_FOUND, process_unwatch(child));
    EXPECT_OK(process_watch(child));
    EXPECT_OK(process_terminate(child, 0));
    EXPECT_OK(process_unwatch(child));
    EXPECT_STATUS(NOTHING, event_poll(&event));
    EXPECT_EQUAL(before, objects());
}

static void nobody_watches_himself_or_nobody(void)
{
    EXPECT_STATUS(BAD_ARGUMENT, process_watch(SELF));
    EXPECT_STATUS(BAD_ARGUMENT, process_watch(process_page()->id));
    EXPECT_STATUS(BAD_ID, process_watch(0xFFFFFFFF));
    EXPECT_STATUS(NOT_FOUND, process_unwatch(SELF));
    EXPECT_STATUS(NOT_FOUND, process_unwatch(process_page()->id));
}

/* Watches the process in its argument, says so, and expects it to be ended with code 3. */
static void control_watcher(int argc, char **argv)
{
    process_id_t target = test_number(argv[argc - 1]);
    struct message ready = { .words = { 1 } };

    EXPECT_OK(process_watch(target));
    EXPECT_OK(message_send(process_page()->parent, &ready));
    EXPECT_EQUAL(EXIT_TERMINATED | 3, test_wait_exit(target));
}

static void all_watchers_are_told(void)
{
    process_id_t target = start_waiter(CLASS_APPLICATION);
    process_id_t watchers[4];
    struct event event;

    for (uint32_t i = 0; i < COUNT(watchers); i++) {
        EXPECT_OK(test_spawn(CLASS_APPLICATION, "control_watcher", &watchers[i], test_digits(target).text, NULL));
        test_wait_event(&event, EVENT_MESSAGE);
    }
    EXPECT_OK(process_terminate(target, 3));
    EXPECT_EQUAL(EXIT_TERMINATED | 3, test_wait_exit(target));
    for (uint32_t i = 0; i < COUNT(watchers); i++) {
        test_wait_event(&event, EVENT_PROCESS_EXITED);
        EXPECT_EQUAL(0, event.count);
    }
}

static void watcher_that_dies_first_leaves_nothing(void)
{
    uint32_t before = objects();
    process_id_t target = start_waiter(CLASS_APPLICATION);
    process_id_t watcher;
    struct event event;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "control_watcher", &watcher, test_digits(target).text, NULL));
    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_EQUAL(before + 3, objects());
    EXPECT_OK(process_terminate(watcher, 0));
    EXPECT_EQUAL(EXIT_TERMINATED, test_wait_exit(watcher));
    EXPECT_EQUAL(before + 1, objects());
    release_waiter(target);
    EXPECT_EQUAL(before, objects());
}

/* ---- Exit codes ---- */

/* Argument: how to end. */
static void control_ender(int argc, char **argv)
{
    volatile uint32_t zero = 0;

    switch (argv[argc - 1][0]) {
    case 't':
        thread_exit();
    case 'd':
        process_exit(1000 / zero);
    case 'u':
        __builtin_trap();
    case 'p':
        process_exit(*(volatile uint32_t *)zero);
    case 's':
        (void)thread_terminate(thread_slot()->thread);
        break;
    default:
        process_exit(test_number(argv[argc - 1]));
    }
}

static void exit_codes_say_why(void)
{
    static const struct {
        const char *how;
        uint32_t code;
    } ends[] = {
        { "0", 0 }, { "1", 1 }, { "255", 255 }, { "256", 0 }, { "511", 255 }, { "4294967295", 255 }, { "t", 0 }, { "s", 0 },
        { "d", EXIT_FAULT | 0 }, { "u", EXIT_FAULT | 6 }, { "p", EXIT_FAULT | 14 },
    };

    for (uint32_t i = 0; i < COUNT(ends); i++) {
        process_id_t id;

        EXPECT_OK(test_spawn(CLASS_APPLICATION, "control_ender", &id, ends[i].how, NULL));
        uint32_t code = test_wait_exit(id);
        if (code != ends[i].code) {
            EXPECT_NOT("ending by %s: exit code 0x%x instead of 0x%x", ends[i].how, code, ends[i].code);
        }
    }
}

const struct test control_tests[] = {
    TEST(CLASS_SERVER, server_cannot_end_the_supervisor),
    TEST(CLASS_DRIVER, driver_cannot_end_the_supervisor),
    TEST(CLASS_DRIVER, driver_cannot_end_the_threads_of_the_supervisor),
    TEST(CLASS_APPLICATION, application_cannot_touch_threads_of_others),
    TEST(CLASS_APPLICATION, application_cannot_end_or_stop_its_own_children),
    TEST(CLASS_DRIVER, server_has_power_over_drivers_by_a_right_alone),
    TEST(CLASS_SERVER, server_has_power_over_servers_and_applications),
    TEST(CLASS_DRIVER, driver_has_power_over_all_classes),
    TEST(CLASS_SERVER, nobody_puts_himself_to_sleep_as_a_process),
    TEST(CLASS_SERVER, sleeping_process_can_be_ended),
    TEST(CLASS_APPLICATION, own_threads_can_be_ended_by_applications),
    TEST(CLASS_SERVER, watch_tells_of_the_end_once),
    TEST(CLASS_SERVER, watch_can_be_taken_back_even_after_the_end),
    TEST(CLASS_APPLICATION, nobody_watches_himself_or_nobody),
    TEST(CLASS_SERVER, all_watchers_are_told),
    TEST(CLASS_SERVER, watcher_that_dies_first_leaves_nothing),
    TEST(CLASS_APPLICATION, exit_codes_say_why),
};
const uint32_t control_test_count = COUNT(control_tests);
const struct role control_roles[] = {
    ROLE(control_waiter),
    ROLE(control_watcher),
    ROLE(control_ender),
    ROLE(control_victim),
    ROLE(control_powerless),
    ROLE(control_powerful),
};
const uint32_t control_role_count = COUNT(control_roles);
