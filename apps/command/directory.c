#include "apps/command/directory.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "apps/command/command.h"
#include "apps/command/sort.h"

#define NAMES_AT_A_TIME 64U
#define DEPTH_MAX 512                /* a path has at most 1,023 bytes (ternion/vfs.h) */

static int compare(const void *left, const void *right)
{
    return strcmp(left, right);
}

static bool is_itself_or_above(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

bool names_read(const char *path, struct names *names_out)
{
    struct names names = { NULL, 0 };
    const struct dirent *entry = NULL;
    DIR *directory = opendir(path);

    errno = directory == NULL ? errno : 0;
    while (directory != NULL && (entry = readdir(directory)) != NULL) {
        if (is_itself_or_above(entry->d_name)) {
            continue;
        }
        if (names.count % NAMES_AT_A_TIME == 0) {
            names.name = command_memory_again(names.name, (names.count + NAMES_AT_A_TIME) * sizeof *names.name);
        }
        names.name[names.count++] = command_copy(entry->d_name);
        errno = 0;
    }
    bool is_whole = errno == 0;
    if (!is_whole) {
        command_errno(path);
    }
    if (directory != NULL) {
        (void)closedir(directory);
    }
    sort_pointers((void **)names.name, names.count, compare);
    *names_out = names;
    return is_whole;
}

void names_free(struct names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        free(names->name[i]);
    }
    free(names->name);
}

static void walk(const char *path, int depth, bool (*visit)(const struct visit *visit))
{
    struct stat about;
    struct visit here = { .path = path, .name = command_last_part(path), .about = &about, .depth = depth };
    struct names names;

    if (stat(path, &about) < 0) {
        command_errno(path);
        return;
    }
    if (!S_ISDIR(about.st_mode)) {
        here.what = VISIT_FILE;
        (void)visit(&here);
        return;
    }
    here.what = VISIT_DIRECTORY;
    if (!visit(&here)) {
        return;
    }
    if (depth == DEPTH_MAX) {
        command_error("%s: the tree is too deep", path);
        return;
    }
    (void)names_read(path, &names);
    for (size_t i = 0; i < names.count; i++) {
        char *below = command_path(path, names.name[i]);
        walk(below, depth + 1, visit);
        free(below);
    }
    names_free(&names);
    here.what = VISIT_AFTER;
    (void)visit(&here);
}

void tree_walk(const char *path, bool (*visit)(const struct visit *visit))
{
    walk(path, 0, visit);
}
