#include "ipc_model.h"

#include <stdlib.h>
#include <string.h>

#include "kernel_user_memory.h"
#include "message.h"
#include "test.h"

struct model model;

void *model_new(void *table, uint32_t count, uint32_t size, const bool *first_alive)
{
    uintptr_t alive = (uintptr_t)first_alive - (uintptr_t)table;

    for (uint32_t i = 0; i < count; i++) {
        uint8_t *one = (uint8_t *)table + i * size;

        if (!*(bool *)(one + alive)) {
            memset(one, 0, size);
            *(bool *)(one + alive) = true;
            return one;
        }
    }
    return NULL;
}

struct model_process *model_process(process_id_t id)
{
    MODEL_EACH(model_process, process, processes) {
        if (process->id == id) {
            return process;
        }
    }
    return NULL;
}

struct model_thread *model_thread_of(const struct thread *real)
{
    MODEL_EACH(model_thread, thread, threads) {
        if (thread->real == real) {
            return thread;
        }
    }
    return NULL;
}

bool model_can_run(const struct model_thread *thread)
{
    return (thread->state == RUNS || thread->state == WOKEN || thread->state == CALLED || thread->state == DELAYED)
        && !thread->asleep && !thread->process->asleep;
}

void model_string_fill(const struct model_string *string, uint8_t *to, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        to[i] = (uint8_t)((string->seed + i * 2654435761U) >> 24);
    }
}

void model_string_check(const struct model_string *string, const uint8_t *bytes, uint32_t size)
{
    for (uint32_t i = 0; i < size && string->seed != 0; i++) {
        CHECK_EQUAL(bytes[i], (uint8_t)((string->seed + i * 2654435761U) >> 24));
    }
}

/* Who pays with a process: its parent, unless that is the supervisor, who pays for nobody. */
static const struct model_process *payer_above(const struct model_process *process)
{
    return process->parent == NULL || process->parent->supervisor ? NULL : process->parent;
}

static bool descends_from(const struct model_process *process, const struct model_process *ancestor)
{
    while (process != NULL && process != ancestor) {
        process = payer_above(process);
    }
    return process != NULL;
}

uint32_t model_use(const struct model_process *process, enum resource resource)
{
    uint32_t use[RESOURCE_COUNT] = { 0 };

    MODEL_EACH(model_process, one, processes) {
        use[RESOURCE_PROCESSES] += descends_from(one, process);
    }
    MODEL_EACH(model_thread, thread, threads) {
        use[RESOURCE_THREADS] += descends_from(thread->process, process);
    }
    MODEL_EACH(model_message, message, messages) {
        if (descends_from(message->payer, process)) {
            use[RESOURCE_MESSAGE_BYTES] += (uint32_t)sizeof(struct queued_message) + message->capacity;
            use[RESOURCE_OBJECTS]++;
        }
    }
    MODEL_EACH(model_watch, watch, watches) {
        use[RESOURCE_OBJECTS] += descends_from(watch->owner, process);
    }
    MODEL_EACH(model_listener, listener, listeners) {
        use[RESOURCE_OBJECTS] += descends_from(listener->process, process);
    }
    return use[resource];
}

bool model_has_room(const struct model_process *process, enum resource resource, uint32_t amount)
{
    for (; process != NULL; process = payer_above(process)) {
        if ((uint64_t)model_use(process, resource) + amount > process->real->account.limits[resource]) {
            return false;
        }
    }
    return true;
}

static void waiter_remove(struct model_thread *thread)
{
    struct model_process *process = thread->process;

    for (uint32_t i = 0; i < process->waiting; i++) {
        if (process->waiters[i] == thread) {
            process->waiting--;
            memmove(&process->waiters[i], &process->waiters[i + 1], (process->waiting - i) * sizeof process->waiters[0]);
        }
    }
}

/* The waiting thread that came first, of those that can take the event. */
static void wake_one(struct model_process *process)
{
    for (uint32_t i = 0; i < process->waiting; i++) {
        struct model_thread *thread = process->waiters[i];

        if (!thread->asleep) {
            waiter_remove(thread);
            thread->state = WOKEN;
            return;
        }
    }
}

void model_post(struct model_process *process, enum event_kind kind, void *what)
{
    uint32_t at = 0;

    while (at < process->queued && process->queue[at].what != what) {
        at++;
    }
    if (at == process->queued) {
        process->queue[process->queued++] = (struct model_source){ kind, what };
    }
    wake_one(process);
}

