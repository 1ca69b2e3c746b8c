#include "test.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECONDS_MAX 60U          /* of one test */
#define REASON_MAX 400

static int reasons;              /* pipe from the test to the program that told it to run */
static uint64_t random_state;

void test_fail(const char *file, int line, const char *format, ...)
{
    char text[REASON_MAX];
    va_list arguments;

    int used = snprintf(text, sizeof text, "%s:%d: ", file, line);
    va_start(arguments, format);
    vsnprintf(text + used, sizeof text - (size_t)used, format, arguments);
    va_end(arguments);
    if (write(reasons, text, strlen(text)) < 0) {
        perror("test");
    }
    _exit(1);
}

void test_check_equal(const char *file, int line, const char *what, uint64_t actual, uint64_t expected)
{
    if (actual != expected) {
        test_fail(file, line, "%s is %llu (0x%llx), not %llu (0x%llx)", what, (unsigned long long)actual,
                  (unsigned long long)actual, (unsigned long long)expected, (unsigned long long)expected);
    }
}

/* xorshift64* (Vigna, 2016) */
uint32_t random_next(void)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (uint32_t)((random_state * 0x2545F4914F6CDD1DULL) >> 32);
}

uint32_t random_below(uint32_t limit)
{
    return (uint32_t)((uint64_t)random_next() * limit >> 32);
}

bool random_one_in(uint32_t chances)
{
    return random_below(chances) == 0;
}

uint32_t random_edgy(void)
{
    switch (random_below(4)) {
    case 0:
        return random_below(16);
    case 1:
        return (1U << random_below(32)) + random_below(5) - 2;
    case 2:
        return random_next() >> random_below(32);
    default:
        return random_next();
    }
}

static unsigned long seed(void)
{
    const char *text = getenv("TERNION_SEED");

    return text == NULL ? 1 : strtoul(text, NULL, 0);
}

static void run_here(const struct test *test)
{
    random_state = seed() * 0x9E3779B97F4A7C15ULL;
    for (const char *letter = test->sentence; *letter != '\0'; letter++) {
        random_state = (random_state ^ (uint8_t)*letter) * 0x100000001B3ULL;
    }
    alarm(SECONDS_MAX);
    test->run();
    exit(0);
}

/* Why a test failed that said nothing itself. */
static void describe_end(int status, char *text, size_t size)
{
    if (WIFSIGNALED(status)) {
        snprintf(text, size, "ended by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
    } else {
        snprintf(text, size, "exit code %d, see what the sanitizer says", WEXITSTATUS(status));
    }
}

void test_in_child(void (*part)(void))
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        alarm(SECONDS_MAX);
        part();
        exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child) {
        FAIL("no process for a part of the test");
    }
    if (status != 0) {
        char why[REASON_MAX];

        describe_end(status, why, sizeof why);
        FAIL("; so a part of the test was %s", why);
    }
}

static bool passes(const struct test *test)
{
    char why[REASON_MAX];
    int ends[2];
    int status;

    if (pipe(ends) != 0) {
        perror("test: pipe");
        exit(2);
    }
    reasons = ends[1];
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        run_here(test);
    }
    close(ends[1]);
    ssize_t size = read(ends[0], why, sizeof why - 1);
    close(ends[0]);
    if (child < 0 || waitpid(child, &status, 0) != child) {
        perror("test: fork");
        exit(2);
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        printf("PASS %s\n", test->sentence);
        return true;
    }
    if (size > 0) {
        why[size] = '\0';
    } else {
        describe_end(status, why, sizeof why);
    }
    printf("FAIL %s: %s (TERNION_SEED=%lu)\n", test->sentence, why, seed());
    return false;
}

int tests_run(const struct test *tests, size_t count)
{
    bool all_passed = true;

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (size_t i = 0; i < count; i++) {
        all_passed &= passes(&tests[i]);
    }
    return all_passed ? 0 : 1;
}
