#include "pathnames.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "shell.h"
#include "sort.h"
#include "stack.h"

/* A part of the pattern up to the next slash. */
static size_t part_length(const struct pattern *pattern)
{
    size_t length = 0;

    while (length < pattern->size && pattern->bytes[length] != '/') {
        length++;
    }
    return length;
}

static struct pattern part_of(const struct pattern *pattern, size_t start, size_t end)
{
    return (struct pattern){ pattern->bytes + start, pattern->quoted + start, end - start };
}

static bool exists(const char *path)
{
    struct stat description;

    return lstat(path, &description) == 0;
}

static void search(const char *path, size_t path_size, struct pattern pattern, struct fields *fields);

/* A path with something behind it. */
static char *join(const char *path, size_t path_size, const char *name, size_t name_size, size_t *size_out)
{
    char *joined = arena_take(&shell.scratch, path_size + name_size + 1);

    memcpy(joined, path, path_size);
    memcpy(joined + path_size, name, name_size);
    joined[path_size + name_size] = '\0';
    *size_out = path_size + name_size;
    return joined;
}

/* Goes on behind a name: with its slashes and what follows them, or it is found. */
static void search_behind(const char *path, size_t path_size, const struct pattern *pattern, size_t at, struct fields *fields)
{
    size_t end = at;

    while (end < pattern->size && pattern->bytes[end] == '/') {
        end++;
    }
    size_t size;
    char *joined = join(path, path_size, pattern->bytes + at, end - at, &size);
    if (end < pattern->size) {
        search(joined, size, part_of(pattern, end, pattern->size), fields);
    } else if (exists(joined)) {
        fields_add(fields, joined);
    }
}

/* A leading dot fits a dot alone. */
static bool name_fits(const struct pattern *pattern, const char *name)
{
    if (name[0] == '.' && (pattern->size == 0 || pattern->bytes[0] != '.')) {
        return false;
    }
    return pattern_fits(pattern, name, strlen(name));
}

static void search(const char *path, size_t path_size, struct pattern pattern, struct fields *fields)
{
    size_t length = part_length(&pattern);
    struct pattern part = part_of(&pattern, 0, length);
    const struct dirent *entry;

    if (stack_is_short()) {
        return;
    }
    if (!pattern_has_wildcards(&part)) {
        size_t size;
        char *joined = join(path, path_size, pattern.bytes, length, &size);
        search_behind(joined, size, &pattern, length, fields);
        return;
    }
    DIR *directory = opendir(path_size == 0 ? "." : path);
    if (directory == NULL) {
        return;
    }
    struct fields names = { 0 };
    while ((entry = readdir(directory)) != NULL) {
        if (name_fits(&part, entry->d_name)) {
            fields_add(&names, arena_copy(&shell.scratch, entry->d_name, strlen(entry->d_name)));
        }
    }
    (void)closedir(directory);
    for (size_t i = 0; i < names.count; i++) {
        size_t size;
        char *joined = join(path, path_size, names.values[i], strlen(names.values[i]), &size);
        search_behind(joined, size, &pattern, length, fields);
    }
}

bool pathnames_add(const struct pattern *pattern, struct fields *fields)
{
    size_t before = fields->count;

    search("", 0, *pattern, fields);
    if (fields->count > before) {
        sort_strings(fields->values + before, fields->count - before);
    }
    return fields->count > before;
}
