#include "libc/thread.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ternion/condition.h>
#include <ternion/log.h>
#include <ternion/syscall.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "libc/status_errno.h"

#define STACK_USUAL 65536U

static struct lock lock;                /* protects the list, and in each thread has_ended, is_detached, is_joined */
static struct condition ended;
static struct thread *threads;          /* but the first one */
static struct thread first_thread;      /* of the thread that runs main: needs no memory; its reent is newlib's own */

/* ---- Finding it ---- */

static bool is_first(void)
{
    return process_page()->self == (uint32_t)&process_page()->slots[0];
}

static void list_insert(struct thread *thread)
{
    lock_acquire(&lock);
    thread->next = threads;
    threads = thread;
    lock_release(&lock);
}

/* Called with the lock held. */
static void list_remove(struct thread *thread)
{
    struct thread **link = &threads;

    while (*link != thread) {
        link = &(*link)->next;
    }
    *link = thread->next;
}

static struct thread *thread_new(void)
{
    struct thread *thread = calloc(1, sizeof *thread);

    if (thread != NULL) {
        _REENT_INIT_PTR(&thread->reent);
    }
    return thread;
}

/* Of a thread that has none yet: the first one, or one that thread_start made. */
static struct thread *adopt(void)
{
    struct thread *thread = is_first() ? &first_thread : thread_new();

    if (thread != NULL) {
        thread->id = thread_slot()->thread;
        thread->is_detached = true;
        if (thread != &first_thread) {
            list_insert(thread);
        }
        (void)thread_set_pointer((uint32_t)thread);
    }
    return thread;
}

struct thread *thread_self(void)
{
    struct thread *thread = (struct thread *)thread_slot()->pointer;

    return thread != NULL ? thread : adopt();
}

struct thread *thread_self_or_die(void)
{
    struct thread *thread = thread_self();

    if (thread == NULL) {
        static const char why[] = "no memory for what the C library keeps of a thread";
        (void)log_write(LOG_ERROR, why, sizeof why - 1);
        process_exit(1);
    }
    return thread;
}

/* newlib's own question. The first thread needs no system call before it asks for more than errno. */
struct _reent *__getreent(void)
{
    struct thread *thread = (struct thread *)thread_slot()->pointer;

    if (thread == NULL && !is_first()) {
        thread = thread_self_or_die();
    }
    return thread == NULL || thread == &first_thread ? _GLOBAL_REENT : &thread->reent;
}

/* ---- Ending ---- */

/* The last that a thread does of the C library; what is left of it belongs to whoever joins it. */
static void leave(struct thread *thread, void *result)
{
    while (thread->cleanup != NULL) {
        _pthread_cleanup_pop(thread->cleanup, 1);
    }
    thread_keys_destroy(thread);
    _reclaim_reent(&thread->reent);
    (void)thread_set_pointer(0);
    lock_acquire(&lock);
    thread->result = result;
    thread->has_ended = true;
    list_remove(thread);
    bool frees = thread->is_detached;
    condition_broadcast(&ended);
    lock_release(&lock);
    if (frees) {
        free(thread);
    }
}

/* libos calls it when the function of a thread has returned that thread_start made. */
void thread_ending(void)
{
    struct thread *thread = (struct thread *)thread_slot()->pointer;

    if (thread != NULL && thread != &first_thread) {
        leave(thread, NULL);
    }
}

/* In the first thread: main's end is the process's, but here the others go on. */
static _Noreturn void await_others(void)
{
    lock_acquire(&lock);
    while (threads != NULL) {
        condition_wait(&ended, &lock);
    }
    lock_release(&lock);
    exit(EXIT_SUCCESS);
}

void pthread_exit(void *result)
{
    struct thread *thread = thread_self_or_die();

    if (thread == &first_thread) {
        while (thread->cleanup != NULL) {
            _pthread_cleanup_pop(thread->cleanup, 1);
        }
        thread_keys_destroy(thread);
        await_others();
    }
    leave(thread, result);
    thread_finish();
}

/* ---- Beginning ---- */

static void run(void *argument)
{
    struct thread *thread = argument;

    (void)thread_set_pointer((uint32_t)thread);
    lock_acquire(&lock);        /* until pthread_create has written down who this is */
    lock_release(&lock);
    pthread_exit(thread->function(thread->argument));
}

int pthread_create(pthread_t *thread_out, const pthread_attr_t *attributes, void *(*function)(void *argument), void *argument)
{
    struct thread *self = thread_self();
    struct thread *thread = self == NULL ? NULL : thread_new();

    if (thread == NULL) {
        return EAGAIN;
    }
    thread->function = function;
    thread->argument = argument;
    thread->mask = self->mask;
    thread->is_detached = attributes != NULL && attributes->detachstate == PTHREAD_CREATE_DETACHED;
    lock_acquire(&lock);
    status_t status = thread_start(run, thread, attributes != NULL ? attributes->stacksize : STACK_USUAL, &thread->id);
    if (status == OK) {
        *thread_out = (pthread_t)thread;
        thread->next = threads;
        threads = thread;
    }
    lock_release(&lock);
    if (status != OK) {
        free(thread);
        return status == NO_MEMORY ? EAGAIN : status_errno(status);
    }
    return 0;
}

/* ---- Joining ---- */

/* Is it one that can be joined or detached? Called with the lock held. */
static int check(const struct thread *thread)
{
    return thread == NULL || thread == &first_thread || thread->is_detached || thread->is_joined ? EINVAL : 0;
}

int pthread_join(pthread_t id, void **result_out)
{
    struct thread *thread = (struct thread *)id;

    if (thread == thread_self_or_die()) {
        return EDEADLK;
    }
    lock_acquire(&lock);
    int result = check(thread);
    if (result == 0) {
        thread->is_joined = true;
        while (!thread->has_ended) {
            condition_wait(&ended, &lock);
        }
    }
    lock_release(&lock);
    if (result == 0) {
        if (result_out != NULL) {
            *result_out = thread->result;
        }
        free(thread);
    }
    return result;
}

int pthread_detach(pthread_t id)
{
    struct thread *thread = (struct thread *)id;

    lock_acquire(&lock);
    int result = check(thread);
    bool frees = result == 0 && thread->has_ended;
    if (result == 0) {
        thread->is_detached = true;
    }
    lock_release(&lock);
    if (frees) {
        free(thread);
    }
    return result;
}

pthread_t pthread_self(void)
{
    return (pthread_t)thread_self_or_die();
}

int pthread_equal(pthread_t left, pthread_t right)
{
    return left == right;
}
