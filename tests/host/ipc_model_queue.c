/* Who waits for events and for answers, in the model. */
#include <string.h>

#include "call.h"
#include "ipc_model.h"
#include "test.h"

static void array_remove(struct model_thread **array, uint32_t *count, const struct model_thread *thread)
{
    for (uint32_t i = 0; i < *count; i++) {
        if (array[i] == thread) {
            --*count;
            memmove(&array[i], &array[i + 1], (*count - i) * sizeof array[0]);
        }
    }
}

void model_receiver_remove(struct model_thread *thread)
{
    array_remove(thread->process->waiters, &thread->process->waiting, thread);
    array_remove(thread->process->receivers, &thread->process->receiving, thread);
}

void model_wait(struct model_thread *thread)
{
    thread->state = WAITS;
    thread->process->waiters[thread->process->waiting++] = thread;
}

void model_receive(struct model_thread *thread)
{
    struct model_process *process = thread->process;

    thread->state = RECEIVES;
    if (thread->vector == VECTOR_SYSENTER) {
        process->receivers[process->receiving++] = thread;
    } else {
        process->waiters[process->waiting++] = thread;
    }
}

/* A receiver that sleeps waits as the others do, behind them, until it has waited to its end. */
void model_thread_sleeps(struct model_thread *thread)
{
    struct model_process *process = thread->process;
    uint32_t receiving = process->receiving;

    thread->call.slept = true;
    array_remove(process->receivers, &process->receiving, thread);
    if (process->receiving != receiving) {
        process->waiters[process->waiting++] = thread;
    }
}

/* The waiting thread that came first, of those that can take the event; if there is none, the receiver that came last. */
static void wake_one(struct model_process *process)
{
    struct model_thread *woken = process->receiving > 0 ? process->receivers[process->receiving - 1] : NULL;

    for (uint32_t i = process->waiting; i > 0; i--) {
        woken = model_is_asleep(process->waiters[i - 1]) ? woken : process->waiters[i - 1];
    }
    if (woken != NULL) {
        model_receiver_remove(woken);
        woken->state = woken->state == WAITS ? WOKEN : RECEIVE_WOKEN;
    }
}

