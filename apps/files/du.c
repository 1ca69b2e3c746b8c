/* du: how much is in directories. */
#include <stdlib.h>

#include "apps/command/command.h"
#include "apps/command/directory.h"
#include "apps/command/output.h"
#include "apps/command/units.h"

static const char help[] =
    "usage: du [-abhs] [PATH]...\n"
    "Tells of each directory how many kilobytes are in it and below; without a PATH of the current one.\n"
    "  -a  of each file, too\n"
    "  -b  in bytes\n"
    "  -h  in K, M, G\n"
    "  -s  only the sum of each PATH\n";

static bool files_too, in_bytes, human, sums_only;
static uint64_t *sums;               /* of the directory at each depth that is being gone through */
static int depths;

static void print(uint64_t bytes, const char *path)
{
    char text[UNITS_SIZE];

    output_format("%s\t%s\n", units_size(human || in_bytes ? bytes : (bytes + 1023) / 1024, human, text), path);
}

static bool count(const struct visit *visit)
{
    while (depths <= visit->depth) {
        sums = command_memory_again(sums, (size_t)++depths * sizeof *sums);
    }
    if (visit->what == VISIT_DIRECTORY) {
        sums[visit->depth] = 0;
        return true;
    }
    uint64_t bytes = visit->what == VISIT_FILE ? (uint64_t)visit->about->st_size : sums[visit->depth];
    if (visit->depth > 0) {
        sums[visit->depth - 1] += bytes;
    }
    if (visit->depth == 0 || (!sums_only && (files_too || visit->what == VISIT_AFTER))) {
        print(bytes, visit->path);
    }
    return true;
}

int main(int argc, char **argv)
{
    command_begin(argc, argv, "abhs", help);
    for (int letter; (letter = command_option()) != 0;) {
        files_too |= letter == 'a';
        in_bytes |= letter == 'b';
        human |= letter == 'h';
        sums_only |= letter == 's';
    }
    if (command.count == 0) {
        tree_walk(".", count);
    }
    for (int i = 0; i < command.count; i++) {
        tree_walk(command.operands[i], count);
    }
    return command_end();
}
