/* A call, a switch, and what begins and ends. */
#include <stdbool.h>
#include <stddef.h>

#include "linux.h"
#include "operations.h"
#include "report.h"

#define CALLS 1000U
#define STARTS 100U

static void null_syscall(void)
{
    (void)linux_call_0(LINUX_GETPPID);
}

void report_null_syscall(void)
{
    report_samples("linux_null_syscall", null_syscall, CALLS, "instructions", 1);
}

/* ---- Two processes that let each other run ---- */

struct turns {
    volatile bool end;
    volatile uint32_t other;            /* how often the other process was let run */
};

static struct turns *turns;

static void yield(void)
{
    (void)linux_call_0(LINUX_SCHED_YIELD);
}

/* An operation is one switch, of two that a process sees: there, and back. */
static void context_switch(void)
{
    uint32_t before = turns->other;

    while (turns->other == before) {
        yield();
    }
}

void report_context_switch(void)
{
    turns = memory_share(sizeof(*turns));
    uint32_t child = process_fork();
    if (child == 0) {
        while (!turns->end) {
            turns->other++;
            yield();
        }
        process_exit();
    }
    report_samples("linux_context_switch", context_switch, CALLS, "instructions", 2);
    turns->end = true;
    process_wait(child);
}

/* ---- Processes from their beginning to the news of their end ---- */

static void spawn(void)
{
    static char path[] = "/exit";
    static char *const arguments[] = { path, NULL };
    static char *const environment[] = { NULL };

    process_wait(must("vfork", linux_spawn(path, arguments, environment)));
}

void report_spawn(void)
{
    report_samples("linux_spawn", spawn, STARTS, "instructions", 1);
}

static void fork_exit(void)
{
    uint32_t child = process_fork();

    if (child == 0) {
        process_exit();
    }
    process_wait(child);
}

void report_fork_exit(void)
{
    report_samples("linux_fork_exit", fork_exit, STARTS, "instructions", 1);
}
