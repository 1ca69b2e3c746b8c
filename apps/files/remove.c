#include "apps/files/remove.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/command/command.h"
#include "apps/command/directory.h"
#include "apps/command/output.h"

#define DEPTH_MAX 512

static const struct remove_style *style;

static bool remove_one(const char *path, bool is_directory)
{
    if (style->ask && !command_ask(is_directory ? "remove directory %s?" : "remove %s?", path)) {
        return false;
    }
    if ((is_directory ? rmdir(path) : unlink(path)) < 0) {
        if (style->force && errno == ENOENT) {
            return true;
        }
        command_errno(path);
        return false;
    }
    if (style->verbose) {
        output_format("removed %s\n", path);
    }
    return true;
}

static bool remove_any(const char *path, int depth);

static bool remove_below(const char *path, int depth)
{
    struct names names;
    bool is_done = names_read(path, &names);

    for (size_t i = 0; i < names.count; i++) {
        char *below = command_path(path, names.name[i]);
        is_done &= remove_any(below, depth + 1);
        free(below);
    }
    names_free(&names);
    return is_done;
}

static bool remove_any(const char *path, int depth)
{
    struct stat about;

    if (stat(path, &about) < 0) {
        if (style->force && (errno == ENOENT || errno == ENOTDIR)) {
            return true;
        }
        command_errno(path);
        return false;
    }
    if (!S_ISDIR(about.st_mode)) {
        return remove_one(path, false);
    }
    if (!style->recursive && !style->directories) {
        command_error("%s: is a directory: -r removes those with all that is in them", path);
        return false;
    }
    if (style->recursive) {
        if (depth == DEPTH_MAX) {
            command_error("%s: the tree is too deep", path);
            return false;
        }
        if (style->ask && !command_ask("go into directory %s?", path)) {
            return false;
        }
        if (!remove_below(path, depth)) {
            return false;
        }
    }
    return remove_one(path, true);
}

/* Whoever writes `rm -r ..` or `rm -r dir/.` has made a mistake. */
static bool is_refused(const char *path)
{
    const char *last = command_last_part(path);
    size_t size = strcspn(last, "/");

    return (size == 0 && *path == '/') || (size == 1 && last[0] == '.') || (size == 2 && last[0] == '.' && last[1] == '.');
}

bool remove_path(const char *path, const struct remove_style *wanted)
{
    style = wanted;
    if (is_refused(path)) {
        command_error("%s: cannot be removed: it is the root, or where somebody is", path);
        return false;
    }
    return remove_any(path, 0);
}
