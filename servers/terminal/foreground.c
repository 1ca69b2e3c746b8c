#include "foreground.h"

#include <ternion/string.h>

#define WALKS_MAX 8U             /* ancestors may end while they are walked: then anew */

/* ---- Naming ---- */

struct foreground *foregrounds_find(struct foregrounds *all, process_id_t namer)
{
    for (uint32_t i = 0; i < all->count; i++) {
        if (all->items[i].namer == namer) {
            return &all->items[i];
        }
    }
    return NULL;
}

static struct foreground *add(struct foregrounds *all, process_id_t namer, bool is_owner)
{
    uint32_t others = 0;

    for (uint32_t i = 0; i < all->count; i++) {
        others += !all->items[i].is_owner;
    }
    if (!is_owner && others == FOREGROUNDS_MAX) {
        return NULL;
    }
    all->items[all->count] = (struct foreground){ .namer = namer, .is_owner = is_owner };
    return &all->items[all->count++];
}

bool foregrounds_name(struct foregrounds *all, process_id_t namer, bool is_owner, const process_id_t *processes, uint32_t count)
{
    struct foreground *one = foregrounds_find(all, namer);

    if (one == NULL) {
        one = add(all, namer, is_owner);
    }
    if (one == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        one->processes[i] = processes[i];
    }
    one->count = count;
    return true;
}

bool foregrounds_forget(struct foregrounds *all, process_id_t namer)
{
    struct foreground *one = foregrounds_find(all, namer);

    if (one == NULL || one->is_owner) {
        return false;
    }
    *one = all->items[--all->count];
    return true;
}

/* ---- Asking ---- */

static bool names(const struct foreground *one, process_id_t process)
{
    for (uint32_t i = 0; i < one->count; i++) {
        if (one->processes[i] == process) {
            return true;
        }
    }
    return false;
}

enum relation {
    STRANGER,                    /* it does not descend from the namer */
    LEFT_OUT,
    NAMED,
    UNKNOWN,                     /* one of its ancestors has ended meanwhile */
};

static enum relation walk(const struct foreground *one, process_id_t process)
{
    bool is_named = process == one->namer && one->count == 0;

    for (process_id_t at = process; at != one->namer;) {
        is_named |= names(one, at);
        if (at == KERNEL_PROCESS) {
            return STRANGER;
        }
        if (foreground_parent(at, &at) != OK) {
            return UNKNOWN;
        }
    }
    return is_named ? NAMED : LEFT_OUT;
}

static enum relation relation_of(const struct foreground *one, process_id_t process)
{
    enum relation relation = UNKNOWN;

    for (uint32_t walks = 0; walks < WALKS_MAX && relation == UNKNOWN; walks++) {
        relation = walk(one, process);
    }
    return relation;
}

/*
 * Is it left out by nobody?
 *   except         NULL, or one that does not count
 *   above_out      how many have named it
 */
static bool have(const struct foregrounds *all, process_id_t process, const struct foreground *except, uint32_t *above_out)
{
    *above_out = 0;
    for (uint32_t i = 0; i < all->count; i++) {
        const struct foreground *one = &all->items[i];
        enum relation relation = one == except ? STRANGER : relation_of(one, process);

        if (relation == LEFT_OUT || relation == UNKNOWN || (relation == STRANGER && one->is_owner && one != except)) {
            return false;
        }
        *above_out += relation == NAMED;
    }
    return true;
}

bool foregrounds_have(const struct foregrounds *all, process_id_t process)
{
    uint32_t above;

    return have(all, process, NULL, &above);
}

process_id_t foregrounds_taker(const struct foregrounds *all)
{
    process_id_t taker = 0;
    uint32_t deepest = 0;

    for (uint32_t i = 0; i < all->count; i++) {
        const struct foreground *one = &all->items[i];
        uint32_t above;

        if (one->takes_keys && have(all, one->namer, one, &above) && (taker == 0 || above >= deepest)) {
            taker = one->namer;
            deepest = above;
        }
    }
    return taker;
}
