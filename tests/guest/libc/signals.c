/* Signals that the process raises itself. */
#include "check.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static volatile sig_atomic_t last, times;
static jmp_buf place;

static void note(int number)
{
    last = number;
    times++;
}

static void jump(int number)
{
    longjmp(place, number);
}

static void test_handlers(void)
{
    struct sigaction action = { .sa_handler = note }, before;

    CHECK(sigaction(SIGUSR1, &action, &before) == 0 && before.sa_handler == SIG_DFL);
    CHECK(raise(SIGUSR1) == 0 && last == SIGUSR1 && times == 1);
    CHECK(kill(getpid(), SIGUSR1) == 0 && times == 2);
    CHECK(signal(SIGUSR1, SIG_IGN) == note && raise(SIGUSR1) == 0 && times == 2);
    CHECK(raise(SIGCHLD) == 0 && kill(getpid(), 0) == 0);
    CHECK_ERROR(raise(0), EINVAL);
    CHECK_ERROR(raise(NSIG), EINVAL);
    CHECK(signal(SIGKILL, note) == SIG_ERR && errno == EINVAL);
}

static void test_masks(void)
{
    sigset_t set, before, pending;

    CHECK(signal(SIGUSR2, note) == SIG_DFL);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    times = 0;
    CHECK(sigprocmask(SIG_BLOCK, &set, &before) == 0 && raise(SIGUSR2) == 0 && raise(SIGUSR2) == 0 && times == 0);
    CHECK(sigpending(&pending) == 0 && sigismember(&pending, SIGUSR2));
    CHECK(sigprocmask(SIG_SETMASK, &before, NULL) == 0 && times == 1 && last == SIGUSR2);
    CHECK(sigpending(&pending) == 0 && !sigismember(&pending, SIGUSR2));
}

/* The one way out of abort that C allows. */
static void test_abort(void)
{
    CHECK(signal(SIGABRT, jump) == SIG_DFL);
    int number = setjmp(place);
    if (number == 0) {
        abort();
    }
    CHECK(number == SIGABRT && signal(SIGABRT, SIG_DFL) == jump);
}

static void test_broken_pipe(void)
{
    int ends[2];

    CHECK(pipe(ends) == 0 && close(ends[0]) == 0 && signal(SIGPIPE, note) == SIG_DFL);
    last = 0;
    CHECK_ERROR(write(ends[1], "x", 1), EPIPE);
    CHECK(last == SIGPIPE && signal(SIGPIPE, SIG_DFL) == note && close(ends[1]) == 0);
}

void test_signals(void)
{
    test_handlers();
    test_masks();
    test_abort();
    test_broken_pipe();
}
