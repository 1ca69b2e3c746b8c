#include "libc/spawn_files.h"

#include <errno.h>

#include "libc/vfs.h"

static int apply(struct spawn_files *files, const struct file_action *action)
{
    struct file *file = NULL;

    if (action->kind == ACTION_DUP2) {
        file = files->files[action->source];
        if (file == NULL) {
            return -EBADF;
        }
        file_hold(file);
    } else if (action->kind == ACTION_OPEN) {
        int result = vfs_open(action->path, action->flags, &file);
        if (result < 0) {
            return result;
        }
    }
    if (files->files[action->descriptor] != NULL) {
        file_release(files->files[action->descriptor]);
    }
    files->files[action->descriptor] = file;
    return 0;
}

/* FD_CLOEXEC counts when the actions are done: what dup2 made goes along even if what it was made of does not. */
int spawn_files_begin(struct spawn_files *files, const struct __posix_spawn_file_actions *actions)
{
    bool stays_here[DESCRIPTORS_MAX];
    int result = 0;

    for (int i = 0; i < DESCRIPTORS_MAX; i++) {
        stays_here[i] = descriptor_stays_here(i) == 1;
        files->files[i] = descriptor_hold(i);
    }
    for (const struct file_action *action = actions == NULL ? NULL : actions->first; action != NULL && result == 0; action = action->next) {
        result = apply(files, action);
        stays_here[action->descriptor] = false;
    }
    for (int i = 0; i < DESCRIPTORS_MAX; i++) {
        if (stays_here[i] && files->files[i] != NULL) {
            file_release(files->files[i]);
            files->files[i] = NULL;
        }
    }
    return result;
}

int spawn_files_pass(const struct spawn_files *files, struct start_descriptor descriptors[DESCRIPTORS_MAX])
{
    int count = 0;

    for (uint32_t i = 0; i < DESCRIPTORS_MAX; i++) {
        struct file *file = files->files[i];
        if (file == NULL || file->operations->pass == NULL) {
            continue;
        }
        descriptors[count] = (struct start_descriptor){ .number = i };
        int result = file->operations->pass(file, &descriptors[count].file);
        if (result < 0 && result != -ESTALE) {
            return result;
        }
        count += result == 0;
    }
    return count;
}

void spawn_files_end(struct spawn_files *files)
{
    for (int i = 0; i < DESCRIPTORS_MAX; i++) {
        if (files->files[i] != NULL) {
            file_release(files->files[i]);
        }
    }
}
