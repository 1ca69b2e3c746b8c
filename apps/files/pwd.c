/* pwd: the current directory. */
#include <limits.h>
#include <unistd.h>

#include "apps/command/command.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: pwd\n"
    "Writes the path of the current directory.\n";

int main(int argc, char **argv)
{
    char path[PATH_MAX];

    command_begin(argc, argv, "", help);
    (void)command_option();
    command_expect(0, 0);
    if (getcwd(path, sizeof path) == NULL) {
        command_errno("the current directory");
    } else {
        output_format("%s\n", path);
    }
    return command_end();
}
