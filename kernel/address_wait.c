/*
 * Threads that sleep until somebody wakes an address: what locks are made of. Who waits is known by the frame and the offset in
 * it: so threads of one process meet, and processes that share the page.
 */
#include "address_wait.h"

#include "address_space.h"
#include "process.h"
#include "syscall_handlers.h"
#include "thread.h"
#include "user_memory.h"

#define BUCKETS 256U

static struct list buckets[BUCKETS];

void address_wait_initialise(void)
{
    for (uint32_t i = 0; i < BUCKETS; i++) {
        list_initialise(&buckets[i]);
    }
}

static struct list *bucket_of(physical_t physical)
{
    return &buckets[(physical / sizeof(uint32_t) ^ physical / PAGE_SIZE) % BUCKETS];
}

/* Where the running process's value lies; it is touched first, so that a promised page has its frame. OK, BAD_ADDRESS, BAD_ARGUMENT. */
static status_t place_find(uint32_t address, uint32_t *value_out, physical_t *physical_out)
{
    if (address % sizeof(uint32_t) != 0) {
        return BAD_ARGUMENT;
    }
    status_t status = user_read(value_out, (const void USER *)address, sizeof *value_out);
    if (status == OK) {
        *physical_out = address_space_physical(&thread_current->process->space, address);
    }
    return status;
}

/*
 * The frame under a thread that waits is held: freed and given to somebody else it would make the thread a taker of
 * wake-ups that are not its own.
 */
static void wait_end(struct thread *thread)
{
    address_space_let_frame_go(thread->waits_at);
    thread->waits_at = 0;
}

void address_wait_thread_ends(struct thread *thread)
{
    if (thread->waits_at != 0) {
        wait_end(thread);
    }
}

static status_t wait_continue(struct thread *thread)
{
    wait_end(thread);
    return thread_deadline_passed(thread) ? TIMED_OUT : OK;
}

status_t sys_address_wait(uint32_t address, uint32_t expected, nanoseconds_t deadline_ns)
{
    struct thread *self = thread_current;
    physical_t physical;
    uint32_t value;
    status_t status = place_find(address, &value, &physical);

    if (status != OK) {
        return status;
    }
    if (value != expected) {
        return CHANGED;
    }
    if (!thread_set_deadline(self, deadline_ns)) {
        return TIMED_OUT;
    }
    if (!address_space_hold_frame(physical)) {
        return OK;               /* 65,535 hold it already: let it look again */
    }
    self->waits_at = physical;
    list_append(bucket_of(physical), &self->queue_node);
    thread_block(self, wait_continue);
    return OK;
}

status_t sys_address_wake(uint32_t address, uint32_t most, uint32_t *woken_out)
{
    physical_t physical;
    uint32_t value;
    status_t status = place_find(address, &value, &physical);

    if (status != OK) {
        return status;
    }
    struct list *bucket = bucket_of(physical);
    struct list *node = bucket->next;
    while (node != bucket && *woken_out < most) {
        struct thread *thread = LIST_ENTRY(node, struct thread, queue_node);

        node = node->next;
        if (thread->waits_at == physical) {
            list_remove(&thread->queue_node);
            deadline_cancel(&thread->deadline);
            thread_unblock(thread);
            ++*woken_out;
        }
    }
    return OK;
}
