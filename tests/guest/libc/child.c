/* The spawned half of the tests. */
#include "check.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ternion/clock.h>

#include "libc/descriptor.h"
#include "libc/shared_position.h"

/* Writes what it was given: arguments, environment, working directory. */
static int tell(int count, char **arguments, char **environment)
{
    char directory[64];

    for (int i = 0; i < count; i++) {
        printf("<%s>", arguments[i]);
    }
    for (; *environment != NULL; environment++) {
        printf("{%s}", *environment);
    }
    printf("%s\n", getcwd(directory, sizeof directory));
    return 0;
}

/* Copies its input to its output in capitals, until there is no more. */
static int capitals(void)
{
    int character;

    while ((character = getchar()) != EOF) {
        putchar(toupper(character));
    }
    return ferror(stdin) || fflush(stdout) != 0;
}

/* Reads a descriptor to its end; the sum of its bytes, as far as an exit code holds it. */
static int sum(int descriptor)
{
    unsigned char byte;
    int total = 0;

    while (read(descriptor, &byte, 1) == 1) {
        total += byte;
    }
    return total & 0xFF;
}

/* Reads so many bytes of its input at once; their sum. */
static int part(size_t size)
{
    unsigned char bytes[16];
    ssize_t count = read(STDIN_FILENO, bytes, size);
    int total = 0;

    for (ssize_t i = 0; i < count; i++) {
        total += bytes[i];
    }
    return total & 0xFF;
}

/* Has another one say it. */
static int say_deep(char *word)
{
    char name[] = "libc_test", say[] = "say", *arguments[] = { name, say, word, NULL };
    pid_t pid;
    int status;

    if (posix_spawn(&pid, SELF_PATH, NULL, NULL, arguments, environ) != 0 || waitpid(pid, &status, 0) != pid) {
        return 1;
    }
    return WEXITSTATUS(status);
}

static int say_many(int count)
{
    for (int i = 0; i < count; i++) {
        if (write(STDOUT_FILENO, "whole\n", 6) != 6) {
            return 1;
        }
        if (i % 8 == 0) {
            usleep(1000);
        }
    }
    return 0;
}

/* Takes the position of its input for itself, and never gives it back. */
static int hold_position(unsigned seconds)
{
    struct file *file = descriptor_hold(STDIN_FILENO);

    if (file == NULL || file->position.shared == NULL) {
        return 1;
    }
    shared_position_hold(file->position.shared);
    sleep(seconds);
    return 0;
}

/* There is no file server. */
static int absent(void)
{
    int first = open("/boot/none", O_RDONLY) < 0 ? errno : 0, first_s = (int)(clock_now() / SECOND);
    int second = mkdir("/tmp/none", 0777) < 0 ? errno : 0, second_s = (int)(clock_now() / SECOND);

    printf("%s after %d s, ", strerror(first), first_s);
    printf("%s after %d s\n", strerror(second), second_s);
    return 0;
}

/* What has to do with open files that came along. */
static int files_main(const char *what, char **arguments)
{
    if (strcmp(what, "say") == 0) {
        return puts(arguments[2]) == EOF || fflush(stdout) != 0;
    } else if (strcmp(what, "part") == 0) {
        return part((size_t)atoi(arguments[2]));
    } else if (strcmp(what, "twice") == 0) {
        return write(1, "out, ", 5) + write(2, "err, ", 5) + write(1, "out, ", 5) + write(2, "err", 3) != 18;
    } else if (strcmp(what, "deep") == 0) {
        return say_deep(arguments[2]);
    } else if (strcmp(what, "many") == 0) {
        return say_many(atoi(arguments[2]));
    } else if (strcmp(what, "hold") == 0) {
        return hold_position((unsigned)atoi(arguments[2]));
    } else if (strcmp(what, "absent") == 0) {
        return absent();
    } else if (strcmp(what, "assert") == 0) {
        assert(arguments == NULL);
    }
    return 99;
}

/* As a shell: a word, and perhaps another one, are what to do. */
static int command(int count, char **arguments, char **environment)
{
    char text[64] = "", *words[] = { arguments[0], text, NULL, NULL };
    char *space = count > 2 ? strchr(strncpy(text, arguments[2], sizeof text - 1), ' ') : NULL;

    if (space != NULL) {
        *space = '\0';
        words[2] = space + 1;
    }
    return child_main(space != NULL ? 3 : 2, words, environment);
}

int child_main(int count, char **arguments, char **environment)
{
    const char *what = arguments[1];

    if (strcmp(what, "-c") == 0) {
        return command(count, arguments, environment);
    } else if (strcmp(what, "tell") == 0) {
        return tell(count, arguments, environment);
    } else if (strcmp(what, "capitals") == 0) {
        return capitals();
    } else if (strcmp(what, "exit") == 0) {
        return atoi(arguments[2]);
    } else if (strcmp(what, "sum") == 0) {
        return sum(atoi(arguments[2]));
    } else if (strcmp(what, "fault") == 0) {
        *(volatile int *)(uintptr_t)atoi("16") = 1; /* nothing is there */
    } else if (strcmp(what, "abort") == 0) {
        abort();
    } else if (strcmp(what, "closed") == 0) {
        return write(STDOUT_FILENO, "x", 1) == -1 && errno == EBADF ? 0 : 1;
    } else if (strcmp(what, "open") == 0) {
        return (fcntl(9, F_GETFD) >= 0) + 2 * (fcntl(10, F_GETFD) >= 0);
    } else if (strcmp(what, "sleep") == 0) {
        sleep(1000);
    }
    return files_main(what, arguments);
}
