/* sync: what was written is on the media. */
#include <ternion/vfs.h>

#include "apps/command/command.h"

static const char help[] =
    "usage: sync\n"
    "Comes back when all that was written to files is on their media.\n";

int main(int argc, char **argv)
{
    command_begin(argc, argv, "", help);
    (void)command_option();
    command_expect(0, 0);
    status_t status = vfs_synchronise();
    if (status != OK) {
        command_status("not everything is on its medium", status);
    }
    return command_end();
}
