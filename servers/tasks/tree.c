#include "tree.h"

#include <ternion/syscall.h>
#include <ternion/tasks.h>

#include "table.h"

/*
 * Who hops - starts another and ends - could be missed by a look if it were let run meanwhile; the kernel's own count says whether that was so.
 * It is no proof where the root has descendants that are no applications: then nobody new has to be found so many times in a row.
 */
#define LOOKS_IN_VAIN 3U

/* How many processes the kernel counts as the root's and its descendants'; 0: the root has ended. */
static uint32_t counted(process_id_t root)
{
    struct process_information information;

    return process_information(root, &information) == OK ? information.used[RESOURCE_PROCESSES] : 0;
}

struct look {
    uint32_t inside;                 /* processes that sleep, or are somebody else's to put to sleep */
    bool is_calm;                    /* nobody new was found, and nobody ended */
};

/* Whoever of the tree runs is put to sleep. */
static status_t look(process_id_t root, struct look *look_out)
{
    status_t status = table_read(root);

    *look_out = (struct look){ .is_calm = true };
    for (struct table_row *row = table_next(NULL); status == OK && row != NULL; row = table_next(row)) {
        status_t slept = row->state == PROCESS_RUNNING ? process_sleep(row->id) : NOTHING;

        look_out->inside += slept != BAD_ID;
        look_out->is_calm &= slept != BAD_ID && slept != OK;
    }
    return status;
}

/* All of the tree, the root too, sleeps, and is in the table. */
static status_t freeze(process_id_t root)
{
    struct look seen;
    uint32_t in_vain = 0;

    do {
        status_t status = look(root, &seen);

        if (status != OK) {
            return status;
        }
        in_vain = seen.is_calm ? in_vain + 1 : 0;
    } while (!seen.is_calm || (seen.inside != counted(root) && in_vain < LOOKS_IN_VAIN));
    return OK;
}

static void wake_inside(process_id_t root, uint32_t flags)
{
    for (struct table_row *row = table_next(NULL); row != NULL; row = table_next(row)) {
        if (row->id != root || flags != TASKS_BELOW) {
            (void)process_wake(row->id);         /* BAD_ID: it has ended meanwhile */
        }
    }
}

/* Puts the root to sleep at first: from here on it ends by others alone. */
static status_t root_begin(process_id_t root, bool *ran_out)
{
    struct process_information information;
    status_t status = process_information(root, &information);

    if (status != OK) {
        return status;
    }
    *ran_out = information.state == PROCESS_RUNNING;
    return *ran_out ? process_sleep(root) : OK;
}

static void root_end(process_id_t root, bool ran, uint32_t flags)
{
    if (ran && flags == TASKS_BELOW) {
        (void)process_wake(root);
    }
}

status_t tree_end(process_id_t root, uint32_t code, uint32_t flags)
{
    bool ran;
    status_t status = root_begin(root, &ran);

    if (status != OK) {
        return status;
    }
    status = freeze(root);
    if (status == OK) {
        for (struct table_row *row = table_next(NULL); row != NULL; row = table_next(row)) {
            if (row->id != root) {
                (void)process_terminate(row->id, code);
            }
        }
        if (flags == TASKS_TREE) {
            (void)process_terminate(root, code);
        }
    }
    root_end(root, ran, flags);
    return status;
}

status_t tree_sleep(process_id_t root, uint32_t flags)
{
    bool ran;
    status_t status = root_begin(root, &ran);

    if (status != OK) {
        return status;
    }
    status = freeze(root);
    root_end(root, ran, flags);
    return status;
}

status_t tree_wake(process_id_t root, uint32_t flags)
{
    status_t status = table_read(root);

    if (status != OK) {
        return status;
    }
    if (table_next(NULL) == NULL) {
        return BAD_ID;
    }
    wake_inside(root, flags);
    return OK;
}
