#include "boot.h"

#include <ternion/clock.h>
#include <ternion/init_client.h>
#include <ternion/log.h>
#include <ternion/log_client.h>
#include <ternion/process.h>
#include <ternion/system.h>
#include <ternion/syscall.h>

#include "measure.h"
#include "modules.h"

#define PATIENCE_NS (10 * SECOND)
#define LOOK_AGAIN_NS (10 * MILLISECOND)
#define QUIET_NS SECOND          /* longer than any example of the list lives */

static process_id_t find(const char *name)
{
    process_id_t id;

    MUST(name_wait(name, clock_after(PATIENCE_NS), &id));
    return id;
}

/* d\init answers once it has gone through its list. */
static void wait_for_list(void)
{
    struct supervised_information first;

    status_t status = init_information(find("d\\init"), 0, &first);
    MUST(status == NOT_FOUND ? OK : status);
}

void wait_for_boot(void)
{
    nanoseconds_t quiet_ns = clock_after(QUIET_NS);
    uint32_t last = 0;

    wait_for_list();
    while (clock_now() < quiet_ns) {
        struct system_statistics statistics;

        MUST(system_statistics(&statistics));
        if (statistics.processes != last) {
            last = statistics.processes;
            quiet_ns = clock_after(QUIET_NS);
        }
        clock_sleep(LOOK_AGAIN_NS);
    }
}

/* All memory that is taken, by the kernel, its boot modules and the standard system; not by d\bench. */
void report_frames_after_boot(void)
{
    struct system_statistics statistics;
    struct process_information self;

    MUST(system_statistics(&statistics));
    MUST(process_information(SELF, &self));
    report("frames_after_boot",
           statistics.frames_total + statistics.frames_kernel - statistics.frames_free - self.frames - own_module_pages(),
           "frames");
}

/* From the kernel's beginning to a\log's first line on an output: what a person sees of the system first. */
void report_boot_to_log(void)
{
    struct system_statistics statistics;
    uint64_t first_line;

    MUST(system_statistics(&statistics));
    uint64_t boot = (uint64_t)statistics.boot_tsc_high << 32 | statistics.boot_tsc_low;
    status_t status = log_first_line(find("a\\log"), &first_line);
    if (status != OK) {
        log_print(LOG_ERROR, "boot_to_log: a\\log does not know when its first line was out: not measured");
        return;
    }
    report("boot_to_log", (uint32_t)(first_line - boot), "instructions");
}
