/*
 * The first and only program of a Linux that is measured: measures, says what came of it, switches the machine off.
 * tests/system/linux.py boots it where the time stamp counter counts instructions, and reads what it says.
 */
#include "linux.h"
#include "operations.h"
#include "report.h"

#define AT_SYSINFO 32U                  /* the auxiliary vector's entry with the way into the kernel */
#define QUIET_SECONDS 3U                /* longer than Linux goes on with its boot behind our back */

struct linux_time {
    int32_t seconds;
    int32_t nanoseconds;
};

void (*linux_entry)(void);

/* The stack holds the number of arguments, the arguments, 0, the environment, 0, pairs of kind and value, 0. */
static void entry_find(const uint32_t *stack)
{
    const uint32_t *at = stack + 1 + stack[0] + 1;

    while (*at != 0) {
        at++;
    }
    for (at++; at[0] != 0; at += 2) {
        if (at[0] == AT_SYSINFO) {
            linux_entry = (void (*)(void))at[1];
        }
    }
}

static void wait_for_quiet(void)
{
    struct linux_time quiet = { .seconds = QUIET_SECONDS };

    must("nanosleep", linux_call_3(LINUX_NANOSLEEP, (uint32_t)&quiet, 0, 0));
}

[[gnu::noreturn]] void linux_start(const uint32_t *stack);

void linux_start(const uint32_t *stack)
{
    entry_find(stack);
    report_system();
    wait_for_quiet();
    report_null_syscall();
    report_context_switch();
    report_pipe_round_trip();
    report_pipe_throughput();
    report_futex_round_trip();
    report_socket_round_trip();
    report_spawn();
    report_fork_exit();
    report_thread_create_join();
    report_end();
}
