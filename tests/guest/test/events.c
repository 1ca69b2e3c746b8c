/* Events: each comes once, to one thread that can take it, in order, and not before its time. */
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "files.h"
#include "tiny_image.h"

#define STACK_BYTES 4096U
#define A_MOMENT_NS (20 * MILLISECOND)
#define SOON_NS SECOND               /* on a busy host a moment is long */

static void send_number(uint32_t number)
{
    struct message message = { .words = { number } };

    EXPECT_OK(message_send(SELF, &message));
}

static void take_number(uint32_t number)
{
    struct event event;

    EXPECT_OK(event_poll(&event));
    EXPECT_EQUAL(EVENT_MESSAGE, event.kind);
    EXPECT_EQUAL(number, event.words[0]);
}

/* ---- Time ---- */

static void wait_without_events_lasts_until_its_deadline(void)
{
    struct event event = { .kind = 77 };

    EXPECT_STATUS(NOTHING, event_poll(&event));
    EXPECT_STATUS(TIMED_OUT, event_wait(&event, 0));
    EXPECT_STATUS(TIMED_OUT, event_wait(&event, clock_now()));
    for (uint32_t delay_us = 0; delay_us < 12000; delay_us += 317) {
        nanoseconds_t deadline_ns = clock_after(delay_us * MICROSECOND);

        EXPECT_STATUS(TIMED_OUT, event_wait(&event, deadline_ns));
        EXPECT(clock_now() >= deadline_ns);
        EXPECT(clock_now() < deadline_ns + SOON_NS);
    }
    EXPECT_EQUAL(77, event.kind);
}

static void event_that_is_there_comes_whatever_the_deadline(void)
{
    static const nanoseconds_t deadlines[] = { 0, 1, SECOND, FOREVER - 1, FOREVER };
    struct event event;

    for (uint32_t i = 0; i < COUNT(deadlines); i++) {
        send_number(i);
        EXPECT_OK(event_wait(&event, deadlines[i]));
        EXPECT_EQUAL(i, event.words[0]);
    }
}

/* An event whose structure cannot be written stays for one whose can. */
static void event_that_cannot_be_delivered_is_not_lost(void)
{
    uint32_t read_only;

    EXPECT_OK(memory_allocate(1, MEMORY_READ_ONLY, &read_only));
    send_number(1);
    send_number(2);
    EXPECT_STATUS(BAD_ADDRESS, event_poll(NULL));
    EXPECT_STATUS(BAD_ADDRESS, event_wait((struct event *)USER_END, FOREVER));
    EXPECT_STATUS(BAD_ADDRESS, event_wait((struct event *)read_only, FOREVER));
    EXPECT_STATUS(BAD_ADDRESS, event_wait((struct event *)SYSTEM_PAGE, FOREVER));
    take_number(1);
    take_number(2);
}

/* ---- Threads that wait ---- */

#define WAITERS 4U
#define NUMBERS 2000U

static uint8_t taken[NUMBERS];
static volatile uint32_t strays;

/* Takes numbered messages; a number that there is none of ends it. */
static void take_numbers(void *unused)
{
    struct event event;

    (void)unused;
    for (;;) {
        if (event_wait(&event, FOREVER) != OK || event.kind != EVENT_MESSAGE) {
            strays++;
            return;
        }
        if (event.words[0] >= NUMBERS) {
            return;
        }
        (void)__atomic_add_fetch(&taken[event.words[0]], 1, __ATOMIC_RELAXED);
        if (event.words[0] % 7 == 0) {
            (void)thread_yield();
        }
    }
}

static void wait_for_threads(uint32_t threads)
{
    struct process_information self;
    nanoseconds_t deadline_ns = clock_after(5 * SECOND);

    do {
        clock_sleep(MILLISECOND);
        EXPECT_OK(process_information(SELF, &self));
        EXPECT(clock_now() < deadline_ns);
    } while (self.threads > threads);
}

