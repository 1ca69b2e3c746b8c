#include "ring.h"

#include <ternion/condition.h>
#include <ternion/memory.h>
#include <ternion/syscall.h>

static struct trace_record *records;     /* constant */
static uint32_t capacity;                /* constant */
static struct lock lock;                 /* protects all below */
static uint32_t first, count;
static bool has_ended;
static struct condition filled;

status_t ring_open(uint32_t room)
{
    uint32_t address;
    status_t status = memory_allocate(PAGES(room * (uint32_t)sizeof *records), MEMORY_ON_DEMAND, &address);

    if (status == OK) {
        records = (struct trace_record *)address;
        capacity = room;
    }
    return status;
}

void ring_put(const struct trace_record *record)
{
    lock_acquire(&lock);
    if (count < capacity) {
        records[(first + count) % capacity] = *record;
        count++;
        condition_signal(&filled);
    }
    lock_release(&lock);
}

void ring_end(void)
{
    lock_acquire(&lock);
    has_ended = true;
    condition_signal(&filled);
    lock_release(&lock);
}

/* With the lock. An empty ring begins at its front again, so that one which is never full takes few pages. */
static void take_first(struct trace_record *record_out)
{
    *record_out = records[first];
    count--;
    first = count == 0 ? 0 : (first + 1) % capacity;
}

status_t ring_take(struct trace_record *record_out, nanoseconds_t deadline_ns)
{
    status_t status = OK;

    lock_acquire(&lock);
    while (count == 0 && !has_ended && status == OK) {
        status = condition_wait_before(&filled, &lock, deadline_ns);
    }
    if (count != 0) {
        take_first(record_out);
        status = OK;
    } else if (has_ended) {
        status = NOTHING;
    }
    lock_release(&lock);
    return status;
}
