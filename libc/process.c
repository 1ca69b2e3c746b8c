/* The process itself: its end, its numbers, and what it cannot do. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <ternion/once.h>
#include <ternion/syscall.h>
#include <ternion/system.h>

#include "libc/descriptor.h"
#include "libc/result.h"
#include "libc/standard_files.h"
#include "libc/start.h"

START_NEEDED;

void _exit(int code)
{
    log_files_flush();
    process_exit((uint32_t)code & EXIT_OWN_MASK);
}

void _Exit(int code)
{
    _exit(code);
}

pid_t getpid(void)
{
    return (pid_t)process_page()->id;
}

pid_t getppid(void)
{
    return (pid_t)process_page()->parent;
}

/* ---- What a process cannot become ---- */

static struct once fork_once;

static void fork_explain(void)
{
    static const char why[] = "fork: a process cannot be copied here; start a program with posix_spawn (<spawn.h>)\n";

    (void)write(STDERR_FILENO, why, sizeof why - 1);
}

pid_t fork(void)
{
    once_run(&fork_once, fork_explain);
    return (pid_t)result_or_errno(-ENOSYS);
}

pid_t vfork(void)
{
    return fork();
}

int execve(const char *path, char *const arguments[], char *const environment[])
{
    (void)path, (void)arguments, (void)environment;
    return (int)result_or_errno(-ENOSYS);
}

/* ---- Users: there are none; everybody is the same one ---- */

uid_t getuid(void)
{
    return 0;
}

uid_t geteuid(void)
{
    return 0;
}

gid_t getgid(void)
{
    return 0;
}

gid_t getegid(void)
{
    return 0;
}

mode_t umask(mode_t mask)
{
    static mode_t current = S_IWGRP | S_IWOTH;

    return __atomic_exchange_n(&current, mask & ACCESSPERMS, __ATOMIC_RELAXED);
}

int getdtablesize(void)
{
    return DESCRIPTORS_MAX;
}

/* Random bytes of the kernel's. BSD's: at most 256 at a time. */
int getentropy(void *bytes, size_t size)
{
    return (int)result_or_errno(system_random(bytes, size) == OK ? 0 : -EIO);
}