static void each_event_goes_to_exactly_one_of_the_waiting_threads(void)
{
    for (uint32_t i = 0; i < WAITERS; i++) {
        EXPECT_OK(thread_start(take_numbers, NULL, STACK_BYTES, NULL));
    }
    for (uint32_t number = 0; number < NUMBERS; number++) {
        send_number(number);
        if (number % 5 == 0) {
            (void)thread_yield();
        }
    }
    for (uint32_t i = 0; i < WAITERS; i++) {
        send_number(NUMBERS);
    }
    wait_for_threads(1);
    EXPECT_EQUAL(0, strays);
    for (uint32_t number = 0; number < NUMBERS; number++) {
        EXPECT_EQUAL(1, taken[number]);
    }
}

static volatile uint32_t woken;

static void take_one(void *argument)
{
    struct event event;

    if (event_wait(&event, FOREVER) == OK) {
        woken |= 1U << (uint32_t)argument;
    }
}

static thread_id_t start_waiter(uint32_t number)
{
    thread_id_t thread;

    EXPECT_OK(thread_start(take_one, (void *)number, STACK_BYTES, &thread));
    clock_sleep(A_MOMENT_NS);    /* it waits from now on; waiters are woken in their order */
    return thread;
}

static void expect_woken(uint32_t waiters)
{
    nanoseconds_t deadline_ns = clock_after(SOON_NS);

    while (woken != waiters && clock_now() < deadline_ns) {
        clock_sleep(MILLISECOND);
    }
    EXPECT_EQUAL(waiters, woken);
}

/* The first waiter is woken by the event, but ended before it can take it. */
static void event_goes_on_when_the_thread_woken_for_it_ends(void)
{
    thread_id_t first = start_waiter(0);

    start_waiter(1);
    send_number(1);
    EXPECT_OK(thread_terminate(first));
    expect_woken(2);
}

static void event_goes_on_when_the_thread_woken_for_it_is_put_to_sleep(void)
{
    thread_id_t first = start_waiter(0);

    start_waiter(1);
    send_number(1);
    EXPECT_OK(thread_sleep(first));
    expect_woken(2);
    send_number(2);
    EXPECT_OK(thread_wake(first));
    expect_woken(3);
}

/* A thread that was put to sleep while it waited must not be chosen before one that can run. */
static void event_does_not_stick_to_a_thread_that_sleeps(void)
{
    thread_id_t first = start_waiter(0);

    EXPECT_OK(thread_sleep(first));
    start_waiter(1);
    send_number(1);
    expect_woken(2);
    send_number(2);
    EXPECT_OK(thread_wake(first));
    expect_woken(3);
}

static uint32_t vanishing_page;

static void wait_with_bad_memory(void *status_out)
{
    *(volatile status_t *)status_out = event_wait((struct event *)vanishing_page, FOREVER);
    (void)thread_delay(FOREVER); /* its end would wake the next */
}

/* A thread's structure vanishes while it waits: it gets its error, and the event goes to the next. */
static void event_goes_on_when_a_waiter_has_no_memory_for_it(void)
{
    volatile status_t status = NOTHING;

    EXPECT_OK(memory_allocate(1, 0, &vanishing_page));
    EXPECT_OK(thread_start(wait_with_bad_memory, (void *)&status, STACK_BYTES, NULL));
    clock_sleep(A_MOMENT_NS);
    start_waiter(1);
    EXPECT_OK(memory_free(vanishing_page, 1));
    send_number(1);
    expect_woken(2);
    EXPECT_STATUS(BAD_ADDRESS, status);
}

static void waking_a_thread_does_not_end_its_wait(void)
{
    thread_id_t first = start_waiter(0);

    EXPECT_OK(thread_wake(first));
    clock_sleep(A_MOMENT_NS);
    EXPECT_EQUAL(0, woken);
    send_number(1);
    expect_woken(1);
}

/* ---- Deaths ---- */

static void event_child(int argc, char **argv)
{
    struct message message = { .words = { 1 } };
    (void)argc;

    EXPECT_OK(message_send(process_page()->parent, &message));
    process_exit(test_number(argv[1]));
}

static void message_of_a_process_comes_before_the_news_of_its_end(void)
{
    struct event event;
    process_id_t child;

    for (uint32_t code = 0; code < 5; code++) {
        EXPECT_OK(test_spawn(process_page()->class, "event_child", &child, test_digits(code).text, NULL));
        test_wait_event(&event, EVENT_MESSAGE);
        EXPECT_EQUAL(child, event.sender);
        EXPECT_EQUAL(code, test_wait_exit(child));
    }
}

