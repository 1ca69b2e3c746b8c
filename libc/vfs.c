#include "libc/vfs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include <ternion/vfs.h>

#include "libc/path.h"
#include "libc/standard_files.h"
#include "libc/terminal_file.h"
#include "libc/vfs_file.h"

static const struct own_name {
    const char *path;
    struct file *file;
} own_names[] = {
    { "/dev/null", &file_nothing.file },
    { "/dev/zero", &file_zeroes.file },
};

static const char own_terminal[] = "/dev/tty";

static struct file *own_file(const char *path)
{
    for (unsigned i = 0; i < sizeof own_names / sizeof own_names[0]; i++) {
        if (strcmp(own_names[i].path, path) == 0) {
            return own_names[i].file;
        }
    }
    return NULL;
}

/* Does the path as it was given say that there must be a directory? */
static bool demands_directory(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *last = slash == NULL ? path : slash + 1;

    return *last == '\0' || strcmp(last, ".") == 0 || strcmp(last, "..") == 0;
}

/* Absolute, simple, and with a slash at the end if there must be a directory. */
static int resolve(const char *path, char simple[PATH_SIZE])
{
    int result = path_resolve(path, simple);
    size_t length = result < 0 ? 0 : strlen(simple);

    if (length > 1 && demands_directory(path)) {
        if (length + 1 == PATH_SIZE) {
            return -ENAMETOOLONG;
        }
        strcpy(simple + length, "/");
    }
    return result;
}

int vfs_open(const char *path, int flags, struct file **file_out)
{
    char simple[PATH_SIZE];
    int result = resolve(path, simple);

    if (result < 0) {
        return result;
    }
    if (strcmp(simple, own_terminal) == 0) {
        return terminal_file_open_own((uint32_t)flags, file_out);
    }
    struct file *own = own_file(simple);
    if (own == NULL) {
        return vfs_file_open_path(simple, flags, file_out);
    }
    if ((flags & O_DIRECTORY) != 0) {
        return -ENOTDIR;
    }
    if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL)) {
        return -EEXIST;
    }
    file_hold(own);
    *file_out = own;
    return 0;
}

int vfs_describe(const char *path, struct stat *description)
{
    char simple[PATH_SIZE];
    struct vfs_description found;
    int result = resolve(path, simple);

    memset(description, 0, sizeof *description);
    description->st_nlink = 1;
    if (result < 0) {
        return result;
    }
    if (strcmp(simple, own_terminal) == 0) {
        terminal_describe(description);
        return 0;
    }
    struct file *own = own_file(simple);
    if (own != NULL) {
        return own->operations->describe(own, description);
    }
    status_t status = vfs_path_describe(simple, &found);
    if (status == OK) {
        vfs_description_fill(&found, description);
    }
    return vfs_path_error(status, false);
}

int vfs_set_changed(const char *path, int64_t changed_s)
{
    char simple[PATH_SIZE];
    int result = resolve(path, simple);

    if (result < 0 || own_file(simple) != NULL || strcmp(simple, own_terminal) == 0) {
        return result;
    }
    return vfs_path_error(vfs_path_set_changed(simple, changed_s), true);
}

/* What is to be changed: not a name of the library's own. */
static int resolve_changing(const char *path, char simple[PATH_SIZE])
{
    int result = resolve(path, simple);

    return result == 0 && (own_file(simple) != NULL || strcmp(simple, own_terminal) == 0) ? -EBUSY : result;
}

static bool has_slash(const char *simple)
{
    return simple[strlen(simple) - 1] == '/';
}

/* There must be a directory, since the path says so. */
static int check_directory(const char *simple)
{
    struct vfs_description found;

    return vfs_path_error(vfs_path_describe(simple, &found), true);
}

int vfs_remove(const char *path, bool directory)
{
    char simple[PATH_SIZE];
    int result = resolve_changing(path, simple);

    if (result == 0 && !directory && has_slash(simple)) {
        result = check_directory(simple);
        return result < 0 ? result : -EISDIR;
    }
    return result < 0 ? result : vfs_path_error(vfs_path_remove(simple, directory), true);
}

int vfs_rename(const char *from, const char *to)
{
    char simple_from[PATH_SIZE], simple_to[PATH_SIZE];
    int result = resolve_changing(from, simple_from);

    if (result == 0) {
        result = resolve_changing(to, simple_to);
    }
    if (result == 0 && (has_slash(simple_from) || has_slash(simple_to))) {
        size_t length = strlen(simple_from);
        if (!has_slash(simple_from) && length + 1 < PATH_SIZE) {
            strcpy(simple_from + length, "/");
        }
        result = check_directory(simple_from);
    }
    return result < 0 ? result : vfs_path_error(vfs_path_rename(simple_from, simple_to), true);
}

int vfs_make_directory(const char *path)
{
    char simple[PATH_SIZE];
    int result = resolve_changing(path, simple);

    return result < 0 ? result : vfs_path_error(vfs_path_make_directory(simple), true);
}
