#include "libc/vfs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "libc/path.h"
#include "libc/standard_files.h"

/* Which file system has the paths. */
static const struct file_system *const file_system = &boot_file_system;

static const char NOTHING_PATH[] = "/dev/null";

int vfs_open(const char *path, int flags, mode_t mode, struct file **file_out)
{
    char simple[PATH_SIZE];
    int result = path_resolve(path, simple);

    if (result < 0) {
        return result;
    }
    if (strcmp(simple, NOTHING_PATH) == 0) {
        file_hold(&file_nothing.file);
        *file_out = &file_nothing.file;
        return 0;
    }
    return file_system->open(simple, flags, mode, file_out);
}

int vfs_describe(const char *path, struct stat *description)
{
    char simple[PATH_SIZE];
    int result = path_resolve(path, simple);

    memset(description, 0, sizeof *description);
    description->st_nlink = 1;
    if (result < 0) {
        return result;
    }
    if (strcmp(simple, NOTHING_PATH) == 0) {
        return file_nothing.file.operations->describe(&file_nothing.file, description);
    }
    return file_system->describe(simple, description);
}

int vfs_remove(const char *path, bool directory)
{
    char simple[PATH_SIZE];
    int result = path_resolve(path, simple);

    return result < 0 ? result : file_system->remove == NULL ? -EROFS : file_system->remove(simple, directory);
}

int vfs_rename(const char *from, const char *to)
{
    char simple_from[PATH_SIZE], simple_to[PATH_SIZE];
    int result = path_resolve(from, simple_from);

    if (result == 0) {
        result = path_resolve(to, simple_to);
    }
    return result < 0 ? result : file_system->rename == NULL ? -EROFS : file_system->rename(simple_from, simple_to);
}

int vfs_make_directory(const char *path, mode_t mode)
{
    char simple[PATH_SIZE];
    int result = path_resolve(path, simple);

    return result < 0 ? result : file_system->make_directory == NULL ? -EROFS : file_system->make_directory(simple, mode);
}
