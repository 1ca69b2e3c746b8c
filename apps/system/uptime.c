/* uptime: how long the system has been running. */
#include <ternion/clock.h>
#include <ternion/syscall.h>
#include <ternion/system.h>

#include "apps/command/command.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: uptime\n"
    "Tells how long the system has been running, and how many processes and threads there are.\n";

int main(int argc, char **argv)
{
    struct system_statistics statistics;
    uint32_t seconds = (uint32_t)(clock_now() / SECOND);

    command_begin(argc, argv, "", help);
    (void)command_option();
    command_expect(0, 0);
    (void)system_statistics(&statistics);
    if (seconds >= 86400) {
        output_format("%u days, ", (unsigned)(seconds / 86400));
    }
    output_format("%02u:%02u:%02u since the boot, %u processes, %u threads\n", (unsigned)(seconds / 3600 % 24), (unsigned)(seconds / 60 % 60),
                  (unsigned)(seconds % 60), (unsigned)statistics.processes, (unsigned)statistics.threads);
    return command_end();
}
