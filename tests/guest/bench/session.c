/*
 * bench_session: typed at the prompt of a system that has just come up; measures what a person there has, in lines as d\bench says them.
 * tests/bench runs it where the time stamp counter counts instructions.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/syscall.h>
#include <ternion/system.h>

#define SAMPLES 31
#define OWN_IMAGE "/boot/bin/bench_session"

static void fail(const char *what)
{
    log_print(LOG_ERROR, "%s: not measured", what);
    exit(1);
}

/* All memory that is taken, but for this program's own and its image. */
static void report_frames(void)
{
    struct system_statistics statistics;
    struct process_information self;
    struct stat image;

    MUST(system_statistics(&statistics));
    MUST(process_information(SELF, &self));
    if (stat(OWN_IMAGE, &image) != 0) {
        fail("frames_after_prompt");
    }
    log_print(LOG_INFORMATION, "BENCH frames_after_prompt %u frames",
              (unsigned)(statistics.frames_total + statistics.frames_kernel - statistics.frames_free - self.frames - PAGES(image.st_size)));
}

/* As a shell does it in `echo x > /tmp/x`, which is its whole life: start, output, end. */
static uint64_t spawn_echo(posix_spawn_file_actions_t *actions)
{
    char name[] = "echo", word[] = "x", *arguments[] = { name, word, NULL };
    uint64_t begin = timestamp_read();
    pid_t pid;
    int status;

    if (posix_spawn(&pid, "/boot/bin/echo", actions, NULL, arguments, environ) != 0 || waitpid(pid, &status, 0) != pid || status != 0) {
        fail("spawn_echo");
    }
    return timestamp_read() - begin;
}

static int compare(const void *a, const void *b)
{
    uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;

    return (first > second) - (first < second);
}

static void report_spawn(void)
{
    posix_spawn_file_actions_t actions;
    uint64_t samples[SAMPLES];

    if (posix_spawn_file_actions_init(&actions) != 0 || posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/tmp/echoed", O_WRONLY | O_CREAT | O_TRUNC, 0666) != 0) {
        fail("spawn_echo");
    }
    for (int i = 0; i < SAMPLES; i++) {
        samples[i] = spawn_echo(&actions);
    }
    qsort(samples, SAMPLES, sizeof samples[0], compare);
    log_print(LOG_INFORMATION, "BENCH spawn_echo %u instructions", (unsigned)samples[SAMPLES / 2]);
}

int main(void)
{
    report_frames();
    report_spawn();
    log_print(LOG_INFORMATION, "DONE");
    return 0;
}
