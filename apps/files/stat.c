/* stat: what there is to know of files. */
#include <limits.h>
#include <sys/stat.h>

#include "apps/command/command.h"
#include "apps/command/output.h"
#include "apps/command/units.h"

static const char help[] =
    "usage: stat PATH...\n"
    "Tells what files and directories are: kind, size in bytes, rights, when they were changed (UTC), their number and that of their file system.\n";

static void tell(const char *path)
{
    char time[UNITS_TIME_SIZE];
    struct stat about;

    if (stat(path, &about) < 0) {
        command_errno(path);
        return;
    }
    output_format("   path: %s\n", path);
    output_format("   kind: %s\n", S_ISDIR(about.st_mode) ? "directory" : S_ISREG(about.st_mode) ? "file" : "device");
    output_format("   size: %lld bytes\n", (long long)about.st_size);
    output_format(" rights: %s\n", (about.st_mode & S_IWUSR) != 0 ? "read and write" : "read only");
    output_format("changed: %s\n", about.st_mtime == 0 ? "not known" : units_time(about.st_mtime, time));
    output_format(" number: %llu in file system %llu\n", (unsigned long long)about.st_ino, (unsigned long long)about.st_dev);
}

int main(int argc, char **argv)
{
    command_begin(argc, argv, "", help);
    (void)command_option();
    command_expect(1, INT_MAX);
    for (int i = 0; i < command.count; i++) {
        tell(command.operands[i]);
    }
    return command_end();
}
