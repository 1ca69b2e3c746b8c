#include "libc/children.h"

#include <errno.h>
#include <stdlib.h>

#include <ternion/lock.h>
#include <ternion/syscall.h>

#include "libc/status_errno.h"

struct child {
    struct child *next;
    process_id_t id;
    bool has_ended;
    uint32_t code;
};

static struct lock lock; /* protects the list; held while a child is made, so that its end finds it there */
static struct child *children;

int child_spawn(const struct spawn *spawn, process_id_t *id_out, elf_reason_t *reason_out)
{
    struct child *child = calloc(1, sizeof *child);

    if (child == NULL) {
        return -ENOMEM;
    }
    lock_acquire(&lock);
    status_t status = process_spawn(spawn, &child->id, reason_out);
    if (status == OK) {
        *id_out = child->id;
        child->next = children;
        children = child;
    }
    lock_release(&lock);
    if (status != OK) {
        free(child);
    }
    return status_error(status);
}

/* Called with the lock held. */
static struct child *child_find(process_id_t id)
{
    struct child *child = children;

    while (child != NULL && child->id != id) {
        child = child->next;
    }
    return child;
}

bool children_note_exit(process_id_t id, uint32_t code)
{
    lock_acquire(&lock);
    struct child *child = child_find(id);
    if (child != NULL) {
        child->has_ended = true;
        child->code = code;
    }
    lock_release(&lock);
    return child != NULL;
}

/* Called with the lock held: the link to the child that child_take should take, or to none; whether any fits at all. */
static struct child **link_find(process_id_t id, bool *exists_out)
{
    struct child **link = &children;

    *exists_out = false;
    while (*link != NULL) {
        bool fits = id == 0 || (*link)->id == id;
        *exists_out = *exists_out || fits;
        if (fits && (*link)->has_ended) {
            break;
        }
        link = &(*link)->next;
    }
    return link;
}

int child_take(process_id_t id, process_id_t *id_out, uint32_t *code_out)
{
    bool exists;

    lock_acquire(&lock);
    struct child **link = link_find(id, &exists);
    struct child *child = *link;
    if (child != NULL) {
        *link = child->next;
        *id_out = child->id;
        *code_out = child->code;
    }
    lock_release(&lock);
    free(child);
    return child != NULL ? 1 : exists ? 0 : -ECHILD;
}

bool child_lives(process_id_t id)
{
    struct process_information information;

    return process_information(id, &information) == OK;
}
