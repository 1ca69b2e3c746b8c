/*
 * Runs the programs of a script, one after the other, and tells what they write and how they end: tests/system/batch.py reads that.
 *
 *     batch SCRIPT DIRECTORY
 *
 * A line of the script is a program of /boot/bin with its arguments; < and > lead to files. `cd DIR` and `export NAME=VALUE` are this
 * program's own. Standard error goes where standard output does.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ternion/log.h>

#include "line.h"
#include "teller.h"

#define SCRIPT_SIZE 65536U
#define PATH_SIZE 128

static int actions_prepare(posix_spawn_file_actions_t *actions, const struct command_line *line, const int ends[2])
{
    int error = posix_spawn_file_actions_init(actions);

    if (error == 0) {
        error = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, line->input != NULL ? line->input : "/dev/null", O_RDONLY, 0);
    }
    if (error == 0) {
        error = line->output == NULL ? posix_spawn_file_actions_adddup2(actions, ends[1], STDOUT_FILENO)
            : posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, line->output, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    }
    if (error == 0) {
        error = posix_spawn_file_actions_adddup2(actions, ends[1], STDERR_FILENO);
    }
    if (error == 0) {
        error = posix_spawn_file_actions_addclose(actions, ends[0]);
    }
    return error == 0 ? posix_spawn_file_actions_addclose(actions, ends[1]) : error;
}

static int run(unsigned number, struct command_line *line)
{
    posix_spawn_file_actions_t actions;
    char path[PATH_SIZE], bytes[512];
    int ends[2], status = 0;
    ssize_t count;
    pid_t pid;

    snprintf(path, sizeof path, "/boot/bin/%s", line->words[0]);
    if (pipe(ends) < 0) {
        return -errno;
    }
    int error = actions_prepare(&actions, line, ends);
    if (error == 0) {
        error = posix_spawn(&pid, path, &actions, NULL, line->words, environ);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)close(ends[1]);
    while (error == 0 && (count = read(ends[0], bytes, sizeof bytes)) > 0) {
        teller_bytes(number, bytes, (size_t)count);
    }
    (void)close(ends[0]);
    if (error != 0 || waitpid(pid, &status, 0) != pid) {
        return error != 0 ? -error : -errno;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int obey(unsigned number, struct command_line *line)
{
    if (strcmp(line->words[0], "cd") == 0 && line->count == 2) {
        return chdir(line->words[1]) == 0 ? 0 : -errno;
    }
    if (strcmp(line->words[0], "export") == 0 && line->count == 2) {
        return putenv(line->words[1]) == 0 ? 0 : -errno;
    }
    return run(number, line);
}

int main(int argc, char **argv)
{
    static char script[SCRIPT_SIZE];
    int file = argc == 3 ? open(argv[1], O_RDONLY) : -1;
    ssize_t size = file < 0 ? -1 : read(file, script, sizeof script - 1);
    unsigned number = 0;

    if (size < 0 || (mkdir(argv[2], 0777) < 0 && errno != EEXIST) || chdir(argv[2]) < 0) {
        log_print(LOG_ERROR, "%s: %s", argc == 3 ? argv[1] : "usage: batch SCRIPT DIRECTORY", strerror(errno));
        return 1;
    }
    (void)close(file);
    for (char *at = script, *end; (end = strchr(at, '\n')) != NULL; at = end + 1, number++) {
        struct command_line line;

        *end = '\0';
        teller_end(number, line_read(at, &line) ? obey(number, &line) : -EINVAL);
    }
    log_print(LOG_INFORMATION, "done");
    return 0;
}
