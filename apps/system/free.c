/* free: the memory. */
#include <ternion/process.h>
#include <ternion/syscall.h>
#include <ternion/system.h>

#include "apps/command/command.h"
#include "apps/command/output.h"
#include "apps/command/units.h"
#include "apps/system/processes.h"

static const char help[] =
    "usage: free [-h]\n"
    "Tells in kilobytes what the memory is used for.\n"
    "  -h  in K, M, G\n"
    "kernel: its code and data, the boot modules, page tables; objects: what the kernel keeps of processes, messages and the like;\n"
    "processes: memory of their own; shared: what several have.\n";

static bool human;

static void print(const char *what, uint64_t frames)
{
    char text[UNITS_SIZE];

    output_format("%-10s %10s\n", what, units_size(human ? frames * PAGE_SIZE : frames * (PAGE_SIZE / 1024), human, text));
}

int main(int argc, char **argv)
{
    struct system_statistics statistics;
    struct processes all;
    uint64_t own = 0;

    command_begin(argc, argv, "h", help);
    while (command_option() != 0) {
        human = true;
    }
    command_expect(0, 0);
    (void)system_statistics(&statistics);
    processes_read(&all);
    for (size_t i = 0; i < all.count; i++) {
        own += all.process[i].frames;
    }
    uint64_t objects = (uint64_t)statistics.frames_heap + statistics.frames_arenas, kernel = statistics.frames_kernel;
    uint64_t used = (uint64_t)statistics.frames_total - statistics.frames_free, counted = kernel + objects + own;
    print("total", statistics.frames_total);
    print("free", statistics.frames_free);
    print("kernel", kernel);
    print("objects", objects);
    print("processes", own);
    print("shared", used > counted ? used - counted : 0);
    return command_end();
}