void model_withdraw(struct model_process *process, const void *what)
{
    for (uint32_t i = 0; i < process->queued; i++) {
        if (process->queue[i].what == what) {
            process->queued--;
            memmove(&process->queue[i], &process->queue[i + 1], (process->queued - i) * sizeof process->queue[0]);
        }
    }
}

void model_pass_on(struct model_process *process)
{
    if (process->queued > 0) {
        wake_one(process);
    }
}

static void describe_message(const struct model_message *message, struct event *event_out)
{
    event_out->flags = message->caller == NULL ? 0 : EVENT_WANTS_REPLY;
    event_out->id = message->id;
    event_out->sender = message->sender;
    event_out->sender_class = message->sender_class;
    event_out->string_size = message->string.size;
    memcpy(event_out->words, message->words, sizeof message->words);
    if (message->string.size <= MESSAGE_INLINE_MAX) {
        model_string_fill(&message->string, event_out->string, message->string.size);
    }
}

void model_describe(const struct model_source *source, struct event *event_out)
{
    const struct model_listener *listener = source->what;
    const struct model_watch *watch = source->what;

    memset(event_out, 0, sizeof *event_out);
    event_out->kind = source->kind;
    if (source->kind == EVENT_MESSAGE) {
        describe_message(source->what, event_out);
    } else if (source->kind == EVENT_IRQ) {
        event_out->id = listener->line;
        event_out->count = listener->count;
    } else {
        event_out->id = watch->target;
        event_out->count = watch->code;
    }
}

static void delivered(const struct model_source *source)
{
    struct model_message *message = source->what;

    if (source->kind == EVENT_IRQ) {
        ((struct model_listener *)source->what)->count = 0;
    } else if (source->kind == EVENT_PROCESS_EXITED) {
        model_watch_end(source->what);
    } else {
        message->taken = true;
        message->alive = message->caller != NULL || message->string.size > MESSAGE_INLINE_MAX;
    }
}

status_t model_take(struct model_process *process, bool memory_is_good, struct event *event_out)
{
    struct model_source source = process->queue[0];

    if (process->queued == 0) {
        return NOTHING;
    }
    if (!memory_is_good) {
        return BAD_ADDRESS;
    }
    model_describe(&source, event_out);
    model_withdraw(process, source.what);
    delivered(&source);
    return OK;
}

void model_message_end(struct model_message *message, status_t status)
{
    struct model_thread *caller = message->caller;

    if (caller != NULL) {
        caller->call = NULL;
        caller->call_status = status;
        caller->state = CALLED;
    }
    if (message->receiver != NULL) {
        model_withdraw(message->receiver, message);
    }
    message->alive = false;
}

void model_watch_end(struct model_watch *watch)
{
    model_withdraw(watch->owner, watch);
    watch->alive = false;
}

void model_listener_end(struct model_listener *listener)
{
    model_withdraw(listener->process, listener);
    listener->alive = false;
}

void model_thread_end(struct model_thread *thread)
{
    struct model_message *message = thread->call;

    if (message != NULL) {
        bool lives_on = message->taken && message->receiver != NULL;

        message->caller = NULL;
        if (!lives_on) {
            model_message_end(message, OK);
        }
    }
    waiter_remove(thread);
    thread->alive = false;
    user_memory_remove(thread->area);
    free(thread->area);
    model_pass_on(thread->process);
}

/* Whoever wanted to know is told; what the dead had paid for is its parent's. */
static void tell_and_bequeath(struct model_process *process, uint32_t code)
{
    MODEL_EACH(model_watch, watch, watches) {
        if (watch->target == process->id && watch->target_lives) {
            watch->target_lives = false;
            watch->code = code;
            model_post(watch->owner, EVENT_PROCESS_EXITED, watch);
        }
    }
    MODEL_EACH(model_message, message, messages) {
        message->payer = message->payer == process ? (struct model_process *)payer_above(process) : message->payer;
    }
    MODEL_EACH(model_process, child, processes) {
        child->parent = child->parent == process ? process->parent : child->parent;
    }
}

void model_process_end(struct model_process *process, uint32_t code)
{
    MODEL_EACH(model_thread, thread, threads) {
        if (thread->process == process) {
            model_thread_end(thread);
        }
    }
    MODEL_EACH(model_message, message, messages) {
        if (message->receiver == process) {
            model_message_end(message, PEER_DIED);
        }
    }
    MODEL_EACH(model_listener, listener, listeners) {
        if (listener->process == process) {
            model_listener_end(listener);
        }
    }
    tell_and_bequeath(process, code);
    MODEL_EACH(model_watch, watch, watches) {
        if (watch->owner == process) {
            model_watch_end(watch);
        }
    }
    process->alive = false;
}
