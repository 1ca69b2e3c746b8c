/* popen: a shell's command as a stream. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ternion/lock.h>

#include "libc/command.h"
#include "libc/result.h"

struct command_stream {
    struct command_stream *next;
    FILE *stream;
    pid_t pid;
};

static struct lock lock; /* protects the list */
static struct command_stream *streams;

/* The other end is the command's input or output. It closes its copy of this end, and those of others: they are O_CLOEXEC. */
static int start(const char *command, int given, int standard, pid_t *pid_out)
{
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);

    if (error != 0) {
        return -error;
    }
    error = posix_spawn_file_actions_adddup2(&actions, given, standard);
    int result = error != 0 ? -error : command_start(command, &actions, pid_out);
    (void)posix_spawn_file_actions_destroy(&actions);
    return result;
}

static int begin(struct command_stream *made, const char *command, bool reads)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0) {
        return -errno;
    }
    int own = ends[reads ? 0 : 1], given = ends[reads ? 1 : 0], result = 0;
    made->stream = fdopen(own, reads ? "r" : "w");
    if (made->stream == NULL) {
        result = -errno;
        (void)close(own);
    } else {
        result = start(command, given, reads ? STDOUT_FILENO : STDIN_FILENO, &made->pid);
        if (result < 0) {
            (void)fclose(made->stream);
        }
    }
    (void)close(given);
    return result;
}

FILE *popen(const char *command, const char *mode)
{
    bool is_known = (mode[0] == 'r' || mode[0] == 'w') && mode[strspn(mode + 1, "eb") + 1] == '\0';
    struct command_stream *made = is_known ? malloc(sizeof *made) : NULL;
    int result = !is_known ? -EINVAL : made == NULL ? -ENOMEM : begin(made, command, mode[0] == 'r');

    if (result < 0) {
        free(made);
        errno = -result;
        return NULL;
    }
    FILE *stream = made->stream;
    lock_acquire(&lock);
    made->next = streams;
    streams = made;
    lock_release(&lock);
    return stream;
}

/* Takes it off the list. 0: popen has not made it. */
static pid_t forget(FILE *stream)
{
    struct command_stream **link = &streams;
    pid_t pid = 0;

    lock_acquire(&lock);
    while (*link != NULL && (*link)->stream != stream) {
        link = &(*link)->next;
    }
    struct command_stream *found = *link;
    if (found != NULL) {
        pid = found->pid;
        *link = found->next;
    }
    lock_release(&lock);
    free(found);
    return pid;
}

int pclose(FILE *stream)
{
    pid_t pid = forget(stream);
    int status;

    if (pid == 0) {
        return (int)result_or_errno(-ECHILD);
    }
    (void)fclose(stream);
    return waitpid(pid, &status, 0) == pid ? status : -1;
}
