#include "timer.h"

#include "clock.h"
#include "heap.h"
#include "id_table.h"
#include "process.h"
#include "syscall_handlers.h"
#include "thread.h"

struct timer {
    struct event_source source;
    struct deadline deadline;
    struct process *owner;       /* constant */
    struct list owner_node;      /* in owner->timers */
    timer_id_t id;               /* constant */
    uint32_t count;              /* how often it was due when its event was described last */
    nanoseconds_t next_ns;       /* when it is due next, or was first, if its event waits */
    nanoseconds_t period_ns;     /* 0: once */
};

struct id_table timer_table;

/* How often it has been due by now: its event waits, and it does not begin anew before that is taken. */
static uint32_t due_count(const struct timer *timer)
{
    nanoseconds_t now = clock_now();

    if (timer->period_ns == 0 || now <= timer->next_ns) {
        return 1;
    }
    nanoseconds_t more = (now - timer->next_ns) / timer->period_ns;
    return more < UINT32_MAX ? (uint32_t)more + 1 : UINT32_MAX;
}

static void timer_describe(const struct event_source *source, struct event *event_out)
{
    struct timer *timer = LIST_ENTRY(source, struct timer, source);

    timer->count = due_count(timer);
    event_out->kind = EVENT_TIMER;
    event_out->id = timer->id;
    event_out->count = timer->count;
}

static void timer_start(struct timer *timer);

static void timer_delivered(struct event_source *source)
{
    struct timer *timer = LIST_ENTRY(source, struct timer, source);

    if (timer->period_ns != 0) {
        nanoseconds_t rest = FOREVER - timer->next_ns;

        timer->next_ns = timer->period_ns > rest / timer->count ? FOREVER : timer->next_ns + timer->count * timer->period_ns;
        timer_start(timer);
    }
}

static const struct event_source_type timer_type = { true, timer_describe, timer_delivered };

/* The clock's part is this alone, once for each event that is taken: who asks for many pays for them itself. */
static void timer_due(struct deadline *deadline)
{
    struct timer *timer = LIST_ENTRY(deadline, struct timer, deadline);

    event_post(&timer->owner->events, &timer->source);
}

/* Waits for next_ns; if that is past the timer is due at the next tick. */
static void timer_start(struct timer *timer)
{
    if (!clock_set_deadline(&timer->deadline, timer->next_ns)) {
        clock_set_next_tick(&timer->deadline);
    }
}

static bool period_is_fine(nanoseconds_t period_ns)
{
    return period_ns == 0 || period_ns >= TIMER_PERIOD_MIN_NS;
}

/* The running process's timer with this ID, or NULL. */
static struct timer *timer_find(timer_id_t id)
{
    struct timer *timer = id_table_find(&timer_table, id);

    return timer != NULL && timer->owner == thread_current->process ? timer : NULL;
}

static void timer_free(struct timer *timer)
{
    deadline_cancel(&timer->deadline);
    event_withdraw(&timer->source);
    list_remove(&timer->owner_node);
    id_table_remove(&timer_table, timer->id);
    account_release(&timer->owner->account, RESOURCE_OBJECTS, 1);
    heap_free(timer);
}

status_t sys_timer_create(nanoseconds_t deadline_ns, nanoseconds_t period_ns, timer_id_t *id_out)
{
    struct process *self = thread_current->process;

    if (!period_is_fine(period_ns)) {
        return BAD_ARGUMENT;
    }
    status_t status = account_charge(&self->account, RESOURCE_OBJECTS, 1);
    if (status != OK) {
        return status;
    }
    struct timer *timer = heap_allocate(sizeof *timer, self->space.reserve);
    if (timer == NULL || !id_table_add(&timer_table, timer, &timer->id)) {
        heap_free(timer);
        account_release(&self->account, RESOURCE_OBJECTS, 1);
        return NO_MEMORY;
    }
    event_source_initialise(&timer->source, &timer_type);
    deadline_initialise(&timer->deadline, timer_due);
    timer->owner = self;
    list_append(&self->timers, &timer->owner_node);
    timer->next_ns = deadline_ns;
    timer->period_ns = period_ns;
    timer_start(timer);
    *id_out = timer->id;
    return OK;
}

status_t sys_timer_set(timer_id_t id, nanoseconds_t deadline_ns, nanoseconds_t period_ns)
{
    struct timer *timer = timer_find(id);

    if (timer == NULL) {
        return BAD_ID;
    }
    if (!period_is_fine(period_ns)) {
        return BAD_ARGUMENT;
    }
    deadline_cancel(&timer->deadline);
    event_withdraw(&timer->source);
    timer->next_ns = deadline_ns;
    timer->period_ns = period_ns;
    timer_start(timer);
    return OK;
}

status_t sys_timer_end(timer_id_t id)
{
    struct timer *timer = timer_find(id);

    if (timer == NULL) {
        return BAD_ID;
    }
    timer_free(timer);
    return OK;
}

void timers_end(struct process *process)
{
    while (!list_is_empty(&process->timers)) {
        timer_free(LIST_ENTRY(process->timers.next, struct timer, owner_node));
    }
}

uint32_t timer_count(void)
{
    return timer_table.used;
}
