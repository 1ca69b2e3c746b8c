#include "libc/spawn_request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ternion/libc.h>

#include "libc/descriptor.h"

/* ---- What is to be done with descriptors, in this order ---- */

int posix_spawn_file_actions_init(posix_spawn_file_actions_t *actions)
{
    struct __posix_spawn_file_actions *made = calloc(1, sizeof *made);

    if (made == NULL) {
        return ENOMEM;
    }
    made->end = &made->first;
    *actions = made;
    return 0;
}

int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *actions)
{
    struct file_action *action = (*actions)->first;

    while (action != NULL) {
        struct file_action *next = action->next;
        free(action);
        action = next;
    }
    free(*actions);
    *actions = NULL;
    return 0;
}

static int append(struct __posix_spawn_file_actions *actions, const struct file_action *action, const char *path)
{
    if (action->descriptor < 0 || action->descriptor >= DESCRIPTORS_MAX) {
        return EBADF;
    }
    struct file_action *copy = malloc(sizeof *copy + strlen(path) + 1);
    if (copy == NULL) {
        return ENOMEM;
    }
    *copy = *action;
    copy->next = NULL;
    strcpy(copy->path, path);
    *actions->end = copy;
    actions->end = &copy->next;
    return 0;
}

int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t *actions, int descriptor)
{
    return append(*actions, &(struct file_action){ .kind = ACTION_CLOSE, .descriptor = descriptor }, "");
}

int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *actions, int source, int descriptor)
{
    if (source < 0 || source >= DESCRIPTORS_MAX) {
        return EBADF;
    }
    return append(*actions, &(struct file_action){ .kind = ACTION_DUP2, .descriptor = descriptor, .source = source }, "");
}

int posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *restrict actions, int descriptor, const char *restrict path,
                                     int flags, mode_t mode)
{
    struct file_action action = { .kind = ACTION_OPEN, .descriptor = descriptor, .flags = flags, .mode = mode };

    return append(*actions, &action, path);
}

/* ---- Attributes: those about groups, schedulers and signals are kept, and mean nothing here ---- */

int posix_spawnattr_init(posix_spawnattr_t *attributes)
{
    *attributes = calloc(1, sizeof **attributes);
    return *attributes == NULL ? ENOMEM : 0;
}

int posix_spawnattr_destroy(posix_spawnattr_t *attributes)
{
    free(*attributes);
    *attributes = NULL;
    return 0;
}

int posix_spawnattr_setclass_np(posix_spawnattr_t *attributes, process_class_t class)
{
    if (class >= CLASS_COUNT) {
        return EINVAL;
    }
    (*attributes)->has_class = true;
    (*attributes)->class = class;
    return 0;
}

int posix_spawnattr_setflags(posix_spawnattr_t *attributes, short flags)
{
    (*attributes)->flags = flags;
    return 0;
}

int posix_spawnattr_getflags(const posix_spawnattr_t *restrict attributes, short *restrict flags_out)
{
    *flags_out = (*attributes)->flags;
    return 0;
}

int posix_spawnattr_setpgroup(posix_spawnattr_t *attributes, pid_t group)
{
    (*attributes)->group = group;
    return 0;
}

int posix_spawnattr_getpgroup(const posix_spawnattr_t *restrict attributes, pid_t *restrict group_out)
{
    *group_out = (*attributes)->group;
    return 0;
}

int posix_spawnattr_setsigdefault(posix_spawnattr_t *restrict attributes, const sigset_t *restrict signals)
{
    (*attributes)->defaults = *signals;
    return 0;
}

int posix_spawnattr_getsigdefault(const posix_spawnattr_t *restrict attributes, sigset_t *restrict signals_out)
{
    *signals_out = (*attributes)->defaults;
    return 0;
}

int posix_spawnattr_setsigmask(posix_spawnattr_t *restrict attributes, const sigset_t *restrict signals)
{
    (*attributes)->mask = *signals;
    return 0;
}

int posix_spawnattr_getsigmask(const posix_spawnattr_t *restrict attributes, sigset_t *restrict signals_out)
{
    *signals_out = (*attributes)->mask;
    return 0;
}
