/* Open files that spawned processes have too: it is one file, and one position. */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATH "/tmp/libc-inheriting"
#define COPY_PATH "/tmp/libc-copy.elf"
#define WRITERS 4
#define ROUNDS 50
#define LARGE_SIZE 1300000

/* Spawns this program with a file as these descriptors; the process, or -1. */
static pid_t spawn_with(int file, const int *descriptors, int count, const char *path, char *what, char *more)
{
    char name[] = "libc_test", *arguments[] = { name, what, more, NULL };
    posix_spawn_file_actions_t actions;
    pid_t pid;

    CHECK(posix_spawn_file_actions_init(&actions) == 0);
    for (int i = 0; i < count; i++) {
        CHECK(posix_spawn_file_actions_adddup2(&actions, file, descriptors[i]) == 0);
    }
    int error = posix_spawn(&pid, path, &actions, NULL, arguments, environ);
    CHECK(posix_spawn_file_actions_destroy(&actions) == 0 && error == 0);
    return error == 0 ? pid : -1;
}

static int run_with(int file, int descriptor, char *what, char *more)
{
    int status;
    pid_t pid = spawn_with(file, &descriptor, 1, SELF_PATH, what, more);

    return waitpid(pid, &status, 0) == pid ? WEXITSTATUS(status) : -1;
}

static bool holds(const char *path, const char *text)
{
    char bytes[128];
    int file = open(path, O_RDONLY);
    ssize_t size = read(file, bytes, sizeof bytes);

    (void)close(file);
    return size == (ssize_t)strlen(text) && memcmp(bytes, text, strlen(text)) == 0;
}

/* (echo a; echo b) > file */
static void test_one_behind_the_other(void)
{
    char say[] = "say", one[] = "one", two[] = "two";
    int file = open(PATH, O_RDWR | O_CREAT, 0666);

    CHECK(write(file, "zero", 4) == 4);
    CHECK(run_with(file, 1, say, one) == 0 && run_with(file, 1, say, two) == 0);
    CHECK(write(file, "three", 5) == 5 && holds(PATH, "zeroone\ntwo\nthree"));
    CHECK(lseek(file, 4, SEEK_SET) == 4 && run_with(file, 1, say, two) == 0 && holds(PATH, "zerotwo\ntwo\nthree"));
    CHECK(close(file) == 0 && unlink(PATH) == 0);
}

/* Who reads next gets what comes next. */
static void test_reading_in_turns(void)
{
    char part[] = "part", five[] = "5", bytes[8];
    int file = open("/boot/test/text.txt", O_RDONLY);

    CHECK(read(file, bytes, 6) == 6 && run_with(file, 0, part, five) == 'l' + 'i' + 'n' + 'e' + '\n' - 256);
    CHECK(read(file, bytes, 6) == 6 && memcmp(bytes, "second", 6) == 0 && close(file) == 0);
}

/* In the new process its two descriptors are one file, too. */
static void test_duplicates(void)
{
    static const int both[] = { 1, 2 };
    char twice[] = "twice";
    int file = open(PATH, O_RDWR | O_CREAT, 0666), status;
    pid_t pid = spawn_with(file, both, 2, SELF_PATH, twice, NULL);

    CHECK(waitpid(pid, &status, 0) == pid && status == 0 && holds(PATH, "out, err, out, err") && close(file) == 0 && unlink(PATH) == 0);
}

/* The name has been taken away, and another file has it: it is still the same file. */
static void test_without_its_name(void)
{
    char say[] = "say", word[] = "word", deep[] = "deep", bytes[16];
    int file = open(PATH, O_RDWR | O_CREAT, 0666);

    CHECK(unlink(PATH) == 0 && close(creat(PATH, 0666)) == 0);
    CHECK(run_with(file, 1, say, word) == 0 && run_with(file, 1, deep, word) == 0);
    CHECK(pread(file, bytes, 16, 0) == 10 && memcmp(bytes, "word\nword\n", 10) == 0 && holds(PATH, ""));
    CHECK(close(file) == 0 && unlink(PATH) == 0);
}

/* echo one >> file; echo two >> file: each opens it for itself. */
static void test_appending_in_turns(void)
{
    char say[] = "say", one[] = "one", two[] = "two", name[] = "libc_test", *arguments[] = { name, say, one, NULL };
    posix_spawn_file_actions_t actions;
    int status, file = creat(PATH, 0666);
    pid_t pid;

    CHECK(posix_spawn_file_actions_init(&actions) == 0 && posix_spawn_file_actions_addopen(&actions, 1, PATH, O_WRONLY | O_APPEND, 0) == 0);
    CHECK(posix_spawn(&pid, SELF_PATH, &actions, NULL, arguments, environ) == 0 && waitpid(pid, &status, 0) == pid && status == 0);
    CHECK(write(file, "ONE", 3) == 3);
    arguments[2] = two;
    CHECK(posix_spawn(&pid, SELF_PATH, &actions, NULL, arguments, environ) == 0 && waitpid(pid, &status, 0) == pid && status == 0);
    CHECK(posix_spawn_file_actions_destroy(&actions) == 0 && holds(PATH, "ONE\ntwo\n") && close(file) == 0 && unlink(PATH) == 0);
}

