/* Pipes within the process, and waiting for them. */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <abi/shared.h>

#define MUCH 100000

static int ends[2];

static void test_ends(void)
{
    char bytes[16];
    struct stat description;

    CHECK(pipe(ends) == 0);
    CHECK(write(ends[1], "hello", 5) == 5 && read(ends[0], bytes, 3) == 3 && read(ends[0], bytes + 3, 13) == 2);
    CHECK(memcmp(bytes, "hello", 5) == 0);
    CHECK(fstat(ends[0], &description) == 0 && S_ISFIFO(description.st_mode));
    CHECK_ERROR(read(ends[1], bytes, 1), EBADF);
    CHECK_ERROR(write(ends[0], bytes, 1), EBADF);
    CHECK_ERROR(lseek(ends[0], 0, SEEK_SET), ESPIPE);
    CHECK(fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
    CHECK_ERROR(read(ends[0], bytes, 1), EAGAIN);
    CHECK(write(ends[1], "rest", 4) == 4 && close(ends[1]) == 0 && read(ends[0], bytes, 16) == 4 && read(ends[0], bytes, 16) == 0);
    CHECK(close(ends[0]) == 0);
    CHECK(pipe(ends) == 0 && close(ends[0]) == 0);
    CHECK_ERROR(write(ends[1], "x", 1), EPIPE);
    CHECK(close(ends[1]) == 0);
}

static void *write_much(void *argument)
{
    uint8_t bytes[1000];

    (void)argument;
    for (int sent = 0; sent < MUCH; sent += 1000) {
        for (int i = 0; i < 1000; i++) {
            bytes[i] = (uint8_t)((sent + i) * 7);
        }
        CHECK(write(ends[1], bytes, 1000) == 1000);
    }
    CHECK(close(ends[1]) == 0);
    return NULL;
}

/* More than a pipe holds, from a thread to another, to its end. */
static void test_much(void)
{
    pthread_t writer;
    uint8_t bytes[777];
    int got = 0, wrong = 0;

    CHECK(pipe(ends) == 0 && pthread_create(&writer, NULL, write_much, NULL) == 0);
    for (ssize_t moved; (moved = read(ends[0], bytes, sizeof bytes)) > 0; got += (int)moved) {
        for (ssize_t i = 0; i < moved; i++) {
            wrong += bytes[i] != (uint8_t)((got + i) * 7);
        }
    }
    CHECK(got == MUCH && wrong == 0 && pthread_join(writer, NULL) == 0 && close(ends[0]) == 0);
}

static void *close_soon(void *argument)
{
    usleep(20000);
    close(*(int *)argument);
    return NULL;
}

static void *write_soon(void *argument)
{
    usleep(20000);
    CHECK(write(*(int *)argument, "!", 1) == 1);
    return NULL;
}

/* A reader that sleeps wakes when the last writer closes. */
static void test_close_wakes(void)
{
    pthread_t closer;
    char byte;

    CHECK(pipe(ends) == 0 && pthread_create(&closer, NULL, close_soon, &ends[1]) == 0);
    CHECK(read(ends[0], &byte, 1) == 0);
    CHECK(pthread_join(closer, NULL) == 0 && close(ends[0]) == 0);
}

static int64_t milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void test_poll(void)
{
    pthread_t helper;
    struct pollfd descriptors[3];

    CHECK(pipe(ends) == 0);
    descriptors[0] = (struct pollfd){ .fd = ends[0], .events = POLLIN };
    descriptors[1] = (struct pollfd){ .fd = 60, .events = POLLIN };
    descriptors[2] = (struct pollfd){ .fd = -1, .events = POLLIN };
    CHECK(poll(descriptors, 3, -1) == 1 && descriptors[1].revents == POLLNVAL && descriptors[0].revents == 0);
    int64_t before = milliseconds();
    CHECK(poll(descriptors, 1, 30) == 0 && milliseconds() - before >= 29);
    CHECK(poll(descriptors, 1, 0) == 0);
    CHECK(pthread_create(&helper, NULL, write_soon, &ends[1]) == 0);
    CHECK(poll(descriptors, 1, -1) == 1 && descriptors[0].revents == POLLIN);
    CHECK(pthread_join(helper, NULL) == 0);
    descriptors[1] = (struct pollfd){ .fd = ends[1], .events = POLLOUT };
    CHECK(poll(descriptors, 2, -1) == 2 && descriptors[1].revents == POLLOUT);
    char byte;
    CHECK(read(ends[0], &byte, 1) == 1 && close(ends[1]) == 0);
    CHECK(poll(descriptors, 1, -1) == 1 && descriptors[0].revents == POLLHUP);
    CHECK(close(ends[0]) == 0);
}

/* So few bytes are written as a whole, or not: also while others are in the way, and poll says when. */
static void test_whole_writes(void)
{
    static char bytes[PIPE_SIZE];
    struct pollfd writing;

    CHECK(pipe(ends) == 0 && fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0);
    writing = (struct pollfd){ .fd = ends[1], .events = POLLOUT };
    CHECK(write(ends[1], bytes, PIPE_SIZE - 100) == PIPE_SIZE - 100 && poll(&writing, 1, 20) == 0);
    CHECK_ERROR(write(ends[1], bytes, 101), EAGAIN);
    CHECK_ERROR(write(ends[1], bytes, PIPE_BUF), EAGAIN);
    CHECK(write(ends[1], bytes, 60) == 60 && write(ends[1], bytes, PIPE_BUF + 1) == 40);
    CHECK_ERROR(write(ends[1], bytes, 1), EAGAIN);
    CHECK(read(ends[0], bytes, PIPE_BUF - 1) == PIPE_BUF - 1 && poll(&writing, 1, 20) == 0);
    CHECK_ERROR(write(ends[1], bytes, PIPE_BUF), EAGAIN);
    CHECK(read(ends[0], bytes, 1) == 1 && poll(&writing, 1, -1) == 1 && write(ends[1], bytes, PIPE_BUF) == PIPE_BUF);
    CHECK(close(ends[0]) == 0);
    CHECK_ERROR(write(ends[1], bytes, 10), EPIPE);
    CHECK(close(ends[1]) == 0);
}

static void *read_soon(void *argument)
{
    static char bytes[PIPE_SIZE];

    usleep(20000);
    CHECK(read(*(int *)argument, bytes, PIPE_BUF) == PIPE_BUF);
    return NULL;
}

/* poll sleeps before a pipe that has room for a few bytes, and wakes when there is room for a whole write. */
static void test_poll_for_room(void)
{
    static char bytes[PIPE_SIZE];
    struct pollfd writing;
    pthread_t reader;

    CHECK(pipe(ends) == 0 && write(ends[1], bytes, PIPE_SIZE - 10) == PIPE_SIZE - 10);
    writing = (struct pollfd){ .fd = ends[1], .events = POLLOUT };
    CHECK(poll(&writing, 1, 20) == 0);
    CHECK(pthread_create(&reader, NULL, read_soon, &ends[0]) == 0 && poll(&writing, 1, -1) == 1 && writing.revents == POLLOUT);
    CHECK(pthread_join(reader, NULL) == 0 && close(ends[0]) == 0 && close(ends[1]) == 0);
}

static void test_select(void)
{
    fd_set reads, writes;
    struct timeval timeout = { 0, 20000 };

    CHECK(pipe(ends) == 0);
    FD_ZERO(&reads);
    FD_ZERO(&writes);
    FD_SET(ends[0], &reads);
    CHECK(select(ends[0] + 1, &reads, NULL, NULL, &timeout) == 0 && !FD_ISSET(ends[0], &reads));
    FD_SET(ends[0], &reads);
    FD_SET(ends[1], &writes);
    CHECK(select(ends[1] + 1, &reads, &writes, NULL, NULL) == 1 && FD_ISSET(ends[1], &writes) && !FD_ISSET(ends[0], &reads));
    CHECK(write(ends[1], "x", 1) == 1);
    FD_SET(ends[0], &reads);
    CHECK(select(ends[0] + 1, &reads, NULL, NULL, NULL) == 1 && FD_ISSET(ends[0], &reads));
    CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
    CHECK_ERROR(select(ends[0] + 1, &reads, NULL, NULL, &timeout), EBADF);
}

void test_pipes(void)
{
    test_ends();
    test_much();
    test_close_wakes();
    test_poll();
    test_whole_writes();
    test_poll_for_room();
    test_select();
}
