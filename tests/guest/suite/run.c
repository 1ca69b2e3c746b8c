#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ternion/clock.h>

#define LOOK_NS (2 * MILLISECOND)

/* Waits for a process, and ends one that takes too long. */
static void await(pid_t process, const char *program, uint64_t deadline, char *why, unsigned size)
{
    bool is_late = false;
    int status;

    while (waitpid(process, &status, WNOHANG) == 0) {
        if (clock_now() > deadline && !is_late) {
            is_late = true;
            (void)kill(process, SIGKILL);
        }
        clock_sleep(LOOK_NS);
    }
    if (is_late) {
        snprintf(why, size, "%s takes too long", program);
    } else if (WIFSIGNALED(status)) {
        snprintf(why, size, "%s ended by signal %d", program, WTERMSIG(status));
    } else if (WEXITSTATUS(status) != 0) {
        snprintf(why, size, "%s ended with exit code %d", program, WEXITSTATUS(status));
    }
}

/* Takes what begins with < and > out of the words. */
static void files_take(char **words, const char **input, const char **output)
{
    char **kept = words;

    for (; *words != NULL; words++) {
        if (**words == '<') {
            *input = *words + 1;
        } else if (**words == '>') {
            *output = *words + 1;
        } else {
            *kept++ = *words;
        }
    }
    *kept = NULL;
}

static void command_run(char **words, const char *output, uint64_t deadline, char *why, unsigned size)
{
    posix_spawn_file_actions_t actions;
    const char *input = "/dev/null";
    pid_t process;

    files_take(words, &input, &output);
    if (words[0] == NULL) {
        snprintf(why, size, "there is no program");
        return;
    }

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_APPEND, 0666);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    int error = posix_spawn(&process, words[0], &actions, NULL, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        snprintf(why, size, "%s: %s", words[0], strerror(error));
    } else {
        await(process, words[0], deadline, why, size);
    }
}

void entry_run(const struct entry *entry, const char *output, char *why, unsigned size)
{
    uint64_t deadline = clock_after(entry->seconds * (uint64_t)SECOND);
    char *words[WORDS_MAX + 1];
    int at = 0;

    why[0] = '\0';
    if (chdir(entry->directory != NULL ? entry->directory : "/") != 0) {
        snprintf(why, size, "%s: %s", entry->directory, strerror(errno));
    }
    while (why[0] == '\0' && at < entry->word_count) {
        int count = 0;

        while (at < entry->word_count && strcmp(entry->words[at], "&&") != 0) {
            words[count++] = entry->words[at++];
        }
        words[count] = NULL;
        at++;
        command_run(words, output, deadline, why, size);
    }
    (void)chdir("/");
}
