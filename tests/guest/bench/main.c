/*
 * d\bench: measures the running system, tells the log, and switches the machine off.
 * tests/bench runs it where the time stamp counter counts instructions, and reads the lines
 *
 *     BENCH name value unit
 *     DONE
 */
#include <ternion/clock.h>
#include <ternion/init_client.h>
#include <ternion/log.h>
#include <ternion/process.h>
#include <ternion/syscall.h>
#include <ternion/system.h>

#include "boot.h"
#include "operations.h"

#define POWER_PATIENCE_NS (10 * SECOND)

static void power_off(void)
{
    process_id_t init;

    if (name_find("d\\init", &init) == OK && init_power(init, POWER_OFF) == OK) {
        clock_sleep(POWER_PATIENCE_NS);
    }
    (void)system_power(POWER_OFF);
}

int main(void)
{
    wait_for_boot();
    report_frames_after_boot();
    if (cpu_has(CPU_TSC)) {
        report_boot_to_log();
        report_null_syscall();
        report_context_switch();
        report_call_reply();
        report_spawn_exit_reap();
    } else {
        log_print(LOG_ERROR, "this processor has no time stamp counter: only memory can be measured");
    }
    log_print(LOG_INFORMATION, "DONE");
    power_off();
    return 0;
}
