/*
 * The frame of the guest tests. Each test is a fresh process of the class that it
 * names, started and judged by the runner d\test. It passes if it returns; it
 * fails by an EXPECT, a fault, by not being done in time, or by leaving anything behind.
 *
 * A file of tests ends with its tables, and has a line in files.h:
 *
 *     const struct test memory_tests[] = { TEST(CLASS_APPLICATION, pages_are_zeroed), … };
 *     const uint32_t memory_test_count = COUNT(memory_tests);
 *     const struct role memory_roles[] = { ROLE(memory_reader), … };
 *     const uint32_t memory_role_count = COUNT(memory_roles);
 *
 * A role is what another process of the same image does: a witness or an accomplice. All names are
 * unique in the whole program. A test ends every process that it started, or waits for its end.
 */
#pragma once

#include <stdbool.h>

#include <abi/process.h>
#include <abi/status.h>
#include <ternion/clock.h>
#include <ternion/syscall.h>

#include "../ledger.h"

#define COUNT(array) (sizeof(array) / sizeof (array)[0])

#define TEST_SECONDS 10U         /* a test's time, if it names none */

/* Which tests run: the usual ones, or those that the first argument of d\test names. */
enum test_group {
    GROUP_USUAL,
    GROUP_SOAK,                  /* "soak": what takes long */
    GROUP_FILES,                 /* "files": what needs the disks of files.list */
    GROUP_FILE_SERVER,           /* "file_server": what starts s\vfs itself */
    GROUP_COUNT,
};

struct test {
    const char *name;            /* the sentence that it proves, its words joined by _ */
    process_class_t class;
    void (*run)(void);
    uint32_t seconds;            /* 0: TEST_SECONDS */
    uint32_t group;              /* enum test_group */
    uint32_t rights;             /* RIGHT_…, beside those of test_access */
};
#define TEST(class, function) { #function, class, function, 0, GROUP_USUAL, 0 }
#define TEST_WITHIN(seconds, class, function) { #function, class, function, seconds, GROUP_USUAL, 0 }
#define TEST_SOAK(seconds, class, function) { #function, class, function, seconds, GROUP_SOAK, 0 }
#define TEST_OF(group, seconds, class, function) { #function, class, function, seconds, group, 0 }
#define TEST_WITH_RIGHTS(rights, class, function) { #function, class, function, 0, GROUP_USUAL, rights }

/* argv[0] is the name of the role; its exit code is 0 if it returns. */
struct role {
    const char *name;
    void (*run)(int argc, char **argv);
};
#define ROLE(function) { #function, function }

/* ---- Expectations. One that is not met fails the test, in whichever process of it. ---- */

#define EXPECT(condition) \
    ((condition) ? (void)0 : test_fail(__FILE__, __LINE__, "%s", #condition))

#define EXPECT_STATUS(expected, call) test_expect_status(__FILE__, __LINE__, #call, expected, call)

#define EXPECT_OK(call) EXPECT_STATUS(OK, call)

#define EXPECT_EQUAL(expected, actual) \
    test_expect_equal(__FILE__, __LINE__, #actual, (uint32_t)(expected), (uint32_t)(actual))

/* For what no condition says: EXPECT_NOT("call %u answered", number). */
#define EXPECT_NOT(...) test_fail(__FILE__, __LINE__, __VA_ARGS__)

/* Tells the runner why the test fails, and ends the process. */
_Noreturn void test_fail(const char *file, unsigned line, const char *template, ...)
    __attribute__((format(printf, 3, 4)));
void test_expect_status(const char *file, unsigned line, const char *call, status_t expected, status_t actual);
void test_expect_equal(const char *file, unsigned line, const char *what, uint32_t expected, uint32_t actual);

/* Zeroes, for tests that need much: each test is a process of its own. */
#define TEST_SCRATCH_SIZE 65536U
extern uint8_t test_scratch[TEST_SCRATCH_SIZE];

/* ---- Other processes of this image ---- */

/* Starts a role and watches it. The arguments are strings (const char *); NULL ends them. */
[[nodiscard]] status_t test_spawn(process_class_t class, const char *role, process_id_t *id_out, ...)
    __attribute__((sentinel));

/* The same with flags, grant and name as the caller says; image and arguments are filled in. Name NULL: any. */
[[nodiscard]] status_t test_spawn_as(const struct spawn *wanted, const char *role, process_id_t *id_out, ...)
    __attribute__((sentinel));

/* The same with an access of its own. */
[[nodiscard]] status_t test_spawn_with(process_class_t class, const struct access *access, const char *role, process_id_t *id_out, ...)
    __attribute__((sentinel));

/* What a test may touch, and whom it may speak to: as a boot module without a manifest. */
extern const struct access test_access;

/* Waits for the next event, which must be of this kind and come within 5 s. */
void test_wait_event(struct event *event_out, uint32_t kind);

/* Waits for the end of a process that is watched; no other event may come before. Its exit code. */
uint32_t test_wait_exit(process_id_t id);

/* The number in an argument: decimal digits. */
uint32_t test_number(const char *text);

/* A number as an argument. */
struct test_digits {
    char text[12];
};
struct test_digits test_digits(uint32_t number);

/* This program's own image, as process_spawn takes it; read once from the runner. */
void test_image(const void **image_out, uint32_t *size_out);

/* The runner d\test: parent of the test process. */
extern process_id_t test_runner;

/* The name of the test that this process belongs to. */
extern const char *test_name;

/* ---- Ledgers: what may not change by what a test does ---- */

/* What the kernel says now, when the log is quiet. */
void test_ledger_take(struct test_ledger *ledger_out);

/* As test_ledger_is_same, as an expectation. */
void test_ledger_expect_same(const struct test_ledger *before);

/* Ends all children of the test, and theirs, which are its own then; takes the news of that. */
void test_end_children(void);
