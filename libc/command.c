/* system: commands of a shell, when there is one. */
#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libc/result.h"

#define SHELL "/boot/shell.elf"
#define EXIT_NO_SHELL (127 << 8) /* POSIX: as if the shell had ended with 127 */

int system(const char *command)
{
    char name[] = "sh", option[] = "-c";
    char *arguments[] = { name, option, (char *)command, NULL };
    pid_t pid;
    int status;

    if (command == NULL) {
        return access(SHELL, X_OK) == 0;
    }
    int result = posix_spawn(&pid, SHELL, NULL, NULL, arguments, environ);
    if (result == ENOENT || result == EACCES) {
        return EXIT_NO_SHELL;
    }
    if (result != 0) {
        return (int)result_or_errno(-result);
    }
    return waitpid(pid, &status, 0) == pid ? status : -1;
}
