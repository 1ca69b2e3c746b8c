#include "share.h"

#include <ternion/memory.h>
#include <ternion/syscall.h>

#define WALKS_MAX 8U                 /* ancestors may end while they are walked: then anew */

struct share {
    struct share *next;
    process_id_t first;              /* of the session */
    uint32_t clients;
    uint32_t files;
};

static struct share trusted;         /* drivers and servers */
static struct share *sessions;
static uint32_t files_of_sessions;

/* The oldest application among a process and its ancestors. False: an ancestor has ended on the way. */
static bool walk(process_id_t process, bool *is_application_out, process_id_t *first_out)
{
    struct process_information information;
    bool is_first = true;

    for (process_id_t id = process; id != KERNEL_PROCESS; id = information.parent) {
        if (process_information(id, &information) != OK) {
            return is_first;
        }
        if (information.class != CLASS_APPLICATION) {
            break;
        }
        *is_application_out = true;
        *first_out = id;
        is_first = false;
    }
    return true;
}

struct share *share_join(process_id_t process)
{
    bool is_application = false, is_known = false;
    process_id_t first = process;

    for (uint32_t walks = 0; walks < WALKS_MAX && !is_known; walks++) {
        is_known = walk(process, &is_application, &first);
    }
    struct share *share = is_application ? sessions : &trusted;
    while (share != NULL && share != &trusted && share->first != first) {
        share = share->next;
    }
    if (share == NULL) {
        share = calloc(1, sizeof *share);
        if (share == NULL) {
            return NULL;
        }
        share->first = first;
        share->next = sessions;
        sessions = share;
    }
    share->clients++;
    return share;
}

void share_leave(struct share *share)
{
    struct share **link = &sessions;

    if (--share->clients != 0 || share == &trusted) {
        return;
    }
    while (*link != share) {
        link = &(*link)->next;
    }
    *link = share->next;
    free(share);
}

bool share_has_room(const struct share *share, uint32_t files_of_client)
{
    uint32_t left = OPEN_FILES_MAX - OPEN_FILES_KEPT - files_of_sessions;

    if (files_of_client >= OPEN_FILES_OF_CLIENT_MAX) {
        return false;
    }
    if (share == &trusted) {
        return true;
    }
    if (files_of_client < OPEN_FILES_FEW) {
        return left > OPEN_FILES_FOR_OTHERS || left > share->files;
    }
    return left > share->files + OPEN_FILES_FOR_FEW;
}

void share_count(struct share *share, int32_t change)
{
    share->files += (uint32_t)change;
    files_of_sessions += share == &trusted ? 0 : (uint32_t)change;
}
