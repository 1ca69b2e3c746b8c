/* rmdir: removes empty directories. */
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "apps/command/command.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: rmdir [-pv] DIRECTORY...\n"
    "Removes directories that are empty.\n"
    "  -p  and those above, as the path names them: rmdir -p a/b removes a/b and a\n"
    "  -v  says what it removes\n";

static bool parents, verbose;

static bool remove_one(const char *path)
{
    if (rmdir(path) < 0) {
        command_errno(path);
        return false;
    }
    if (verbose) {
        output_format("removed %s\n", path);
    }
    return true;
}

/* Takes the last part off a path. False: there is nothing above it. */
static bool cut_last_part(char *path)
{
    size_t size = strlen(path);

    while (size > 0 && path[size - 1] == '/') {
        size--;
    }
    while (size > 0 && path[size - 1] != '/') {
        size--;
    }
    while (size > 0 && path[size - 1] == '/') {
        size--;
    }
    path[size] = '\0';
    return size > 0;
}

int main(int argc, char **argv)
{
    command_begin(argc, argv, "pv", help);
    for (int letter; (letter = command_option()) != 0;) {
        parents |= letter == 'p';
        verbose |= letter == 'v';
    }
    command_expect(1, INT_MAX);
    for (int i = 0; i < command.count; i++) {
        while (remove_one(command.operands[i]) && parents && cut_last_part(command.operands[i])) {
        }
    }
    return command_end();
}
