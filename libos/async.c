/*
 * Calls that go on while their caller does something else: threads make them, and ring the process's bell, a message to
 * itself, when one with ASYNC_EVENT is done. The bell rings once until it is heard; what it stands for is in a list.
 */
#include <ternion/async.h>
#include <ternion/clock.h>
#include <ternion/condition.h>
#include <ternion/protocol.h>
#include <ternion/syscall.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#define THREADS_DEFAULT 16U
#define STACK_BYTES 4096U
#define RING_AGAIN_NS (10 * MILLISECOND)
#define BELL PROTOCOL_HEADER(0, 0xFF, 0xFF) /* words[0] of the message: of no protocol */

enum async_state {
    IDLE,
    QUEUED,    /* in `queue` */
    RUNNING,   /* call->thread is in it */
    DONE,      /* with ASYNC_EVENT: in `done` */
};

struct async_list {
    struct async_call *first;
    struct async_call *last;
};

uint32_t async_threads = THREADS_DEFAULT;

static struct lock lock;              /* protects all below, and the state of every call that is not IDLE */
static struct condition work;         /* something is in `queue` */
static struct async_list queue;
static uint32_t queued;
static struct async_list done;
static uint32_t threads;
static uint32_t threads_idle;         /* wait for work */
static bool bell_rung;                /* and not yet heard */

/* ---- Lists ---- */

static void list_append(struct async_list *list, struct async_call *call)
{
    call->next = NULL;
    if (list->first == NULL) {
        list->first = call;
    } else {
        list->last->next = call;
    }
    list->last = call;
}

static struct async_call *list_take_first(struct async_list *list)
{
    struct async_call *call = list->first;

    if (call != NULL) {
        list->first = call->next;
    }
    return call;
}

/* Takes out a call, if it is there. */
static void list_remove(struct async_list *list, const struct async_call *call)
{
    struct async_call *previous = NULL;

    for (struct async_call *at = list->first; at != NULL; previous = at, at = at->next) {
        if (at != call) {
            continue;
        }
        if (previous == NULL) {
            list->first = at->next;
        } else {
            previous->next = at->next;
        }
        if (list->last == at) {
            list->last = previous;
        }
        return;
    }
}

/* ---- The threads ---- */

/* Its caller, if it waits, goes on when the lock is released. True: the bell must be rung. */
static bool complete(struct async_call *call, status_t status)
{
    bool ring = (call->flags & ASYNC_EVENT) && !bell_rung;
    uint32_t woken;

    call->status = status;
    if (call->flags & ASYNC_EVENT) {
        list_append(&done, call);
        bell_rung = true;
    }
    __atomic_store_n(&call->state, DONE, __ATOMIC_RELEASE);
    (void)address_wake((uint32_t)&call->state, UINT32_MAX, &woken);
    return ring;
}

/* A process that has used up its quota for messages hears it as soon as it has some again. */
static void ring(void)
{
    const struct message bell = { .words = { BELL } };

    while (message_send(process_page()->id, &bell) != OK) {
        clock_sleep(RING_AGAIN_NS);
    }
}

/* Whoever ends this thread does so under the lock, while the thread is in its call: it then holds nothing. */
static void make_calls(void *unused)
{
    (void)unused;
    lock_acquire(&lock);
    for (;;) {
        threads_idle++;
        while (queue.first == NULL) {
            condition_wait(&work, &lock);
        }
        threads_idle--;
        struct async_call *call = list_take_first(&queue);
        queued--;
        call->thread = thread_slot()->thread;
        __atomic_store_n(&call->state, RUNNING, __ATOMIC_RELAXED);
        lock_release(&lock);
        status_t status = protocol_call_message(call->server, call->shape, call->request, call->reply, call->payload);
        lock_acquire(&lock);
        if (complete(call, status)) {
            lock_release(&lock);
            ring();
            lock_acquire(&lock);
        }
    }
}

