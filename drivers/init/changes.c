#include <stdbool.h>

#include <ternion/memory.h>
#include <ternion/syscall.h>

#include "changes.h"

#define ROOM_FIRST 32U
#define ROOM_LAST 4096U                      /* as many as there can be processes */
#define WAITING_OF_ONE_MAX 4U                /* calls of one process */

static uint32_t count = 1;                   /* of changes so far; 0 is nobody's */
static bool is_untold;

static struct pending_call *waiting;
static uint32_t waiting_count;
static uint32_t waiting_room;

void changes_note(void)
{
    count = count == UINT32_MAX ? 1 : count + 1;
    is_untold = true;
}

void changes_tell(void)
{
    struct init_changes now = { count };

    if (!is_untold) {
        return;
    }
    is_untold = false;
    for (uint32_t i = 0; i < waiting_count; i++) {
        (void)init_changes_answer(&waiting[i], OK, &now);    /* or it is gone */
    }
    waiting_count = 0;
}

/* A process that died waiting has left its calls here. */
static void forget_dead(void)
{
    struct process_information information;
    uint32_t alive = 0;

    for (uint32_t i = 0; i < waiting_count; i++) {
        if (process_information(waiting[i].sender, &information) == OK) {
            waiting[alive++] = waiting[i];
        }
    }
    waiting_count = alive;
}

static bool has_room(void)
{
    if (waiting_count == waiting_room) {
        forget_dead();
    }
    if (waiting_count < waiting_room) {
        return true;
    }
    uint32_t room = waiting_room == 0 ? ROOM_FIRST : 2 * waiting_room;
    struct pending_call *larger = room > ROOM_LAST ? NULL : realloc(waiting, room * sizeof *larger);
    if (larger == NULL) {
        return false;
    }
    waiting = larger;
    waiting_room = room;
    return true;
}

/* How many calls of a process wait; what it has given up waiting for is not known here, and counts. */
static uint32_t waiting_of(process_id_t process)
{
    uint32_t calls = 0;

    for (uint32_t i = 0; i < waiting_count; i++) {
        calls += waiting[i].sender == process;
    }
    return calls;
}

status_t changes_wait(struct server_call *call, const struct init_changes *request, struct init_changes *reply)
{
    struct pending_call pending;

    if (request->count != count) {
        reply->count = count;
        return OK;
    }
    if (waiting_of(call->sender) >= WAITING_OF_ONE_MAX) {
        return BUSY;
    }
    if (!has_room()) {
        return NO_MEMORY;
    }
    status_t status = server_answer_later(call, &pending);
    if (pending.id != 0) {                   /* else nobody waits for the answer */
        waiting[waiting_count++] = pending;
    }
    return status;
}
