/*
 * Threads in VM86 mode that others put to sleep, wake, freeze, end, or whose process steps down: 16-bit code stands still meanwhile, goes on
 * where it was, or leaves nothing behind.
 */
#include <abi/debug.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "files.h"
#include "peer.h"
#include "vm86_code.h"

#define STACK_BYTES 8192U
#define INVALID 6U
#define PATIENCE_MS 1000U
#define DEATHS 20U

static struct vm86_state state __attribute__((aligned(128)));

/* ---- A process that counts: in VM86 mode, and in ring 3 ---- */

/* Words of the page that it shares with the test. */
enum { COUNT_16, STOP, COUNT_32, MISTAKE, WORDS };

static void count_in_ring_3(void *argument)
{
    (void)argument;
    while (vm86_data[MISTAKE] == 0) {
        vm86_data[COUNT_32]++;
    }
    __builtin_trap();
}

static thread_id_t own_thread(void)
{
    return ((const struct thread_slot *)process_page()->self)->thread;
}

static void share_data(void)
{
    struct message message = {
        .words = { own_thread() }, .pages = (void *)(uintptr_t)vm86_data, .page_count = 1, .page_flags = PAGES_SHARE_WRITABLE,
    };
    struct reply reply = { 0 };

    EXPECT_OK(message_call(process_page()->parent, &message, &reply));
}

/* All registers are what they were, but for what the code has counted. */
static void expect_counted(const struct vm86_state *before, const struct vm86_state *after)
{
    EXPECT_EQUAL(vm86_data[COUNT_16], after->eax);
    EXPECT_EQUAL(before->ebx, after->ebx);
    EXPECT_EQUAL(before->ecx, after->ecx);
    EXPECT_EQUAL(before->edx, after->edx);
    EXPECT_EQUAL(before->esi, after->esi);
    EXPECT_EQUAL(before->edi, after->edi);
    EXPECT_EQUAL(before->ebp, after->ebp);
    EXPECT_EQUAL(before->esp, after->esp);
    EXPECT(before->cs == (uint16_t)after->cs && before->ss == (uint16_t)after->ss && before->ds == (uint16_t)after->ds);
    EXPECT(before->es == (uint16_t)after->es && before->fs == (uint16_t)after->fs && before->gs == (uint16_t)after->gs);
}

/* Until the word STOP is set. Argument: threads; 1: in VM86 mode alone. */
static void vm86_counter(int argc, char **argv)
{
    struct vm86_state before;

    VM86_AT_HAND(&state, vm86_count);
    before = state;
    share_data();
    if (test_number(argv[argc - 1]) == 2) {
        EXPECT_OK(thread_start(count_in_ring_3, NULL, STACK_BYTES, NULL));
    }
    vm86_expect_leaves_at(&state, VM86_GENERAL_PROTECTION, (uint32_t)(vm86_count_hlt - vm86_count));
    expect_counted(&before, &state);
}

struct counter {
    process_id_t process;
    thread_id_t thread;              /* in VM86 mode */
    volatile uint32_t *words;
    uint32_t threads;
};

static uint32_t number_of(uint32_t thread)
{
    return thread == 0 ? COUNT_16 : COUNT_32;
}

static void wait_for_change(const volatile uint32_t *word)
{
    uint32_t before = *word;

    for (uint32_t ms = 0; *word == before; ms++) {
        EXPECT(ms < PATIENCE_MS);
        clock_sleep(MILLISECOND);
    }
}

/* Each thread gets on. */
static void expect_counts(const struct counter *counter)
{
    for (uint32_t i = 0; i < counter->threads; i++) {
        wait_for_change(&counter->words[number_of(i)]);
    }
}

static void expect_stands_still(const struct counter *counter)
{
    uint32_t before[] = { counter->words[COUNT_16], counter->words[COUNT_32] };

    clock_sleep(5 * MILLISECOND);
    EXPECT_EQUAL(before[0], counter->words[COUNT_16]);
    EXPECT_EQUAL(before[1], counter->words[COUNT_32]);
}

static struct counter counter_start(uint32_t threads)
{
    struct counter counter = { .threads = threads };
    struct event event;
    uint32_t address;

