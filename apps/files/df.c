/* df: the file systems, and how much is free in them. */
#include <limits.h>
#include <sys/stat.h>

#include <ternion/vfs.h>

#include "apps/command/command.h"
#include "apps/command/output.h"
#include "apps/command/units.h"

static const char help[] =
    "usage: df [-h] [PATH]...\n"
    "Tells of the file systems, or of those that the PATHs are in: where they are, their type and device, whether they can be written to,\n"
    "and how many kilobytes they have, have in use and have free.\n"
    "  -h  in K, M, G\n";

static bool human;

static const char *size_of(uint64_t bytes, char text[UNITS_SIZE])
{
    return units_size(human ? bytes : (bytes + 1023) / 1024, human, text);
}

static void print(const struct vfs_mount_description *mount)
{
    char size[UNITS_SIZE], used[UNITS_SIZE], free_bytes[UNITS_SIZE];

    output_format("%-15s %-9s %-15s %-6s ", mount->path, mount->type, mount->device[0] != '\0' ? mount->device : "-",
                  (mount->flags & VFS_IS_READ_ONLY) != 0 ? "r-" : "rw");
    if (mount->size == 0) {
        output_format("%9s %9s %9s    -\n", "-", "-", "-");
        return;
    }
    uint64_t taken = mount->free < mount->size ? mount->size - mount->free : 0;
    unsigned percent = (unsigned)((taken >> 10) * 100 / ((mount->size >> 10) + (mount->size < 1024)));
    output_format("%9s %9s %9s %3u%%\n", size_of(mount->size, size), size_of(taken, used), size_of(mount->free, free_bytes), percent);
}

/* wanted: the number of the only one that is shown; NULL: all are. */
static void print_mounts(const dev_t *wanted)
{
    struct vfs_mount_description mount;
    status_t status;

    for (uint32_t index = 0; (status = vfs_mount_at(index, &mount)) == OK; index++) {
        if (wanted == NULL || (dev_t)mount.file_system == *wanted) {
            print(&mount);
        }
    }
    if (status != NOT_FOUND) {
        command_status("the file server", status);
    }
}

static void print_that_of(const char *path)
{
    struct stat about;

    if (stat(path, &about) < 0) {
        command_errno(path);
        return;
    }
    print_mounts(&about.st_dev);
}

int main(int argc, char **argv)
{
    command_begin(argc, argv, "h", help);
    while (command_option() != 0) {
        human = true;
    }
    command_expect(0, INT_MAX);
    output_format("%-15s %-9s %-15s RIGHTS %9s %9s %9s  USE\n", "PATH", "TYPE", "DEVICE", human ? "SIZE" : "KB", "USED", "FREE");
    if (command.count == 0) {
        print_mounts(NULL);
    }
    for (int i = 0; i < command.count; i++) {
        print_that_of(command.operands[i]);
    }
    return command_end();
}
