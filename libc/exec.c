/* The kin of execve, which fail as it does: a process cannot become another program. posix_spawn starts one. */
#include <errno.h>
#include <unistd.h>

#include "libc/result.h"

int execv(const char *path, char *const arguments[])
{
    return execve(path, arguments, environ);
}

int execvp(const char *name, char *const arguments[])
{
    return execve(name, arguments, environ);
}

int execvpe(const char *name, char *const arguments[], char *const environment[])
{
    return execve(name, arguments, environment);
}

int execl(const char *path, const char *first, ...)
{
    (void)path, (void)first;
    return (int)result_or_errno(-ENOSYS);
}

int execlp(const char *name, const char *first, ...)
{
    (void)name, (void)first;
    return (int)result_or_errno(-ENOSYS);
}

int execle(const char *path, const char *first, ...)
{
    (void)path, (void)first;
    return (int)result_or_errno(-ENOSYS);
}
