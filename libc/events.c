#include "libc/events.h"

#include <stdbool.h>

#include <ternion/condition.h>
#include <ternion/libc.h>
#include <ternion/syscall.h>

#include "libc/children.h"

static struct lock lock;            /* protects what follows */
static struct condition changed;
static uint32_t count;
static bool somebody_waits;         /* in event_wait, for all */
static libc_event_handler_t *handler;
static bool (*also)(const struct event *event);

/* A program that has no use for messages drops them: who called gets an answer at once. */
static void nobody_handles(const struct event *event)
{
    if (event->kind == EVENT_MESSAGE) {
        (void)message_discard(event->id);
    } else if (event->kind == EVENT_SAVE_STATE) {
        (void)state_saved();
    }
}

void libc_set_event_handler(libc_event_handler_t *new_handler)
{
    lock_acquire(&lock);
    handler = new_handler;
    lock_release(&lock);
}

static bool is_ours(const struct event *event)
{
    bool (*take)(const struct event *) = __atomic_load_n(&also, __ATOMIC_ACQUIRE);

    if (take != NULL && take(event)) {
        return true;
    }
    switch (event->kind) {
    case EVENT_PROCESS_EXITED:
        return children_note_exit(event->id, event->count);
    case EVENT_PIPE_READY:          /* who waits in poll looks at all its pipes again */
    case EVENT_PIPE_RELEASED:
    case EVENT_SHARED_RELEASED:
        return true;
    default:
        return false;
    }
}

/* Called with the lock held. */
static void say_changed(void)
{
    count++;
    condition_broadcast(&changed);
}

void event_pump_wake(void)
{
    lock_acquire(&lock);
    say_changed();
    lock_release(&lock);
}

void events_also_for(bool (*take)(const struct event *event))
{
    __atomic_store_n(&also, take, __ATOMIC_RELEASE);
}

bool libc_event(const struct event *event)
{
    bool ours = is_ours(event);

    if (ours) {
        event_pump_wake();
    }
    return ours;
}

uint32_t event_pump_count(void)
{
    lock_acquire(&lock);
    uint32_t now = count;
    lock_release(&lock);
    return now;
}

/* Takes one event for all who wait. Called with the lock held, which it releases while it sleeps. */
static bool take_event(nanoseconds_t deadline_ns)
{
    struct event event;

    somebody_waits = true;
    lock_release(&lock);
    status_t status = event_wait(&event, deadline_ns);
    bool ours = status == OK && is_ours(&event);
    lock_acquire(&lock);
    somebody_waits = false;
    libc_event_handler_t *foreign = handler == NULL ? nobody_handles : handler;
    say_changed();                  /* after a deadline too: another must take this one's place */
    if (status == OK && !ours) {
        lock_release(&lock);
        foreign(&event);
        lock_acquire(&lock);
    }
    return status == OK;
}

void event_pump(uint32_t seen, nanoseconds_t deadline_ns)
{
    bool go_on = true;

    lock_acquire(&lock);
    while (count == seen && go_on) {
        if (somebody_waits) {
            go_on = condition_wait_before(&changed, &lock, deadline_ns) == OK;
        } else {
            go_on = take_event(deadline_ns);
        }
    }
    lock_release(&lock);
}
