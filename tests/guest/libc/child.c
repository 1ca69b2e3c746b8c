/* The spawned half of the tests. */
#include "check.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

int child_main(int count, char **arguments, char **environment)
{
    const char *what = arguments[1];

    if (strcmp(what, "tell") == 0) {
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
    return 99;
}
