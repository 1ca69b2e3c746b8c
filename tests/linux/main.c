/*
 * The first and only program of a Linux that is measured: measures, says what came of it, switches the machine off.
 * tests/system/linux.py boots it where the time stamp counter counts instructions, and reads what it says.
 */
#include "linux.h"
#include "operations.h"
#include "report.h"

#define QUIET_SECONDS 3U                /* longer than Linux goes on with its boot behind our back */

struct linux_time {
    int32_t seconds;
    int32_t nanoseconds;
};

static void wait_for_quiet(void)
{
    struct linux_time quiet = { .seconds = QUIET_SECONDS };

    must("nanosleep", linux_call_3(LINUX_NANOSLEEP, (uint32_t)&quiet, 0, 0));
}

[[gnu::noreturn]] void linux_start(void);

void linux_start(void)
{
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
