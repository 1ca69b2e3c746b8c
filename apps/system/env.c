/* env: the environment, and programs with another one. */
#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apps/command/command.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: env [-i] [-u NAME]... [NAME=VALUE]... [PROGRAM [ARGUMENT]...]\n"
    "Runs PROGRAM with these changes to the environment, or writes that. The exit code is the program's; 127: it could not be started.\n"
    "  -i       begins with nothing\n"
    "  -u NAME  without NAME\n";

#define EXIT_NOT_STARTED 127
#define EXIT_SIGNALLED 128

static int run(char **program)
{
    int status;
    pid_t pid;

    (void)output_flush();
    int error = posix_spawnp(&pid, program[0], NULL, NULL, program, environ);
    if (error != 0) {
        errno = error;
        command_errno(program[0]);
        return EXIT_NOT_STARTED;
    }
    if (waitpid(pid, &status, 0) != pid) {
        command_errno(program[0]);
        return EXIT_NOT_STARTED;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_SIGNALLED + WTERMSIG(status);
}

int main(int argc, char **argv)
{
    static char *empty[] = { NULL };

    command_begin(argc, argv, "+iu:", help);
    for (int letter; (letter = command_option()) != 0;) {
        if (letter == 'i') {
            environ = empty;
        } else if (unsetenv(command.value) < 0) {
            command_errno(command.value);
        }
    }
    char **at = command.operands;
    for (; *at != NULL && strchr(*at, '=') != NULL; at++) {
        if (putenv(*at) != 0) {
            command_errno(*at);
        }
    }
    if (*at != NULL) {
        return run(at);
    }
    for (char **variable = environ; *variable != NULL; variable++) {
        output_format("%s\n", *variable);
    }
    return command_end();
}
