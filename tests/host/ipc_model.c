#include "ipc_model.h"

#include <stdlib.h>
#include <string.h>

#include "call.h"
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

bool model_is_asleep(const struct model_thread *thread)
{
    return thread->asleep || thread->process->asleep;
}

bool model_can_run(const struct model_thread *thread)
{
    return (thread->state == RUNS || thread->state == WOKEN || thread->state == RECEIVE_WOKEN || thread->state == RECEIVED
            || thread->state == CALLED || thread->state == DELAYED)
        && !model_is_asleep(thread);
}

bool model_memory_is_good(const struct model_process *process, const void *begin, uint32_t size)
{
    uintptr_t at = (uintptr_t)begin;

    MODEL_EACH(model_thread, thread, threads) {
        uintptr_t area = (uintptr_t)thread->area;

        if (thread->process == process && at >= area && at - area <= sizeof *thread->area && size <= sizeof *thread->area - (at - area)) {
            return true;
        }
    }
    return size == 0;
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

/* Calls use nothing. */
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
            use[RESOURCE_MESSAGE_BYTES] += (uint32_t)sizeof(struct queued_message) + message->string.size;
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

void model_message_end(struct model_message *message)
{
    model_withdraw(message->receiver, message);
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
    model.last_call[thread->id & ID_INDEX_MASK] = thread->call_id;
    if (thread->state == CALLS) {
        model_withdraw(thread->call.callee, thread);
    }
    model_receiver_remove(thread);
    thread->alive = false;
    user_memory_remove(thread->area);
    free(thread->area);
    model_pass_on(thread->process);
}

bool model_may_send(const struct model_process *self, const struct model_process *other)
{
    return self == other || (self->access.partners >> other->access.role & 1) != 0;
}

bool model_may_call(const struct model_process *self, const struct model_process *other)
{
    return model_may_send(self, other) && model_may_send(other, self);
}

bool model_strike(struct model_process *self)
{
    uint32_t most = self->access.strikes == 0 ? STRIKES_USUAL : self->access.strikes;

    if (++self->strikes < most) {
        return false;
    }
    model_process_end(self, EXIT_STRIKES);
    return true;
}

/* A process's own code is news of it: not for whom it may not speak to. */
static uint32_t code_for(const struct model_process *owner, const struct model_process *ended, uint32_t code)
{
    return model_may_send(ended, owner) ? code : code & ~EXIT_OWN_MASK;
}

/* Whoever wanted to know is told; what the dead had paid for is its parent's. */
static void tell_and_bequeath(struct model_process *process, uint32_t code)
{
    MODEL_EACH(model_watch, watch, watches) {
        if (watch->target == process->id && watch->target_lives) {
            watch->target_lives = false;
            watch->code = code_for(watch->owner, process, code);
            model_post(watch->owner, SOURCE_WATCH, watch);
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
    MODEL_EACH(model_thread, caller, threads) {
        if (caller->state == CALLS && caller->call.callee == process) {
            model_call_end(caller, PEER_DIED);
        }
    }
    MODEL_EACH(model_message, message, messages) {
        if (message->receiver == process) {
            model_message_end(message);
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
