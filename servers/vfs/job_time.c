/* When a file was written last, as a client says. */
#include "job.h"

#include "mount.h"
#include "open_file.h"
#include "path.h"

static status_t set_changed(struct job *job, struct node *node)
{
    const struct file_system *file_system = job->mount->file_system;
    int64_t changed_s = (int64_t)job->position;

    if (file_system->is_read_only || (job->mount->flags & VFS_IS_READ_ONLY) || file_system->operations->set_changed == NULL) {
        return NOT_ALLOWED;
    }
    return file_system->operations->set_changed(node, changed_s == VFS_TIME_NOW ? time_now_s() : changed_s);
}

status_t job_set_changed(struct job *job)
{
    struct node *node;

    if (job->file != NULL) {
        return set_changed(job, job->file->node);
    }
    status_t status = path_find(job->mount->file_system, job->path.text, job->path.size, &node);
    if (status == OK) {
        bool is_wrong = (job->flags & VFS_DIRECTORY) && node->kind != VFS_KIND_DIRECTORY;

        status = is_wrong ? NOT_DIRECTORY : set_changed(job, node);
        node_release(node);
    }
    return status;
}
