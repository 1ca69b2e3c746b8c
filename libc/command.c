/* system: commands of a shell, when there is one. */
#include "libc/command.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libc/result.h"

#define SHELL "/boot/bin/sh"

int command_start(const char *command, const posix_spawn_file_actions_t *actions, pid_t *pid_out)
{
    char name[] = "sh", option[] = "-c";
    char *arguments[] = { name, option, (char *)command, NULL };

    return -posix_spawn(pid_out, SHELL, actions, NULL, arguments, environ);
}

int system(const char *command)
{
    pid_t pid;
    int status;

    if (command == NULL) {
        return access(SHELL, X_OK) == 0;
    }
    int result = command_start(command, NULL, &pid);
    if (result == -ENOENT || result == -EACCES) {
        return EXIT_NO_SHELL << 8;
    }
    if (result < 0) {
        return (int)result_or_errno(result);
    }
    return waitpid(pid, &status, 0) == pid ? status : -1;
}