/* A tiny process that runs in a circle until it is ended. */
static process_id_t spawn_idler(void)
{
    struct tiny_image image = tiny_image();
    struct spawn spawn = { .class = CLASS_APPLICATION, .image = &image, .image_size = sizeof image };
    process_id_t idler;

    memcpy(image.code, (const uint8_t[]){ 0xEB, 0xFE }, 2); /* jmp $ */
    EXPECT_OK(tiny_spawn_as(spawn, &idler));
    return idler;
}

#define IDLERS 8U

/* Runs with room for as many watches as there are idlers, and for no message. */
static void event_poor_watcher(int argc, char **argv)
{
    static const struct message message;
    process_id_t idlers[IDLERS + 1];
    struct event event;
    (void)argc;
    (void)argv;

    for (uint32_t i = 0; i <= IDLERS; i++) {
        idlers[i] = spawn_idler();
    }
    for (uint32_t i = 0; i < IDLERS; i++) {
        EXPECT_OK(process_watch(idlers[i]));
        EXPECT_STATUS(EXISTS, process_watch(idlers[i]));
    }
    EXPECT_STATUS(OVER_QUOTA, process_watch(idlers[IDLERS]));
    while (message_send(SELF, &message) == OK) {
    }
    for (uint32_t i = 0; i <= IDLERS; i++) {
        EXPECT_OK(process_terminate(idlers[i], i));
    }
    do {
        EXPECT_OK(event_poll(&event));
    } while (event.kind == EVENT_MESSAGE);
    for (uint32_t i = 0; i < IDLERS; i++) {
        EXPECT_EQUAL(EVENT_PROCESS_EXITED, event.kind);
        EXPECT_EQUAL(idlers[i], event.id);
        EXPECT_EQUAL(EXIT_TERMINATED | i, event.count);
        EXPECT_STATUS(i + 1 < IDLERS ? OK : NOTHING, event_poll(&event));
    }
}

static void news_of_an_end_has_its_room_reserved_by_the_watch(void)
{
    struct spawn spawn = {
        .class = CLASS_SERVER,
        .flags = SPAWN_WATCH,
        .grant.limits[RESOURCE_OBJECTS] = IDLERS,
        .grant.limits[RESOURCE_MESSAGE_BYTES] = 70000, /* the image comes as messages */
    };
    process_id_t watcher;

    EXPECT_OK(test_spawn_as(&spawn, "event_poor_watcher", &watcher, NULL));
    EXPECT_EQUAL(0, test_wait_exit(watcher));
}

const struct test events_tests[] = {
    TEST(CLASS_APPLICATION, wait_without_events_lasts_until_its_deadline),
    TEST(CLASS_APPLICATION, event_that_is_there_comes_whatever_the_deadline),
    TEST(CLASS_APPLICATION, event_that_cannot_be_delivered_is_not_lost),
    TEST(CLASS_APPLICATION, each_event_goes_to_exactly_one_of_the_waiting_threads),
    TEST(CLASS_APPLICATION, event_goes_on_when_the_thread_woken_for_it_ends),
    TEST(CLASS_APPLICATION, event_goes_on_when_the_thread_woken_for_it_is_put_to_sleep),
    TEST(CLASS_APPLICATION, event_does_not_stick_to_a_thread_that_sleeps),
    TEST(CLASS_APPLICATION, event_goes_on_when_a_waiter_has_no_memory_for_it),
    TEST(CLASS_APPLICATION, waking_a_thread_does_not_end_its_wait),
    TEST(CLASS_DRIVER, message_of_a_process_comes_before_the_news_of_its_end),
    TEST(CLASS_SERVER, news_of_an_end_has_its_room_reserved_by_the_watch),
};
const uint32_t events_test_count = COUNT(events_tests);

const struct role events_roles[] = {
    ROLE(event_child),
    ROLE(event_poor_watcher),
};
const uint32_t events_role_count = COUNT(events_roles);