    EXPECT_OK(test_spawn(CLASS_DRIVER, "vm86_counter", &counter.process, test_digits(threads).text, NULL));
    test_wait_event(&event, EVENT_MESSAGE);
    counter.thread = event.words[0];
    EXPECT_OK(message_take_pages(event.id, &address));
    EXPECT_OK(message_reply(event.id, &(struct message){ 0 }));
    counter.words = (volatile uint32_t *)address;
    expect_counts(&counter);
    return counter;
}

static void forget(const struct counter *counter)
{
    EXPECT_OK(memory_free((uint32_t)counter->words, 1));
}

static void counter_stop(const struct counter *counter)
{
    counter->words[STOP] = 1;
    EXPECT_EQUAL(0, test_wait_exit(counter->process));
    forget(counter);
}

/* ---- Asleep ---- */

static void process_that_sleeps_in_the_mode_stands_still_and_goes_on_where_it_was(void)
{
    struct counter counter = counter_start(2);

    for (uint32_t i = 0; i < 10; i++) {
        clock_sleep((i % 4) * MILLISECOND);
        EXPECT_OK(process_sleep(counter.process));
        expect_stands_still(&counter);
        EXPECT_OK(thread_sleep(counter.thread));
        EXPECT_OK(thread_wake(counter.thread));                          /* the process sleeps on */
        expect_stands_still(&counter);
        EXPECT_OK(process_wake(counter.process));
        expect_counts(&counter);
    }
    counter_stop(&counter);
}

static void thread_that_sleeps_in_the_mode_stands_still_and_goes_on_where_it_was(void)
{
    struct counter counter = counter_start(1);

    for (uint32_t i = 0; i < 10; i++) {
        clock_sleep((i % 4) * MILLISECOND);
        EXPECT_OK(thread_sleep(counter.thread));
        expect_stands_still(&counter);
        EXPECT_OK(process_sleep(counter.process));
        EXPECT_OK(process_wake(counter.process));                        /* the thread sleeps on */
        expect_stands_still(&counter);
        EXPECT_OK(thread_wake(counter.thread));
        expect_counts(&counter);
    }
    counter_stop(&counter);
}

/* ---- Frozen ---- */

/* Another thread of the process makes a mistake while a debugger listens. */
static void process_frozen_in_the_mode_stands_still_and_is_looked_at(void)
{
    struct counter counter;
    struct debug_thread thread;
    uint8_t code[8];
    struct event event;

    EXPECT_OK(debug_listen());
    counter = counter_start(2);
    counter.words[MISTAKE] = 1;
    test_wait_event(&event, EVENT_PROCESS_FROZEN);
    EXPECT(event.id == counter.process && event.count == (EXIT_FAULT | INVALID));
    expect_stands_still(&counter);
    EXPECT_OK(process_wake(counter.process));
    EXPECT_OK(thread_wake(counter.thread));
    expect_stands_still(&counter);
    EXPECT_OK(debug_thread(counter.process, 0, &thread));
    EXPECT(thread.id != counter.thread && thread.made_the_mistake == 1 && thread.exception == INVALID);
    EXPECT_OK(debug_thread(counter.process, thread.id, &thread));
    EXPECT(thread.id == counter.thread && thread.made_the_mistake == 0);
    EXPECT_STATUS(NOT_FOUND, debug_thread(counter.process, counter.thread, &thread));
    EXPECT_OK(debug_read(counter.process, VM86_SEGMENT << 4, code, sizeof code));
    EXPECT_EQUAL(0, memcmp(code, vm86_count, sizeof code));
    EXPECT_OK(debug_release(counter.process));
    EXPECT_EQUAL(EXIT_FAULT | INVALID, test_wait_exit(counter.process));
    forget(&counter);
}

/* ---- Ended ---- */

static void process_ends_with_its_last_thread_in_the_mode(void)
{
    struct test_ledger before;

    test_ledger_take(&before);
    for (uint32_t i = 0; i < 3; i++) {
        struct counter counter = counter_start(1);

        EXPECT_OK(i == 0 ? process_sleep(counter.process) : i == 1 ? thread_sleep(counter.thread) : OK);
        EXPECT_OK(thread_terminate(counter.thread));
        EXPECT_EQUAL(EXIT_TERMINATED, test_wait_exit(counter.process));
        forget(&counter);
    }
    test_ledger_expect_same(&before);
}

static void count_with_state(void *its_state)
{
    VM86_AT_HAND((struct vm86_state *)its_state, vm86_count);
    (void)vm86_run(its_state);
}

