#include "fuzz.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#define TRIES_MIN 1000U          /* fewer mean that nothing was fuzzed */

/* libFuzzer's entry for programs with a main of their own (compiler-rt, FuzzerInterface.h). */
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*try)(const uint8_t *bytes, size_t size));

static const struct fuzzer *running;
static volatile uint32_t *tries;             /* shared with the process that fuzzes */

/* A crash is what libFuzzer keeps an input for. */
void test_fail(const char *file, int line, const char *format, ...)
{
    va_list arguments;

    fprintf(stderr, "%s:%d: ", file, line);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\n");
    abort();
}

void test_check_equal(const char *file, int line, const char *what, uint64_t actual, uint64_t expected)
{
    if (actual != expected) {
        test_fail(file, line, "%s is %llu, not %llu", what, (unsigned long long)actual, (unsigned long long)expected);
    }
}

static int try_counted(const uint8_t *bytes, size_t size)
{
    ++*tries;
    return running->try(bytes, size);
}

static int run_driver(int argc, char **argv)
{
    return LLVMFuzzerRunDriver(&argc, &argv, try_counted);
}

static void write_corpus(const char *folder)
{
    uint8_t *bytes = malloc(running->input_max);
    char path[300];
    size_t size;

    for (uint32_t number = 0; (size = running->seed(number, bytes)) > 0; number++) {
        snprintf(path, sizeof path, "%s/seed-%u", folder, number);
        FILE *file = fopen(path, "wb");
        if (file == NULL || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
            test_fail(__FILE__, __LINE__, "%s cannot be written", path);
        }
    }
    free(bytes);
}

/* libFuzzer adds what it finds to the seeds; the folder holds no folders. */
static void remove_corpus(const char *folder)
{
    DIR *directory = opendir(folder);
    char path[600];

    if (directory == NULL) {
        return;
    }
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        (void)unlink(path);      /* not of . and .. */
    }
    closedir(directory);
    (void)rmdir(folder);
}

/* In a process of its own: libFuzzer ends the one in which it finds something. */
static int run_bounded(char *program)
{
    char folder[200];
    char input_max[32];
    char seconds[32];
    const char *wanted = getenv("TERNION_FUZZ_SECONDS");
    int status = -1;

    const char *temporary = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/ternion-corpus-XXXXXX", temporary != NULL ? temporary : "/tmp");
    if (mkdtemp(folder) == NULL) {
        test_fail(__FILE__, __LINE__, "%s: no folder for the corpus can be made there", folder);
    }
    write_corpus(folder);
    snprintf(input_max, sizeof input_max, "-max_len=%u", running->input_max);
    snprintf(seconds, sizeof seconds, "-max_total_time=%u", wanted != NULL ? (unsigned)strtoul(wanted, NULL, 10) : running->seconds);
    char *arguments[] = { program, "-seed=1", seconds, input_max, "-detect_leaks=0", "-timeout=20", "-verbosity=0",
                          "-close_fd_mask=1", folder, NULL };
    pid_t child = fork();
    if (child == 0) {
        exit(run_driver(sizeof arguments / sizeof arguments[0] - 1, arguments));
    }
    if (child < 0 || waitpid(child, &status, 0) != child) {
        status = -1;
    }
    remove_corpus(folder);
    return status;
}

int fuzz(const struct fuzzer *fuzzer, int argc, char **argv)
{
    running = fuzzer;
    tries = mmap(NULL, sizeof *tries, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (tries == MAP_FAILED) {
        perror("fuzz: mmap");
        return 2;
    }
    if (argc > 1) {
        return run_driver(argc, argv);
    }
    int status = run_bounded(argv[0]);
    fprintf(stderr, "%u inputs were tried\n", *tries);
    if (status != 0) {
        printf("FAIL %s: the input is kept beside this log as crash-… or timeout-…, status %d\n", fuzzer->sentence, status);
    } else if (*tries < TRIES_MIN) {
        printf("FAIL %s: no more than %u inputs were tried\n", fuzzer->sentence, *tries);
    } else {
        printf("PASS %s\n", fuzzer->sentence);
        return 0;
    }
    return 1;
}
