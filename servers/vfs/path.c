#include "path.h"

#include <ternion/string.h>

static void drop_last(struct simple_path *simple)
{
    while (simple->size > 0 && simple->text[simple->size - 1] != '/') {
        simple->size--;
    }
    if (simple->size > 0) {
        simple->size--;
    }
}

static void add_part(struct simple_path *simple, const char *part, uint32_t size)
{
    if (simple->size > 0) {
        simple->text[simple->size++] = '/';
    }
    memcpy(simple->text + simple->size, part, size);
    simple->size += size;
}

status_t path_simplify(const char *path, uint32_t size, struct simple_path *simple_out)
{
    uint32_t at = 0;

    simple_out->size = 0;
    simple_out->is_directory = size > 0 && path[size - 1] == '/';
    if (size == 0 || path[0] != '/' || memchr(path, '\0', size) != NULL) {
        return BAD_NAME;
    }
    if (size > VFS_PATH_MAX) {
        return TOO_BIG;
    }
    while (at < size) {
        uint32_t begin = ++at;

        while (at < size && path[at] != '/') {
            at++;
        }
        uint32_t length = at - begin;
        const char *part = path + begin;
        if (length > VFS_NAME_MAX) {
            return TOO_BIG;
        }
        if (length == 2 && part[0] == '.' && part[1] == '.') {
            drop_last(simple_out);
        } else if (length != 0 && !(length == 1 && part[0] == '.')) {
            add_part(simple_out, part, length);
        }
    }
    return OK;
}

uint32_t path_cut(const char **path, uint32_t *size)
{
    uint32_t length = 0;

    while (length < *size && (*path)[length] != '/') {
        length++;
    }
    uint32_t taken = length < *size ? length + 1 : length;
    *path += taken;
    *size -= taken;
    return length;
}

status_t path_walk(struct file_system *file_system, const char *path, uint32_t size, struct node **directory_out,
                   const char **name_out, uint32_t *name_size_out)
{
    struct node *directory = node_hold(file_system->root);

    for (;;) {
        const char *name = path;
        uint32_t length = path_cut(&path, &size);
        struct node *next;

        if (directory->kind != VFS_KIND_DIRECTORY) {
            node_release(directory);
            return NOT_DIRECTORY;
        }
        if (size == 0) {
            *directory_out = directory;
            *name_out = name;
            *name_size_out = length;
            return OK;
        }
        status_t status = file_system->operations->look_up(directory, name, length, &next);
        node_release(directory);
        if (status != OK) {
            return status;
        }
        directory = next;
    }
}

status_t path_find(struct file_system *file_system, const char *path, uint32_t size, struct node **node_out)
{
    struct node *directory;
    const char *name;
    uint32_t name_size;

    status_t status = path_walk(file_system, path, size, &directory, &name, &name_size);
    if (status != OK) {
        return status;
    }
    if (name_size == 0) {
        *node_out = directory;
        return OK;
    }
    status = file_system->operations->look_up(directory, name, name_size, node_out);
    node_release(directory);
    return status;
}

bool path_is_below(const char *path, uint32_t size, const char *above, uint32_t above_size)
{
    return size >= above_size && memcmp(path, above, above_size) == 0
        && (size == above_size || above_size == 0 || path[above_size] == '/');
}
