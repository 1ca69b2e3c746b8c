#include "names.h"

#include <stdbool.h>

#include <abi/process.h>

#include <ternion/lock.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#define NAMES_KEPT 64U

static struct lock lock;         /* protects all below */
static struct {
    process_id_t id;             /* 0: free */
    char name[NAME_SIZE_MAX + 1];
} kept[NAMES_KEPT];
static uint32_t next;            /* the one that is overwritten next */

/* With the lock. */
static bool copy(process_id_t id, char *name_out)
{
    for (uint32_t i = 0; i < NAMES_KEPT; i++) {
        if (kept[i].id == id) {
            memcpy(name_out, kept[i].name, sizeof kept[i].name);
            return true;
        }
    }
    return false;
}

void names_add(process_id_t id, const char *name)
{
    size_t size = strnlen(name, NAME_SIZE_MAX);

    lock_acquire(&lock);
    kept[next].id = id;
    memcpy(kept[next].name, name, size);
    kept[next].name[size] = '\0';
    next = (next + 1) % NAMES_KEPT;
    lock_release(&lock);
}

static bool find(process_id_t id, char *name_out)
{
    struct process_information information;

    lock_acquire(&lock);
    bool is_kept = copy(id, name_out);
    lock_release(&lock);
    if (is_kept) {
        return true;
    }
    if (id == SELF || process_information(id, &information) != OK) {
        return false;
    }
    names_add(id, information.name);
    memcpy(name_out, information.name, sizeof information.name);
    return true;
}

void names_note(process_id_t id)
{
    char name[NAME_SIZE_MAX + 1];

    (void)find(id, name);
}

const char *names_find(process_id_t id)
{
    static char name[NAME_SIZE_MAX + 1];

    return find(id, name) ? name : NULL;
}
