#include <string.h>

#include "call.h"
#include "ipc_model.h"
#include "irq.h"
#include "kernel_heap.h"
#include "kernel_machine.h"
#include "kernel_ready.h"
#include "kernel_window.h"
#include "message.h"
#include "ready_queue.h"
#include "scheduler.h"
#include "test.h"
#include "watch.h"

static uint32_t list_length(const struct list *list)
{
    uint32_t length = 0;

    LIST_FOR_EACH(node, list) {
        length++;
        CHECK(node->next->previous == node && node->previous->next == node);
    }
    return length;
}

/* The real queue holds the model's events, in its order. */
static void check_queue(const struct model_process *process)
{
    uint32_t at = 0;

    LIST_FOR_EACH(node, &process->real->events.sources) {
        const struct event_source *source = LIST_ENTRY(node, struct event_source, node);
        struct event event = { .kind = EVENT_NONE };
        struct event expected;

        CHECK(at < process->queued && source->queue == &process->real->events);
        source->type->describe(source, &event);
        model_describe(&process->queue[at++], &expected);
        CHECK_EQUAL(event.kind, expected.kind);
        CHECK(memcmp(&event, &expected, sizeof event) == 0);
    }
    CHECK_EQUAL(at, process->queued);
    CHECK_EQUAL(process->real->events.count, process->queued);
}

static void check_waiters(const struct model_process *process)
{
    const struct thread *receiver = process->real->events.receivers;
    bool somebody_could = process->receiving > 0;
    bool somebody_comes = false;
    uint32_t at = 0;

    LIST_FOR_EACH(node, &process->real->events.waiters) {
        CHECK(at < process->waiting);
        CHECK(LIST_ENTRY(node, struct thread, queue_node) == process->waiters[at]->real);
        somebody_could |= !model_is_asleep(process->waiters[at]);
        at++;
    }
    CHECK_EQUAL(at, process->waiting);
    for (uint32_t i = process->receiving; i > 0; i--) {
        CHECK(receiver == process->receivers[i - 1]->real && !model_is_asleep(process->receivers[i - 1]));
        receiver = receiver->next_receiver;
    }
    CHECK(receiver == NULL);
    MODEL_EACH(model_thread, thread, threads) {
        bool is_woken = thread->state == WOKEN || thread->state == RECEIVE_WOKEN;

        somebody_comes |= thread->process == process && is_woken && !model_is_asleep(thread);
    }
    /* No event lies there while threads that could take it sleep. */
    CHECK(process->queued == 0 || !somebody_could || somebody_comes);
}

static void check_process(const struct model_process *process)
{
    const struct process *real = process->real;
    uint32_t messages = 0;

    CHECK(arena_find(&process_arena, process->id) == real);
    CHECK(real->parent == (process->parent == NULL ? NULL : process->parent->real));
    CHECK_EQUAL(real->asleep, process->asleep);
    CHECK_EQUAL(real->strikes, process->strikes);
    CHECK_EQUAL(real->class, process->class);
    CHECK_EQUAL(list_length(&real->threads), real->thread_count);
    for (enum resource resource = RESOURCE_PROCESSES; resource < RESOURCE_COUNT; resource++) {
        CHECK_EQUAL(real->account.used[resource], model_use(process, resource));
        CHECK(real->account.used[resource] <= real->account.limits[resource]);
    }
    CHECK_EQUAL(real->account.used[RESOURCE_FRAMES], MACHINE_FRAMES * model_use(process, RESOURCE_PROCESSES));
    MODEL_EACH(model_message, message, messages) {
        messages += message->receiver == process;
    }
    CHECK_EQUAL(list_length(&real->messages), messages);
    check_queue(process);
    check_waiters(process);
}

static bool is_among(const struct model_thread *thread, struct model_thread *const *threads, uint32_t count)
{
    uint32_t at = 0;

    while (at < count && threads[at] != thread) {
        at++;
    }
    return at < count;
}

/* How the thread sleeps, as thread.h calls it. */
static enum blocked blocked_of(const struct model_thread *thread)
{
    static const enum blocked answers[] = {
        [IN_MEMORY] = BLOCKED_CALLING, [IN_REGISTERS] = BLOCKED_CALLING_WORDS, [BY_SWITCH] = BLOCKED_CALLING_DIRECT,
    };

    if (thread->state == CALLS) {
        return answers[thread->call.answer];
    }
    if (thread->state == RECEIVES && is_among(thread, thread->process->receivers, thread->process->receiving)) {
        return BLOCKED_RECEIVING;
    }
    return thread->state == WAITS || thread->state == RECEIVES || thread->state == DELAYS ? BLOCKED_CONTINUATION : BLOCKED_NOT;
}

