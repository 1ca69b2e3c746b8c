#include "libc/path.h"

#include <errno.h>
#include <string.h>

#include <ternion/lock.h>

static struct lock lock; /* protects the working directory */
static char working_directory[PATH_SIZE]; /* empty: "/" */

/* Takes the last part off. */
static size_t parent_length(const char *path, size_t length)
{
    while (length > 0 && path[length - 1] != '/') {
        length--;
    }
    return length > 0 ? length - 1 : 0;
}

/* Adds the parts of a path, one after the other. The length, without a slash at the end: 0 is "/". */
static int add_parts(char out[PATH_SIZE], size_t length, const char *path)
{
    while (*path != '\0') {
        size_t part = strcspn(path, "/");

        if (part == 2 && path[0] == '.' && path[1] == '.') {
            length = parent_length(out, length);
        } else if (part > 0 && !(part == 1 && path[0] == '.')) {
            if (part + 2 > PATH_SIZE - length) {
                return -ENAMETOOLONG;
            }
            out[length++] = '/';
            memcpy(out + length, path, part);
            length += part;
        }
        path += part + (path[part] == '/');
    }
    return (int)length;
}

int path_simplify(const char *directory, const char *path, char out[PATH_SIZE])
{
    int length = 0;

    if (*path == '\0') {
        return -ENOENT;
    }
    if (*path != '/') {
        length = add_parts(out, 0, directory);
    }
    if (length >= 0) {
        length = add_parts(out, (size_t)length, path);
    }
    if (length < 0) {
        return length;
    }
    if (length == 0) {
        out[length++] = '/';
    }
    out[length] = '\0';
    return 0;
}

int path_resolve(const char *path, char out[PATH_SIZE])
{
    lock_acquire(&lock);
    int result = path_simplify(working_directory, path, out);
    lock_release(&lock);
    return result;
}

void path_set_directory(const char *directory)
{
    char simple[PATH_SIZE];

    if (path_simplify("/", directory, simple) < 0) {
        strcpy(simple, "/");
    }
    lock_acquire(&lock);
    strcpy(working_directory, simple);
    lock_release(&lock);
}

int path_get_directory(char *out, size_t size)
{
    lock_acquire(&lock);
    const char *directory = working_directory[0] == '\0' ? "/" : working_directory;
    size_t length = strlen(directory) + 1;
    if (length <= size) {
        memcpy(out, directory, length);
    }
    lock_release(&lock);
    return length <= size ? 0 : -ERANGE;
}

bool path_ends_in_dots(const char *path)
{
    size_t end = strlen(path), start;

    while (end > 0 && path[end - 1] == '/') {
        end--;
    }
    for (start = end; start > 0 && path[start - 1] == '.'; start--) {
    }
    return end - start >= 1 && end - start <= 2 && (start == 0 || path[start - 1] == '/');
}
