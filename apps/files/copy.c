#include "apps/files/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/command/command.h"
#include "apps/command/directory.h"
#include "apps/command/output.h"
#include "apps/files/target.h"

#define BLOCK_SIZE 32768U            /* what goes in one request (ternion/vfs.h) */
#define DEPTH_MAX 512

static const struct copy_style *style;

static bool write_all(int file, const char *bytes, size_t size, const char *path)
{
    while (size > 0) {
        ssize_t count = write(file, bytes, size);

        if (count <= 0) {
            command_errno(path);
            return false;
        }
        bytes += count;
        size -= (size_t)count;
    }
    return true;
}

static bool copy_contents(int source, const char *from, int target, const char *to)
{
    static char *block;
    ssize_t count;

    if (block == NULL) {
        block = command_memory(BLOCK_SIZE);
    }
    while ((count = read(source, block, BLOCK_SIZE)) > 0) {
        if (!write_all(target, block, (size_t)count, to)) {
            return false;
        }
    }
    if (count < 0) {
        command_errno(from);
    }
    return count == 0;
}

static int open_target(const char *to)
{
    int target = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0666);

    if (target < 0 && style->force && errno != ENOENT && unlink(to) == 0) {
        target = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    }
    return target;
}

/* A time that is not known is not given on. */
static bool keep_time(const struct stat *about, const char *to)
{
    const struct timespec times[2] = { { .tv_sec = about->st_mtime }, { .tv_sec = about->st_mtime } };

    if (style->with_times && about->st_mtime != 0 && utimensat(AT_FDCWD, to, times, 0) < 0) {
        command_errno(to);
        return false;
    }
    return true;
}

static bool copy_file(const char *from, const char *to)
{
    struct stat about;
    int source = open(from, O_RDONLY);

    if (source < 0) {
        command_errno(from);
        return false;
    }
    if (stat(to, &about) == 0 && (style->keep || (style->ask && !command_ask("overwrite %s?", to)))) {
        (void)close(source);
        return false;
    }
    int target = open_target(to);
    if (target < 0) {
        command_errno(to);
        (void)close(source);
        return false;
    }
    bool is_done = copy_contents(source, from, target, to);
    (void)close(source);
    if (close(target) < 0 && is_done) {
        command_errno(to);
        is_done = false;
    }
    if (is_done && style->verbose) {
        output_format("%s -> %s\n", from, to);
    }
    return is_done;
}

static dev_t first_device;           /* of the directory that was made first: not copied into itself */
static ino_t first_number;

static bool make_target(const char *to, int depth)
{
    struct stat about;

    if (mkdir(to, 0777) < 0 && (errno != EEXIST || stat(to, &about) < 0 || !S_ISDIR(about.st_mode))) {
        command_errno(to);
        return false;
    }
    if (depth == 0 && stat(to, &about) == 0) {
        first_device = about.st_dev;
        first_number = about.st_ino;
    }
    return true;
}

static bool copy_any(const char *from, const char *to, int depth)
{
    struct stat about;
    struct names names;

    if (stat(from, &about) < 0) {
        command_errno(from);
        return false;
    }
    if (!S_ISDIR(about.st_mode)) {
        return copy_file(from, to) && keep_time(&about, to);
    }
    if (!style->recursive || depth == DEPTH_MAX) {
        command_error(style->recursive ? "%s: the tree is too deep" : "%s: is a directory: -r copies those", from);
        return false;
    }
    if (depth > 0 && about.st_dev == first_device && about.st_ino == first_number) {
        command_error("%s: cannot be copied into itself", to);
        return false;
    }
    if (!make_target(to, depth)) {
        return false;
    }
    bool is_done = names_read(from, &names);
    for (size_t i = 0; i < names.count; i++) {
        char *below_from = command_path(from, names.name[i]), *below_to = command_path(to, names.name[i]);
        is_done &= copy_any(below_from, below_to, depth + 1);
        free(below_from);
        free(below_to);
    }
    names_free(&names);
    return keep_time(&about, to) && is_done;
}

bool copy_path(const char *from, const char *to, const struct copy_style *wanted)
{
    style = wanted;
    if (target_is_same(from, to)) {
        command_error("%s and %s are the same", from, to);
        return false;
    }
    return copy_any(from, to, 0);
}
