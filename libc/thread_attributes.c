/* Attributes of threads, cleaning up, and what else of <pthread.h> is short. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>

#include <ternion/once.h>
#include <ternion/syscall.h>

#include "libc/thread.h"

#define STACK_USUAL 65536U

int pthread_attr_init(pthread_attr_t *attributes)
{
    *attributes = (pthread_attr_t){ PTHREAD_CREATE_JOINABLE, STACK_USUAL };
    return 0;
}

int pthread_attr_destroy(pthread_attr_t *attributes)
{
    (void)attributes;
    return 0;
}

int pthread_attr_setdetachstate(pthread_attr_t *attributes, int state)
{
    if (state != PTHREAD_CREATE_JOINABLE && state != PTHREAD_CREATE_DETACHED) {
        return EINVAL;
    }
    attributes->detachstate = state;
    return 0;
}

int pthread_attr_getdetachstate(const pthread_attr_t *attributes, int *state_out)
{
    *state_out = attributes->detachstate;
    return 0;
}

int pthread_attr_setstacksize(pthread_attr_t *attributes, size_t size_bytes)
{
    if (size_bytes < PTHREAD_STACK_MIN) {
        return EINVAL;
    }
    attributes->stacksize = size_bytes;
    return 0;
}

int pthread_attr_getstacksize(const pthread_attr_t *attributes, size_t *size_out)
{
    *size_out = attributes->stacksize;
    return 0;
}

void _pthread_cleanup_push(struct _pthread_cleanup_context *context, void (*function)(void *argument), void *argument)
{
    struct thread *thread = thread_self_or_die();

    *context = (struct _pthread_cleanup_context){ ._routine = function, ._arg = argument, ._previous = thread->cleanup };
    thread->cleanup = context;
}

void _pthread_cleanup_pop(struct _pthread_cleanup_context *context, int execute)
{
    thread_self_or_die()->cleanup = context->_previous;
    if (execute != 0) {
        context->_routine(context->_arg);
    }
}

int pthread_once(pthread_once_t *once, void (*function)(void))
{
    _Static_assert(sizeof *once == sizeof(struct once));
    once_run((struct once *)once, function);
    return 0;
}

int sched_yield(void)
{
    (void)thread_yield();
    return 0;
}

/* Threads are not cancelled: newlib's functions ask that it should not happen within them, and it does not. */
int pthread_setcancelstate(int state, int *before_out)
{
    if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE) {
        return EINVAL;
    }
    if (before_out != NULL) {
        *before_out = PTHREAD_CANCEL_ENABLE;
    }
    return 0;
}

int pthread_setcanceltype(int type, int *before_out)
{
    if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS) {
        return EINVAL;
    }
    if (before_out != NULL) {
        *before_out = PTHREAD_CANCEL_DEFERRED;
    }
    return 0;
}

void pthread_testcancel(void)
{
}

int pthread_cancel(pthread_t thread)
{
    (void)thread;
    return ENOSYS;
}
