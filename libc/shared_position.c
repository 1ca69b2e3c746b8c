#include "libc/shared_position.h"

#include <errno.h>
#include <string.h>

#include <abi/shared.h>
#include <ternion/clock.h>
#include <ternion/syscall.h>
#include <ternion/system.h>

#include "libc/status_errno.h"

#define LOOK_AGAIN_NS MILLISECOND
#define PATIENCE_NS (100 * MILLISECOND)     /* for a few instructions of a process that lives */

static bool lives(process_id_t process)
{
    struct process_information information;

    return process_information(process, &information) == OK;
}

/* Becomes the holder, if it is this one now. */
static bool hold_after(struct shared_position *shared, process_id_t *holder)
{
    return __atomic_compare_exchange_n(&shared->holder, holder, process_page()->id, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/* An i486 cannot change 64 bits at once. */
void shared_position_hold(struct shared_position *shared)
{
    nanoseconds_t deadline_ns = 0;
    process_id_t holder = 0;

    while (!hold_after(shared, &holder)) {
        deadline_ns = deadline_ns == 0 ? clock_after(PATIENCE_NS) : deadline_ns;
        if ((clock_now() >= deadline_ns || !lives(holder)) && hold_after(shared, &holder)) {
            return;
        }
        (void)address_wait((uint32_t)&shared->holder, holder, clock_after(LOOK_AGAIN_NS));
        holder = 0;
    }
}

/* Nobody is woken: who waits looks again by himself, and hardly anybody ever does. */
void shared_position_release(struct shared_position *shared)
{
    process_id_t self = process_page()->id;

    (void)__atomic_compare_exchange_n(&shared->holder, &self, 0, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}

int position_share(struct position *position, const char *text)
{
    struct shared_handle handle;

    if (position->shared != NULL) {
        return 0;
    }
    status_t status = shared_create(1, &handle);
    if (status != OK) {
        return status_error(status);
    }
    struct shared_position *shared = (struct shared_position *)handle.address;
    shared->value = (uint64_t)position->here;
    strncpy(shared->text, text, POSITION_TEXT_MAX);
    position->id = handle.id;
    position->key = handle.key;
    position->shared = shared;
    return 0;
}

int position_join(struct position *position, shared_id_t id, object_key_t key, char *text_out)
{
    uint32_t address, pages;
    status_t status = shared_join(id, key, 0, &address, &pages);

    if (status != OK) {
        return status_error(status);
    }
    struct shared_position *shared = (struct shared_position *)address;
    memcpy(text_out, shared->text, POSITION_TEXT_MAX);
    text_out[POSITION_TEXT_MAX] = '\0';
    *position = (struct position){ .shared = shared, .id = id, .key = key };
    return 0;
}

void position_leave(struct position *position)
{
    if (position->shared != NULL) {
        position->shared = NULL;
        (void)shared_leave(position->id);
    }
}