static uint32_t own_frames(void)
{
    struct process_information self;

    EXPECT_OK(process_information(SELF, &self));
    return self.frames;
}

/* The frame under it is held for the thread, whoever frees the page first. */
static void thread_that_is_ended_in_the_mode_lets_its_state_go(void)
{
    struct test_ledger before;
    uint32_t frames = 0;

    test_ledger_take(&before);
    EXPECT_OK(vm86_map((uint32_t)(uintptr_t)vm86_data, 1, VM86_MAP_ZEROES));
    for (uint32_t i = 0; i < DEATHS; i++) {
        thread_id_t thread;
        uint32_t page;

        EXPECT_OK(memory_allocate(1, 0, &page));
        EXPECT_OK(thread_start(count_with_state, (void *)page, STACK_BYTES, &thread));
        wait_for_change(&vm86_data[COUNT_16]);
        EXPECT_OK(i % 2 == 0 ? memory_free(page, 1) : OK);
        EXPECT_OK(i % 3 == 0 ? thread_sleep(thread) : OK);
        EXPECT_OK(thread_end(thread));
        EXPECT_OK(i % 2 != 0 ? memory_free(page, 1) : OK);
        frames = i == 0 ? own_frames() : frames;
    }
    EXPECT_EQUAL(frames, own_frames());
    test_ledger_expect_same(&before);
    VM86_AT_HAND(&state, vm86_count);
    vm86_data[STOP] = 1;
    vm86_expect_leaves_at(&state, VM86_GENERAL_PROTECTION, (uint32_t)(vm86_count_hlt - vm86_count));
}

/* ---- Stepping down ---- */

#define DELAY_PORT 0x80U             /* of the BIOS's self-test: it does nothing */
enum { PORT_VALUE, PORT_READS };     /* words of vm86_read_port */

static void read_port_for_ever(void *unused)
{
    (void)unused;
    VM86_AT_HAND(&state, vm86_read_port);
    state.ebx = DELAY_PORT;
    (void)vm86_run(&state);
    EXPECT_NOT("the code has left the mode for reason %u", state.reason);
}

static void vm86_stepping_down(int argc, char **argv)
{
    thread_id_t thread;
    (void)argc;
    (void)argv;

    EXPECT_OK(vm86_map((uint32_t)(uintptr_t)vm86_data, 1, VM86_MAP_ZEROES));
    EXPECT_OK(thread_start(read_port_for_ever, NULL, STACK_BYTES, &thread));
    wait_for_change(&vm86_data[PORT_READS]);
    EXPECT_STATUS(BUSY, process_downgrade(CLASS_SERVER));
    wait_for_change(&vm86_data[PORT_READS]);
    EXPECT_OK(thread_end(thread));
    EXPECT_OK(process_downgrade(CLASS_SERVER));
    EXPECT_STATUS(NOT_ALLOWED, vm86_set_up(0));
}

static void driver_steps_down_when_no_thread_of_it_has_a_state_any_more(void)
{
    struct test_ledger before;

    test_ledger_take(&before);
    for (uint32_t i = 0; i < 5; i++) {
        process_id_t id;

        EXPECT_OK(test_spawn(CLASS_DRIVER, "vm86_stepping_down", &id, NULL));
        EXPECT_EQUAL(0, test_wait_exit(id));
    }
    test_ledger_expect_same(&before);
}

const struct test vm86_threads_tests[] = {
    TEST(CLASS_DRIVER, process_that_sleeps_in_the_mode_stands_still_and_goes_on_where_it_was),
    TEST(CLASS_DRIVER, thread_that_sleeps_in_the_mode_stands_still_and_goes_on_where_it_was),
    TEST(CLASS_DRIVER, process_frozen_in_the_mode_stands_still_and_is_looked_at),
    TEST(CLASS_DRIVER, process_ends_with_its_last_thread_in_the_mode),
    TEST(CLASS_DRIVER, thread_that_is_ended_in_the_mode_lets_its_state_go),
    TEST(CLASS_DRIVER, driver_steps_down_when_no_thread_of_it_has_a_state_any_more),
};
const uint32_t vm86_threads_test_count = COUNT(vm86_threads_tests);
const struct role vm86_threads_roles[] = { ROLE(vm86_counter), ROLE(vm86_stepping_down) };
const uint32_t vm86_threads_role_count = COUNT(vm86_threads_roles);
