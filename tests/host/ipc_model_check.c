#include <string.h>

#include "ipc_model.h"
#include "irq.h"
#include "kernel_machine.h"
#include "kernel_heap.h"
#include "kernel_ready.h"
#include "message.h"
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

        CHECK(at < process->queued);
        source->type->describe(source, &event);
        model_describe(&process->queue[at++], &expected);
        CHECK_EQUAL(event.kind, expected.kind);
        CHECK(memcmp(&event, &expected, sizeof event) == 0);
    }
    CHECK_EQUAL(at, process->queued);
}

static void check_waiters(const struct model_process *process)
{
    uint32_t at = 0;
    bool somebody_comes = false;
    bool somebody_could = false;

    LIST_FOR_EACH(node, &process->real->events.waiters) {
        CHECK(at < process->waiting);
        CHECK(LIST_ENTRY(node, struct thread, queue_node) == process->waiters[at]->real);
        somebody_could |= !process->waiters[at]->asleep;
        at++;
    }
    CHECK_EQUAL(at, process->waiting);
    MODEL_EACH(model_thread, thread, threads) {
        somebody_comes |= thread->process == process && thread->state == WOKEN && !thread->asleep;
    }
    /* No event lies there while threads that could take it sleep. */
    CHECK(process->queued == 0 || !somebody_could || somebody_comes);
}

static void check_process(const struct model_process *process)
{
    const struct process *real = process->real;
    uint32_t messages = 0;

    CHECK(id_table_find(&process_table, process->id) == real);
    CHECK(real->parent == (process->parent == NULL ? NULL : process->parent->real));
    CHECK_EQUAL(real->asleep, process->asleep);
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

static void check_thread(const struct model_thread *thread)
{
    const struct thread *real = thread->real;
    bool blocked = thread->state == WAITS || thread->state == CALLS || thread->state == DELAYS;

    CHECK(id_table_find(&thread_table, thread->id) == real);
    CHECK(real->process == thread->process->real);
    CHECK_EQUAL(real->blocked, blocked);
    CHECK_EQUAL(real->asleep, thread->asleep);
    CHECK_EQUAL(ready_has(real) && thread_is_runnable(real), model_can_run(thread));
    CHECK(model_can_run(thread) || !real->queued);
    CHECK_EQUAL(real->continuation != NULL, thread->state != RUNS);
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
    CHECK_EQUAL(process_table.used, processes);
    CHECK_EQUAL(thread_table.used, threads);
    CHECK_EQUAL(message_table.used, messages);
    CHECK_EQUAL(watch_count(), watches);
    CHECK_EQUAL(irq_listener_count(), listeners);
    CHECK_EQUAL(heap_objects(), processes + threads + messages + watches + listeners);
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
    check_counts();
}
