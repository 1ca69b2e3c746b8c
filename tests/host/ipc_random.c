/* Events, messages, watches and interrupts: long random runs against the model. */
#include <stdlib.h>

#include "clock.h"
#include "i386/timer.h"
#include "ipc_calls.h"
#include "kernel_heap.h"
#include "kernel_machine.h"
#include "kernel_ready.h"
#include "kernel_user_memory.h"
#include "kernel_window.h"
#include "test.h"

#define STEPS 400000U

/*
 * What happens: of everything something; mostly calls in registers, so that few events are between them and direct switches; or
 * mostly events, for which many threads wait.
 */
enum mode { EVERYTHING, MOSTLY_WORDS, MOSTLY_EVENTS, MODES };

/* Each of them so often. */
static const struct {
    call_t *call;
    uint32_t weight[MODES];
} calls[] = {
    { call_event_poll, { 40, 6, 60 } }, { call_event_wait, { 40, 4, 300 } }, { call_message_send, { 60, 4, 120 } },
    { call_message_call, { 80, 20, 6 } }, { call_message_reply, { 80, 10, 10 } }, { call_message_reply_wait, { 20, 4, 10 } },
    { call_message_receive, { 40, 4, 10 } }, { call_message_discard, { 10, 4, 6 } },
    { call_message_take_pages, { 20, 2, 1 } }, { call_pages_make, { 20, 2, 1 } },
    { call_message_call_words, { 150, 300, 10 } }, { call_message_reply_wait_words, { 150, 500, 60 } },
    { call_process_watch, { 12, 1, 12 } }, { call_process_unwatch, { 6, 1, 2 } },
    { call_irq_listen, { 6, 0, 8 } }, { call_irq_acknowledge, { 10, 1, 20 } }, { call_irq_ignore, { 3, 1, 1 } },
    { call_thread_create, { 14, 6, 30 } }, { call_thread_exit, { 2, 1, 1 } }, { call_thread_terminate, { 2, 3, 1 } },
    { call_thread_sleep, { 24, 10, 10 } }, { call_thread_wake, { 40, 30, 30 } }, { call_thread_delay, { 6, 1, 10 } },
    { call_spawn, { 12, 10, 2 } }, { call_process_exit, { 1, 1, 0 } }, { call_process_terminate, { 2, 2, 1 } },
    { call_process_sleep, { 3, 3, 2 } }, { call_process_wake, { 14, 14, 14 } }, { call_process_downgrade, { 1, 1, 1 } },
};

static enum mode mode;

static call_t *some_system_call(void)
{
    uint32_t sum = 0;
    call_t *call = NULL;

    for (uint32_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        sum += calls[i].weight[mode];
        if (random_below(sum) < calls[i].weight[mode]) {
            call = calls[i].call;
        }
    }
    return call;
}

static void some_call(struct model_thread *self)
{
    call_t *call = some_system_call();

    model.heap_fails = random_one_in(40);
    heap_fail_after(model.heap_fails ? 0 : UINT32_MAX);
    model.others_fail = random_one_in(40);
    user_memory_fail_others(model.others_fail);
    if (call != call_spawn && call != call_thread_create) {
        window_close(&process_arena);
        window_close(&thread_arena);
    }
    call(self);
    window_open(&process_arena);
    window_open(&thread_arena);
    heap_fail_after(UINT32_MAX);
    user_memory_fail_others(false);
    model.heap_fails = false;
    model.others_fail = false;
}

/* Any thread that can run; NULL if there is none. */
static struct model_thread *some_thread(void)
{
    struct model_thread *chosen = NULL;
    uint32_t candidates = 0;

    MODEL_EACH(model_thread, thread, threads) {
        if (model_can_run(thread) && random_one_in(++candidates)) {
            chosen = thread;
        }
    }
    return chosen;
}

/* Another thread runs; if it slept in a call, that goes on. */
static void switch_threads(void)
{
    struct model_thread *thread = some_thread();
    status_t status = OK;

    if (thread == NULL || (thread->real == thread_current && thread->state == RUNS)) {
        return;
    }
    bool goes_on = thread->state == WOKEN || thread->state == RECEIVE_WOKEN || thread->state == DELAYED;
    CHECK_EQUAL(ready_switch_to(thread->real, &status), goes_on);
    if (goes_on) {
        call_continues(thread, status);
    } else if (thread->state == CALLED) {
        call_has_ended(thread);
    } else if (thread->state == RECEIVED) {
        receive_has_ended(thread);
    }
    ready_leave_kernel();
}

