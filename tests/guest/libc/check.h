/* Checks that are counted: what is not true is said, with its place, and the test goes on. */
#pragma once

#include <stdbool.h>

#define CHECK(condition) check((condition), #condition, __FILE__, __LINE__)

/* The call fails with -1, and errno is this. */
#define CHECK_ERROR(call, error) \
    do { \
        errno = 0; \
        check((call) == -1 && errno == (error), #call " fails with " #error, __FILE__, __LINE__); \
    } while (0)

void check(bool condition, const char *what, const char *file, int line);

/* Says how many there were, and how many failed. The exit code. */
int checks_end(void);

/* ---- The tests ---- */

void test_files(void);
void test_writing(void);
void test_inheriting(void);
void test_surviving(void);
void test_more(void);
void test_pipes(void);
void test_processes(void);
void test_threads(void);
void test_mutexes(void);
void test_signals(void);
void test_rest(void);

/* What this program does when a test has spawned it: arguments[1] says it. */
int child_main(int count, char **arguments, char **environment);

#define SELF_PATH "/boot/libc_test.elf"

/* The machine's clock began at that time: tests/system/test_libc.py. */
#define BOOT_TIME 1709164800 /* 2024-02-29 00:00:00 */
#define BOOT_SECONDS_MAX 60