static void check_blocked(const struct model_thread *thread)
{
    const struct thread *real = thread->real;
    bool goes_on = thread->state == WOKEN || thread->state == RECEIVE_WOKEN || thread->state == DELAYED;
    bool waits = is_among(thread, thread->process->waiters, thread->process->waiting);

    CHECK_EQUAL(real->blocked, blocked_of(thread));
    CHECK_EQUAL(real->continuation != NULL, goes_on || real->blocked == BLOCKED_CONTINUATION);
    CHECK_EQUAL(!list_is_empty(&real->queue_node), real->queued || waits);
}

/* Whom a call waits for, and if the answer may switch to it. */
static void check_call(const struct model_thread *thread)
{
    const struct thread *real = thread->real;

    CHECK_EQUAL(real->call_id, thread->call_id);
    CHECK_EQUAL(real->serves, thread->serves);
    if (thread->state != CALLS) {
        CHECK_EQUAL(real->callee, 0);
        CHECK(real->call.source.queue == NULL);
        return;
    }
    CHECK_EQUAL(real->callee & ~CALLEE_NOT_DIRECT, (uint32_t)(uintptr_t)thread->call.callee->real);
    CHECK_EQUAL((real->callee & CALLEE_NOT_DIRECT) == 0, model_can_switch_to(thread));
    CHECK(real->call.source.queue == (thread->call.taken ? NULL : &thread->call.callee->real->events));
    CHECK(thread->call.callee->real->was_called);
}

static void check_works_for(const struct model_thread *thread)
{
    const struct model_thread *caller = model_call_find(thread->process, thread->serves);

    CHECK(call_server_works_for(thread->real) == (caller == NULL ? NULL : caller->real));
}

static void check_thread(const struct model_thread *thread)
{
    const struct thread *real = thread->real;

    CHECK(arena_find(&thread_arena, thread->id) == real);
    CHECK(real->process == thread->process->real);
    CHECK_EQUAL(real->asleep, (thread->asleep ? ASLEEP_ITSELF : 0) | (thread->process->asleep ? ASLEEP_WITH_PROCESS : 0));
    CHECK_EQUAL(real->wake_pending, thread->wake_pending);
    CHECK_EQUAL(ready_has(real) && thread_is_runnable(real), model_can_run(thread));
    CHECK(model_can_run(thread) || !real->queued);
    CHECK(real->sender == thread->process->id && real->sender_class == thread->process->class);
    CHECK(real->slot->thread == thread->id);
    CHECK_EQUAL(real->stronger, (1U << thread->process->class) - 1);
    check_blocked(thread);
    check_call(thread);
    check_works_for(thread);
}

static void check_lines(void)
{
    for (uint32_t line = 0; line < IRQ_LINES; line++) {
        bool owed = false;
        bool listened = false;

        MODEL_EACH(model_listener, listener, listeners) {
            listened |= listener->line == line;
            owed |= listener->line == line && listener->owes;
        }
        CHECK_EQUAL(machine_line_is_masked(line), !listened || owed);
    }
}

static void check_ready_queue(void)
{
    uint32_t present = 0;

    MODEL_EACH(model_thread, thread, threads) {
        present |= thread->real->queued ? 1U << thread->real->level : 0;
    }
    CHECK_EQUAL(ready_queue.present, present);
}

static void check_counts(void)
{
    uint32_t processes = 0, threads = 0, messages = 0, watches = 0, listeners = 0;

    MODEL_EACH(model_process, process, processes) {
        processes++;
    }
    MODEL_EACH(model_thread, thread, threads) {
        threads++;
    }
    MODEL_EACH(model_message, message, messages) {
        messages++;
    }
    MODEL_EACH(model_watch, watch, watches) {
        watches++;
    }
    MODEL_EACH(model_listener, listener, listeners) {
        listeners++;
    }
    CHECK_EQUAL(process_arena.used, processes);
    CHECK_EQUAL(thread_arena.used, threads);
    CHECK_EQUAL(process_arena.pages + thread_arena.pages, window_frames());
    CHECK_EQUAL(message_table.used, messages);
    CHECK_EQUAL(watch_count(), watches);
    CHECK_EQUAL(irq_listener_count(), listeners);
    CHECK_EQUAL(heap_objects(), messages + watches + listeners);
}

void model_check(void)
{
    MODEL_EACH(model_process, process, processes) {
        check_process(process);
    }
    MODEL_EACH(model_thread, thread, threads) {
        check_thread(thread);
    }
    check_lines();
    check_ready_queue();
    check_counts();
}