void model_pass_on(struct model_process *process)
{
    if (process->queued > 0) {
        wake_one(process);
    }
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

static void describe_string(const struct model_string *string, struct event *event_out)
{
    event_out->string_size = string->size;
    if (string->size <= MESSAGE_INLINE_MAX) {
        model_string_fill(string, event_out->string, string->size);
    }
}

static void describe_message(const struct model_message *message, struct event *event_out)
{
    event_out->id = message->id;
    event_out->sender = message->sender;
    event_out->sender_class = message->sender_class;
    memcpy(event_out->words, message->words, sizeof message->words);
    describe_string(&message->string, event_out);
}

static void describe_call(const struct model_thread *caller, struct event *event_out)
{
    event_out->flags = EVENT_WANTS_REPLY;
    event_out->id = caller->call_id;
    event_out->sender = caller->process->id;
    event_out->sender_class = caller->process->class;
    event_out->page_count = caller->call.pages.count;
    memcpy(event_out->words, caller->call.words, sizeof event_out->words);
    describe_string(&caller->call.string, event_out);
}

void model_describe(const struct model_source *source, struct event *event_out)
{
    static const enum event_kind kinds[] = { EVENT_MESSAGE, EVENT_MESSAGE, EVENT_PROCESS_EXITED, EVENT_IRQ };
    const struct model_listener *listener = source->what;
    const struct model_watch *watch = source->what;

    memset(event_out, 0, sizeof *event_out);
    event_out->kind = kinds[source->kind];
    if (source->kind == SOURCE_MESSAGE) {
        describe_message(source->what, event_out);
    } else if (source->kind == SOURCE_CALL) {
        describe_call(source->what, event_out);
    } else if (source->kind == SOURCE_LISTENER) {
        event_out->id = listener->line;
        event_out->count = listener->count;
    } else {
        event_out->id = watch->target;
        event_out->count = watch->code;
    }
}

static void call_taken(struct model_thread *taker, struct model_thread *caller)
{
    caller->call.taken = true;
    caller->call.slept = model_is_asleep(caller);
    taker->serves = caller->call_id;
}

static void delivered(struct model_thread *taker, const struct model_source *source)
{
    struct model_message *message = source->what;

    if (source->kind == SOURCE_LISTENER) {
        ((struct model_listener *)source->what)->count = 0;
    } else if (source->kind == SOURCE_WATCH) {
        model_watch_end(source->what);
    } else if (source->kind == SOURCE_CALL) {
        call_taken(taker, source->what);
    } else {
        message->taken = true;
        message->alive = message->string.size > MESSAGE_INLINE_MAX;
    }
}

bool model_is_small(const struct model_source *source)
{
    return source->kind == SOURCE_WATCH || source->kind == SOURCE_LISTENER;
}

/* A receiver that no thread in event_wait and no other event stands before gets a small event into its registers. */
static bool hand_over(struct model_process *process, const struct model_source *source)
{
    if (process->receiving == 0 || process->queued > 0 || process->waiting > 0 || !model_is_small(source)) {
        return false;
    }
    struct model_thread *receiver = process->receivers[--process->receiving];
    model_describe(source, &receiver->received);
    receiver->state = RECEIVED;
    delivered(receiver, source);
    return true;
}

void model_post(struct model_process *process, enum model_source_kind kind, void *what)
{
    const struct model_source source = { kind, what };
    uint32_t at = 0;

    while (at < process->queued && process->queue[at].what != what) {
        at++;
    }
    if (at == process->queued) {
        if (hand_over(process, &source)) {
            return;
        }
        process->queue[process->queued++] = source;
    }
    wake_one(process);
}

status_t model_take(struct model_thread *taker, bool memory_is_good, struct event *event_out)
{
    struct model_process *process = taker->process;
    struct model_source source = process->queue[0];

    if (process->queued == 0) {
        return NOTHING;
    }
    if (!memory_is_good) {
        return BAD_ADDRESS;
    }
    model_describe(&source, event_out);
    model_withdraw(process, source.what);
    delivered(taker, &source);
    return OK;
}

struct model_thread *model_words_waiting(const struct model_process *process)
{
    struct model_thread *caller = process->queued > 0 && process->queue[0].kind == SOURCE_CALL ? process->queue[0].what : NULL;

    return caller != NULL && caller->call.string.size == 0 && caller->call.pages.count == 0 ? caller : NULL;
}

void model_call_begin(struct model_thread *caller, struct model_process *callee)
{
    caller->call_id += CALL_ID_STEP;
    caller->call.callee = callee;
    caller->call.taken = false;
    caller->call.slept = false;
    caller->state = CALLS;
}

struct model_thread *model_call_find(const struct model_process *callee, message_id_t id)
{
    MODEL_EACH(model_thread, caller, threads) {
        if (caller->state == CALLS && caller->call_id == id && caller->call.callee == callee && caller->call.taken) {
            return caller;
        }
    }
    return NULL;
}

void model_call_end(struct model_thread *caller, status_t status)
{
    model_withdraw(caller->call.callee, caller);
    caller->call.status = status;
    caller->state = CALLED;
}

static struct model_thread *only_thread(const struct model_process *process)
{
    struct model_thread *found = NULL;
    uint32_t count = 0;

    MODEL_EACH(model_thread, thread, threads) {
        if (thread->process == process) {
            found = thread;
            count++;
        }
    }
    return count == 1 ? found : NULL;
}

/* Does everybody on the way from the callee wait for the next one, until the way comes back to whoever calls? */
bool model_closes_ring(const struct model_process *self, const struct model_process *callee)
{
    for (uint32_t i = 0; i <= MODEL_PROCESSES; i++) {
        const struct model_thread *thread = only_thread(callee);

        if (thread == NULL || callee == self) {
            return thread != NULL;
        }
        if (thread->state != CALLS) {
            return false;
        }
        callee = thread->call.callee;
    }
    return false;
}

bool model_can_switch_to(const struct model_thread *caller)
{
    return caller->state == CALLS && caller->call.answer == BY_SWITCH && caller->call.taken && !caller->call.slept;
}
