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

#include "bios.h"
#include "boot.h"
#include "calls.h"
#include "displays.h"
#include "events.h"
#include "files.h"
#include "keys.h"
#include "measure.h"
#include "operations.h"
#include "peers.h"
#include "pipes.h"
#include "ports.h"
#include "restart.h"

#define POWER_PATIENCE_NS (10 * SECOND)

static void power_off(void)
{
    process_id_t init;

    if (name_find("d\\init", &init) == OK && init_power(init, POWER_OFF) == OK) {
        clock_sleep(POWER_PATIENCE_NS);
    }
    (void)system_power(POWER_OFF);
}

static void measure_all(void)
{
    report_null_syscall();
    report_context_switch();
    report_calls();
    report_pipes();
    report_shared_memory();
    report_ports();
    report_irq_to_driver();
    report_spawn_exit_reap();
}

int main(void)
{
    wait_for_boot();
    report_frames_after_boot();
    if (cpu_has(CPU_TSC)) {
        report_boot_to_log();
        report_driver_restart();
        report_key_to_screen();
        report_bios();
        report_display();
        report_files();
        measure_all();
        report_suffix("_128_processes");
        crowd_grow(128);
        measure_all();
        report_suffix("_1000_processes");
        crowd_grow(1000);
        measure_all();
    } else {
        log_print(LOG_ERROR, "this processor has no time stamp counter: only memory can be measured");
    }
    log_print(LOG_INFORMATION, "DONE");
    power_off();
    return 0;
}