/* Sees to it that somebody will make the calls that are queued, as far as there can be threads. OK if there is one at all. */
static status_t threads_provide(void)
{
    status_t status = OK;

    if (queued > threads_idle && threads < async_threads) {
        status = thread_start(make_calls, NULL, STACK_BYTES, NULL);
        if (status == OK) {
            threads++;
        }
    }
    return threads != 0 ? OK : status;
}

/* ---- For callers ---- */

status_t async_start(struct async_call *call, process_id_t server, const struct operation_shape *shape,
                     const void *request, void *reply, struct payload *payload)
{
    lock_acquire(&lock);
    if (call->state != IDLE) {
        lock_release(&lock);
        return BUSY;
    }
    call->server = server;
    call->shape = shape;
    call->request = request;
    call->reply = reply;
    call->payload = payload;
    list_append(&queue, call);
    queued++;
    status_t status = threads_provide();
    if (status == OK) {
        call->state = QUEUED;
        condition_signal(&work);
    } else {
        list_remove(&queue, call);
        queued--;
    }
    lock_release(&lock);
    return status;
}

bool async_is_pending(const struct async_call *call)
{
    return __atomic_load_n(&call->state, __ATOMIC_ACQUIRE) != IDLE;
}

status_t async_wait(struct async_call *call, nanoseconds_t deadline_ns)
{
    uint32_t state;

    while ((state = __atomic_load_n(&call->state, __ATOMIC_ACQUIRE)) != DONE) {
        if (state == IDLE) {
            return NOTHING;
        }
        if (address_wait((uint32_t)&call->state, state, deadline_ns) == TIMED_OUT) {
            return TIMED_OUT;
        }
    }
    lock_acquire(&lock);         /* who completed it has left it alone then */
    list_remove(&done, call);
    call->state = IDLE;
    lock_release(&lock);
    return OK;
}

bool async_rings(const struct event *event)
{
    return event->kind == EVENT_MESSAGE && event->words[0] == BELL && event->sender == process_page()->id;
}

struct async_call *async_take(const struct event *event)
{
    if (!async_rings(event)) {
        return NULL;
    }
    lock_acquire(&lock);
    bell_rung = false;
    struct async_call *call = list_take_first(&done);
    if (call != NULL) {
        call->state = IDLE;
    }
    lock_release(&lock);
    return call;
}

/* A call that is no longer on its way; who waits for it learns that. */
static void leave(struct async_call *call)
{
    uint32_t woken;

    __atomic_store_n(&call->state, IDLE, __ATOMIC_RELEASE);
    (void)address_wake((uint32_t)&call->state, UINT32_MAX, &woken);
}

/* Ends the thread that is in a call, and with it the call. */
static void end_running(const struct async_call *call)
{
    (void)thread_end(call->thread);
    lock_pass_on(&lock);         /* its call may have come back just now: then it waited for this lock */
    threads--;
}

/* No thread is left, and none can be had: what is queued fails. True: the bell must be rung. */
static bool fail_queued(status_t status)
{
    struct async_call *call;
    bool must_ring = false;

    while ((call = list_take_first(&queue)) != NULL) {
        queued--;
        must_ring |= complete(call, status);
    }
    return must_ring;
}

status_t async_cancel(struct async_call *call)
{
    status_t result = OK;
    bool must_ring = false;

    lock_acquire(&lock);
    switch (call->state) {
    case QUEUED:
        list_remove(&queue, call);
        queued--;
        break;
    case RUNNING:
        end_running(call);
        break;
    case DONE:
        list_remove(&done, call);
        result = EXISTS;
        break;
    default:
        lock_release(&lock);
        return NOTHING;
    }
    leave(call);
    status_t status = threads_provide();
    if (status != OK) {
        must_ring = fail_queued(status);
    }
    lock_release(&lock);
    if (must_ring) {
        ring();
    }
    return result;
}
