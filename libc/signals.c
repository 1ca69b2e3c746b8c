#include "libc/signals.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include <ternion/lock.h>
#include <ternion/log.h>
#include <ternion/syscall.h>
#include <ternion/system.h>

#include "libc/result.h"
#include "libc/status_errno.h"
#include "libc/thread.h"

#define EXIT_SIGNAL 128 /* and the number: what shells answer of a program that a signal has ended */

static struct lock lock;                    /* protects what follows */
static struct sigaction actions[NSIG];
static sigset_t pending;

static bool is_signal(int number)
{
    return number > 0 && number < NSIG;
}

static struct sigaction action_of(int number)
{
    lock_acquire(&lock);
    struct sigaction action = actions[number];
    lock_release(&lock);
    return action;
}

/* Those that say something about others, and mean nothing to who does not ask. */
static bool is_ignored_by_default(int number)
{
    return number == SIGCHLD || number == SIGURG || number == SIGWINCH || number == SIGCONT;
}

/* Without log_print: a program that only writes has no other use for formatting. */
static _Noreturn void end_by(int number)
{
    char text[] = "ended by signal 00";
    const uint32_t size = sizeof text - 1;

    text[size - 2] = number < 10 ? (char)('0' + number) : (char)('0' + number / 10);
    text[size - 1] = (char)('0' + number % 10);
    (void)log_write(LOG_WARNING, text, number < 10 ? size - 1 : size);
    _exit(EXIT_SIGNAL + number);
}

void signal_deliver(int number)
{
    struct sigaction action = action_of(number);

    if (action.sa_handler == SIG_IGN || (action.sa_handler == SIG_DFL && is_ignored_by_default(number))) {
        return;
    }
    if (action.sa_handler == SIG_DFL) {
        end_by(number);
    }
    struct thread *self = thread_self_or_die();
    sigset_t before = self->mask;
    self->mask |= action.sa_mask | 1UL << number;
    action.sa_handler(number);
    self->mask = before;
}

void signal_raise_if_handled(int number)
{
    if (action_of(number).sa_handler != SIG_DFL) {
        (void)raise(number);
    }
}

int raise(int number)
{
    if (!is_signal(number)) {
        return (int)result_or_errno(-EINVAL);
    }
    if ((thread_self_or_die()->mask & 1UL << number) != 0 && number != SIGKILL && number != SIGSTOP) {
        lock_acquire(&lock);
        pending |= 1UL << number;
        lock_release(&lock);
        return 0;
    }
    signal_deliver(number);
    return 0;
}

int _raise_r(struct _reent *reent, int number)
{
    (void)reent;
    return raise(number);
}

int sigaction(int number, const struct sigaction *action, struct sigaction *before_out)
{
    if (!is_signal(number) || (action != NULL && (number == SIGKILL || number == SIGSTOP))) {
        return (int)result_or_errno(-EINVAL);
    }
    lock_acquire(&lock);
    struct sigaction before = actions[number];
    if (action != NULL) {
        actions[number] = *action;
    }
    lock_release(&lock);
    if (before_out != NULL) {
        *before_out = before;
    }
    return 0;
}

_sig_func_ptr signal(int number, _sig_func_ptr handler)
{
    struct sigaction before;
    struct sigaction action = { .sa_handler = handler };

    return sigaction(number, &action, &before) == 0 ? before.sa_handler : SIG_ERR;
}

/* Delivers what has waited, and waits no longer. */
static void deliver_pending(void)
{
    for (int number = 1; number < NSIG; number++) {
        lock_acquire(&lock);
        sigset_t bit = 1UL << number;
        bool is_due = (pending & bit & ~thread_self_or_die()->mask) != 0;
        pending &= is_due ? ~bit : ~(sigset_t)0;
        lock_release(&lock);
        if (is_due) {
            signal_deliver(number);
        }
    }
}

int pthread_sigmask(int how, const sigset_t *set, sigset_t *before_out)
{
    struct thread *self = thread_self_or_die();

    if (before_out != NULL) {
        *before_out = self->mask;
    }
    if (set == NULL) {
        return 0;
    }
    switch (how) {
    case SIG_SETMASK:
        self->mask = *set;
        break;
    case SIG_BLOCK:
        self->mask |= *set;
        break;
    case SIG_UNBLOCK:
        self->mask &= ~*set;
        break;
    default:
        return EINVAL;
    }
    deliver_pending();
    return 0;
}

int sigprocmask(int how, const sigset_t *set, sigset_t *before_out)
{
    return (int)result_or_errno(-pthread_sigmask(how, set, before_out));
}

int sigpending(sigset_t *set_out)
{
    lock_acquire(&lock);
    *set_out = pending;
    lock_release(&lock);
    return 0;
}

int pthread_kill(pthread_t thread, int number)
{
    if (thread != pthread_self()) {
        return ENOSYS;
    }
    return number == 0 ? 0 : raise(number) == 0 ? 0 : EINVAL;
}

/* To another process: the kernel decides whether this one may end it; and there is nothing else that a signal could do there. */
static int kill_other(process_id_t id, int number)
{
    struct process_information information;
    status_t status = process_information(id, &information);

    if (status == OK && number != 0) {
        status = is_ignored_by_default(number) ? NOT_ALLOWED : process_terminate(id, (uint32_t)number);
        if (status == BAD_SYSTEM_CALL) { /* not for this class */
            status = NOT_ALLOWED;
        }
    }
    return status_error(status);
}

int kill(pid_t pid, int number)
{
    if (number != 0 && !is_signal(number)) {
        return (int)result_or_errno(-EINVAL);
    }
    if (pid == 0 || pid == getpid()) {
        return number == 0 ? 0 : raise(number);
    }
    return (int)result_or_errno(pid == -1 ? -EPERM : kill_other((process_id_t)pid, number));
}

/* C11 7.22.4.1: a handler may be called first, but does not come back from here. */
void abort(void)
{
    struct thread *self = thread_self_or_die();

    self->mask &= ~(1UL << SIGABRT);
    if (action_of(SIGABRT).sa_handler != SIG_IGN) {
        signal_deliver(SIGABRT);
    }
    end_by(SIGABRT);
}