/* An assertion that fails says so on standard error, and ends the process as abort does. */
static void test_assertion(void)
{
    static const char beginning[] = "assertion \"arguments == NULL\" failed: file \"tests/guest/libc/child.c\", line ";
    char word[] = "assert", text[128] = "";
    int file = open(PATH, O_RDWR | O_CREAT, 0666);

    CHECK(run_with(file, 2, word, NULL) == 128 + 6 && pread(file, text, sizeof text - 1, 0) > 0 && close(file) == 0 && unlink(PATH) == 0);
    CHECK(strncmp(text, beginning, sizeof beginning - 1) == 0);
    CHECK(strstr(text, ", function: files_main\n") != NULL);
}

/* Several write at the same time: nobody's words are lost. */
static void test_at_the_same_time(void)
{
    static const int output = 1;
    char many[] = "many", count[] = "50";
    int file = open(PATH, O_RDWR | O_CREAT, 0666), status;
    struct stat description;

    for (int i = 0; i < WRITERS; i++) {
        (void)spawn_with(file, &output, 1, SELF_PATH, many, count);
    }
    for (int i = 0; i < WRITERS; i++) {
        CHECK(wait(&status) > 0 && status == 0);
    }
    CHECK(fstat(file, &description) == 0 && description.st_size == WRITERS * ROUNDS * 6);
    char line[6];
    int wrong = 0;
    for (int i = 0; i < WRITERS * ROUNDS; i++) {
        wrong += pread(file, line, 6, i * 6) != 6 || memcmp(line, "whole\n", 6) != 0;
    }
    CHECK(wrong == 0 && close(file) == 0 && unlink(PATH) == 0);
}

/* A process that dies, or sleeps, while it has the position for itself holds nobody up. */
static void test_who_has_the_position(void)
{
    char hold[] = "hold", zero[] = "0", forever[] = "1000", bytes[4];
    int file = open("/boot/test/text.txt", O_RDONLY), status;
    static const int input = 0;

    CHECK(run_with(file, 0, hold, zero) == 0 && read(file, bytes, 4) == 4 && memcmp(bytes, "firs", 4) == 0);
    pid_t pid = spawn_with(file, &input, 1, SELF_PATH, hold, forever);
    usleep(100000);
    struct timespec before, after;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &before) == 0 && read(file, bytes, 4) == 4 && memcmp(bytes, "t li", 4) == 0);
    CHECK(clock_gettime(CLOCK_MONOTONIC, &after) == 0 && after.tv_sec - before.tv_sec <= 1);
    if (kill(pid, SIGKILL) != 0) {  /* an application may not */
        CHECK(errno == EPERM);
    } else {
        CHECK(waitpid(pid, &status, 0) == pid);
    }
    CHECK(close(file) == 0);
}

/* A program is run from where it was written to. */
static void test_program_in_tmp(void)
{
    static char bytes[16384];
    char code[] = "exit", number[] = "33";
    int from = open(SELF_PATH, O_RDONLY), to = creat(COPY_PATH, 0777), status;
    ssize_t size;

    while ((size = read(from, bytes, sizeof bytes)) > 0) {
        CHECK(write(to, bytes, (size_t)size) == size);
    }
    CHECK(size == 0 && close(from) == 0 && close(to) == 0);
    pid_t pid = spawn_with(-1, NULL, 0, COPY_PATH, code, number);
    CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 33);
    CHECK(truncate(COPY_PATH, LARGE_SIZE) == 0);            /* more than comes as pages at once */
    pid = spawn_with(-1, NULL, 0, COPY_PATH, code, number);
    CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 33);
    CHECK(truncate(COPY_PATH, 5000) == 0 && posix_spawn(&pid, COPY_PATH, NULL, NULL, (char *[]){ code, NULL }, environ) == ENOEXEC);
    CHECK(unlink(COPY_PATH) == 0);
}

void test_inheriting(void)
{
    test_one_behind_the_other();
    test_reading_in_turns();
    test_appending_in_turns();
    test_duplicates();
    test_without_its_name();
    test_assertion();
    test_at_the_same_time();
    test_who_has_the_position();
    test_program_in_tmp();
}
