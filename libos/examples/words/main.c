/* Counts the words of its standard input, or of what it gives a copy of itself to count. */
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int count_words(void)
{
    char word[64];
    int count = 0;

    while (scanf("%63s", word) == 1) {
        count++;
    }
    printf("%d words\n", count);
    return 0;
}

int main(int argc, char **argv)
{
    char name[] = "words", option[] = "-", *arguments[] = { name, option, NULL };
    posix_spawn_file_actions_t actions;
    int ends[2], status;
    pid_t pid;

    if (argc > 1) {
        return count_words();
    }
    pipe(ends);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    int error = posix_spawn(&pid, "/boot/words.elf", &actions, NULL, arguments, environ);
    if (error != 0) {
        fprintf(stderr, "%s: %s\n", argv[0], strerror(error));
        return 1;
    }
    close(ends[0]);
    dprintf(ends[1], "seven words go through the pipe\nhere\n");
    close(ends[1]);
    waitpid(pid, &status, 0);
    printf("it ended with %d\n", WEXITSTATUS(status));
    return status;
}
