#include "job_names.h"

#include <ternion/string.h>

#include "mount.h"
#include "path.h"

/* ---- What comes and goes ---- */

status_t job_make_directory(struct job *job)
{
    const struct file_system_operations *operations = mount_operations(job->mount);
    struct node *directory, *node;
    const char *name;
    uint32_t size;

    status_t status = path_walk(job->mount->file_system, job->path.text, job->path.size, &directory, &name, &size);
    if (status != OK) {
        return status;
    }
    status = size == 0 ? OK : operations->look_up(directory, name, size, &node);
    if (status == OK) {
        if (size != 0) {
            node_release(node);
        }
        status = EXISTS;
    } else if (status == NOT_FOUND) {
        status = mount_is_read_only(job->mount) || operations->create == NULL ? NOT_ALLOWED
               : operations->create(directory, name, size, VFS_KIND_DIRECTORY, &node);
        if (status == OK) {
            node_release(node);
        }
    }
    node_release(directory);
    return status;
}

static status_t remove_node(struct job *job, struct node *directory, const char *name, uint32_t size)
{
    const struct file_system_operations *operations = mount_operations(job->mount);
    struct node *node;

    status_t status = operations->look_up(directory, name, size, &node);
    if (status != OK) {
        return status;
    }
    bool is_directory = node->kind == VFS_KIND_DIRECTORY;
    if (is_directory != ((job->flags & VFS_DIRECTORY) != 0) || (job->must_be_directory && !is_directory)) {
        status = is_directory ? IS_DIRECTORY : NOT_DIRECTORY;
    } else if (mount_is_read_only(job->mount) || operations->remove == NULL) {
        status = NOT_ALLOWED;
    } else {
        status = operations->remove(directory, name, size, node);
    }
    node_release(node);
    return status;
}

status_t job_remove(struct job *job)
{
    struct node *directory;
    const char *name;
    uint32_t size;

    status_t status = path_walk(job->mount->file_system, job->path.text, job->path.size, &directory, &name, &size);
    if (status == OK) {
        status = size == 0 ? BUSY : remove_node(job, directory, name, size);
        node_release(directory);
    }
    return status;
}

/* ---- Renaming ---- */

/* Both ends of a rename. */
struct ends {
    struct node *from, *to;      /* directories */
    const char *name, *new_name;
    uint32_t size, new_size;
};

/* What has the new name, or NULL; it must be of the same kind. */
static status_t find_replaced(struct job *job, const struct ends *ends, const struct node *node, struct node **replaced_out)
{
    *replaced_out = NULL;
    status_t status = mount_operations(job->mount)->look_up(ends->to, ends->new_name, ends->new_size, replaced_out);
    if (status != OK) {
        *replaced_out = NULL;
        return status == NOT_FOUND ? OK : status;
    }
    if ((*replaced_out)->kind == node->kind) {
        return OK;
    }
    return (*replaced_out)->kind == VFS_KIND_DIRECTORY ? IS_DIRECTORY : NOT_DIRECTORY;
}

static status_t rename_between(struct job *job, const struct ends *ends)
{
    const struct file_system_operations *operations = mount_operations(job->mount);
    struct node *node, *replaced = NULL;

    status_t status = operations->look_up(ends->from, ends->name, ends->size, &node);
    if (status != OK) {
        return status;
    }
    if (job->must_be_directory && node->kind != VFS_KIND_DIRECTORY) {
        status = NOT_DIRECTORY;
    } else {
        status = mount_is_read_only(job->mount) || operations->rename == NULL ? NOT_ALLOWED : find_replaced(job, ends, node, &replaced);
    }
    bool is_same_name = ends->from == ends->to && ends->size == ends->new_size && memcmp(ends->name, ends->new_name, ends->size) == 0;
    if (status == OK && !is_same_name) {
        status = operations->rename(ends->from, ends->name, ends->size, node, ends->to, ends->new_name, ends->new_size, replaced);
    }
    if (replaced != NULL) {
        node_release(replaced);
    }
    node_release(node);
    return status;
}

status_t job_rename(struct job *job)
{
    struct file_system *file_system = job->mount->file_system;
    struct ends ends;

    if (path_is_below(job->new_path.text, job->new_path.size, job->path.text, job->path.size) && job->new_path.size != job->path.size) {
        return BAD_ARGUMENT;
    }
    status_t status = path_walk(file_system, job->path.text, job->path.size, &ends.from, &ends.name, &ends.size);
    if (status != OK) {
        return status;
    }
    status = path_walk(file_system, job->new_path.text, job->new_path.size, &ends.to, &ends.new_name, &ends.new_size);
    if (status == OK) {
        status = ends.size == 0 || ends.new_size == 0 ? BUSY : rename_between(job, &ends);
        node_release(ends.to);
    }
    node_release(ends.from);
    return status;
}
