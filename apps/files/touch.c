/* touch: makes files, and makes them new. */
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/command/command.h"

static const char help[] =
    "usage: touch [-c] FILE...\n"
    "Makes empty files; of those that are there the time of the last change becomes now.\n"
    "  -c  makes none\n";

/* There is no way to set a time, but a file that is given the size that it has was changed. */
static void touch(const char *path, int flags)
{
    struct stat about;

    if (flags == O_WRONLY && stat(path, &about) < 0) {
        return;                  /* -c */
    }
    int file = open(path, flags, 0666);
    if (file < 0 || fstat(file, &about) < 0 || ftruncate(file, about.st_size) < 0) {
        command_errno(path);
    }
    if (file >= 0) {
        (void)close(file);
    }
}

int main(int argc, char **argv)
{
    int flags = O_WRONLY | O_CREAT;

    command_begin(argc, argv, "c", help);
    while (command_option() != 0) {
        flags = O_WRONLY;
    }
    command_expect(1, INT_MAX);
    for (int i = 0; i < command.count; i++) {
        touch(command.operands[i], flags);
    }
    return command_end();
}
