/*
 * A host test: portable parts of the system, compiled for this machine with the
 * address and undefined-behaviour sanitizers, and a table of tests.
 *
 * Each test is a function named by the sentence it proves. It runs in a process of its own, so that it finds
 * the kernel's variables as they are at boot. A line for each: PASS sentence, or FAIL sentence: why.
 *
 * Random numbers begin with TERNION_SEED of the environment, 1 if there is none, and with the sentence.
 */
#pragma once

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct test {
    const char *sentence;
    void (*run)(void);
};

#define TEST(sentence) { #sentence, sentence }

/* Runs them all; returns the exit code of the program. */
int tests_run(const struct test *tests, size_t count);

#define TEST_MAIN(tests) \
    int main(void) { return tests_run(tests, sizeof tests / sizeof (tests)[0]); }

/* Ends the running test: it failed, and this is why. */
[[gnu::noreturn, gnu::format(printf, 3, 4)]] void test_fail(const char *file, int line, const char *format, ...);

#define FAIL(...) test_fail(__FILE__, __LINE__, __VA_ARGS__)

#define CHECK(condition) \
    ((condition) ? (void)0 : test_fail(__FILE__, __LINE__, "not true: %s", #condition))

#define CHECK_EQUAL(actual, expected) \
    test_check_equal(__FILE__, __LINE__, #actual, (uint64_t)(actual), (uint64_t)(expected))

void test_check_equal(const char *file, int line, const char *what, uint64_t actual, uint64_t expected);

/* Does the statement end in panic? */
#define CHECK_PANICS(statement) \
    do { \
        if (setjmp(*panic_expect()) == 0) { \
            statement; \
            test_fail(__FILE__, __LINE__, "no panic: %s", #statement); \
        } \
    } while (0)

/* The next panic goes there instead of ending the test. */
jmp_buf *panic_expect(void);

/* Runs a part of the test in a process of its own; if that fails, so does the test. */
void test_in_child(void (*part)(void));

uint32_t random_next(void);

/* 0 … limit-1 */
uint32_t random_below(uint32_t limit);

/* One of `chances` times. */
bool random_one_in(uint32_t chances);

/* Mostly small, sometimes close to a power of two, sometimes anything: what goes wrong sits at the edges. */
uint32_t random_edgy(void);