/* A tick; whose deadline it is wakes, not early, and at most two ticks late. */
static void tick(void)
{
    clock_tick();
    MODEL_EACH(model_thread, thread, threads) {
        bool sleeps = thread->state == WAITS || thread->state == DELAYS;

        if (!sleeps || thread->deadline_ns == FOREVER) {
            continue;
        }
        if (thread->real->blocked) {
            CHECK(clock_now() < thread->deadline_ns + 2 * TIMER_TICK_NS);
            continue;
        }
        CHECK(clock_now() >= thread->deadline_ns);
        for (uint32_t i = 0; i < thread->process->waiting; i++) {
            if (thread->process->waiters[i] == thread) {
                for (thread->process->waiting--; i < thread->process->waiting; i++) {
                    thread->process->waiters[i] = thread->process->waiters[i + 1];
                }
            }
        }
        thread->timed_out = true;
        thread->state = thread->state == WAITS ? WOKEN : DELAYED;
    }
    /* One that was woken for an event and has not run yet knows of its deadline too: it is in the clock no more. */
    MODEL_EACH(model_thread, thread, threads) {
        if (thread->state == WOKEN && thread->deadline_ns != FOREVER && list_is_empty(&thread->real->deadline.node)) {
            CHECK(clock_now() >= thread->deadline_ns);
            thread->timed_out = true;
        }
    }
}

static void interrupt(void)
{
    uint32_t line = 1 + random_below(IRQ_LINES - 1);

    line = random_one_in(2) ? 3 + random_below(3) : line;
    bool is_spurious = (line == 7 || line == 15) && random_one_in(2);
    if (machine_line_is_masked(line)) {
        return;
    }
    machine_interrupt(line, is_spurious);
    MODEL_EACH(model_listener, listener, listeners) {
        if (listener->line == line && !is_spurious) {
            listener->count++;
            listener->owes = true;
            model_post(listener->process, SOURCE_LISTENER, listener);
        }
    }
}

static void step(void)
{
    struct model_thread *self = model_thread_of(thread_current);

    switch (random_below(12)) {
    case 0:
        tick();
        break;
    case 1:
        interrupt();
        break;
    case 2:
    case 3:
    case 4:
        switch_threads();
        break;
    default:
        if (self != NULL && self->state == RUNS && model_can_run(self)) {
            some_call(self);
            ready_leave_kernel();
        } else {
            switch_threads();
        }
    }
}

static void begin(void)
{
    start_process(CLASS_DRIVER, SUPERVISOR_NAME);
    start_process(CLASS_DRIVER, "d\\keyboard");
    start_process(CLASS_SERVER, "s\\vfs");
    start_process(CLASS_APPLICATION, "a\\log");
    model_check();
}

static void end_all(void)
{
    MODEL_EACH(model_process, process, processes) {
        struct process *real = process->real;

        model_process_end(process, EXIT_TERMINATED);
        process_end(real, EXIT_TERMINATED);
        ready_leave_kernel();
        model_check();
    }
    CHECK_EQUAL(heap_objects(), 0);
    CHECK_EQUAL(window_frames(), 0);
    CHECK_EQUAL(user_pages_pieces(), 0);
    CHECK_EQUAL(system_account.used[RESOURCE_THREADS], 0);
}

/* If all are dead, or none can run any more, all begins anew: with tables and arenas as they are. */
static void run(enum mode what_happens)
{
    mode = what_happens;
    machine_begin();
    begin();
    for (uint32_t i = 0; i < STEPS; i++) {
        step();
        model_check();
        if (some_thread() == NULL && random_one_in(20)) {
            end_all();
            begin();
        }
    }
    end_all();
}

static void random_calls_and_deaths_agree_with_the_model(void)
{
    run(EVERYTHING);
}

static void calls_in_registers_agree_with_the_model_direct_or_not(void)
{
    run(MOSTLY_WORDS);
}

static void events_that_many_threads_wait_for_agree_with_the_model(void)
{
    run(MOSTLY_EVENTS);
}

static const struct test tests[] = {
    TEST(random_calls_and_deaths_agree_with_the_model),
    TEST(calls_in_registers_agree_with_the_model_direct_or_not),
    TEST(events_that_many_threads_wait_for_agree_with_the_model),
};
TEST_MAIN(tests)
