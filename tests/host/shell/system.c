/* What the shell asks of the system, on the host: so the shell that is tested here runs programs of the host. */
#include "apps/shell/system.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include <ternion/log.h>
#include <ternion/condition.h>


/* There is one thread. */
void lock_acquire(struct lock *lock)
{
    (void)lock;
}

void lock_release(struct lock *lock)
{
    (void)lock;
}

void condition_wait(struct condition *condition, struct lock *lock)
{
    (void)condition, (void)lock;
}

void condition_broadcast(struct condition *condition)
{
    (void)condition;
}

const char *system_shell_path(void)
{
    return "/proc/self/exe";
}

const char *system_image_reason(const char *path)
{
    (void)path;
    return "it does not begin with the ELF magic number";
}

int system_ask(enum system_request request, pid_t pid, int number, bool with_tree)
{
    (void)with_tree;
    return kill(pid, request == SYSTEM_END ? number : request == SYSTEM_SLEEP ? SIGSTOP : SIGCONT) == 0 ? 0 : errno;
}

/* There is no log. */
void log_print(log_level_t level, const char *template, ...)
{
    (void)level;
    (void)template;
}
