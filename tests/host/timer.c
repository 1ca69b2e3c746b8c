/* Timers: events that are due at a time, against what the clock says at every tick. */
#include "timer.h"

#include <stdlib.h>

#include "actor.h"
#include "clock.h"
#include "i386/timer.h"
#include "id_table.h"
#include "kernel_window.h"

#define OWNERS 3U
#define TIMERS 12U
#define STEPS 200000U

struct model_timer {
    struct actor *owner;         /* NULL: there is none */
    timer_id_t id;
    nanoseconds_t next_ns;       /* FOREVER: it does not run */
    nanoseconds_t period_ns;
    uint32_t count;              /* not taken yet */
    bool is_past;                /* it was when it was set: so it is due at the next tick */
};

static struct actor owners[OWNERS];
static struct model_timer timers[TIMERS];

/* Never, past, at once, soon, in some time. */
static nanoseconds_t some_deadline(void)
{
    static const uint32_t most[] = { 1, 2, 5 * TIMER_TICK_NS, 600U * TIMER_TICK_NS };
    nanoseconds_t now = clock_now();

    switch (random_below(6)) {
    case 0:
        return FOREVER;
    case 1:
        return now - random_below((uint32_t)now + 1);
    default:
        return now + random_below(most[random_below(4)]);
    }
}

static nanoseconds_t some_period(void)
{
    return random_one_in(2) ? 0 : random_one_in(4) ? random_below(TIMER_PERIOD_MIN_NS)
        : TIMER_PERIOD_MIN_NS + TIMER_TICK_NS / 2 + random_below(40 * TIMER_TICK_NS);
}

static bool period_is_fine(nanoseconds_t period_ns)
{
    return period_ns == 0 || period_ns >= TIMER_PERIOD_MIN_NS;
}

static void start(struct model_timer *timer, nanoseconds_t next_ns)
{
    timer->next_ns = next_ns;
    timer->is_past = next_ns <= clock_now();
}

static void create(struct model_timer *timer)
{
    struct actor *owner = &owners[random_below(OWNERS)];
    nanoseconds_t deadline_ns = some_deadline();
    nanoseconds_t period_ns = some_period();
    timer_id_t id = 0;
    bool fails = random_one_in(10);

    actor_run(owner);
    heap_fail_after(fails ? 0 : UINT32_MAX);
    status_t expected = !period_is_fine(period_ns) ? BAD_ARGUMENT : fails ? NO_MEMORY : OK;
    CHECK_EQUAL(sys_timer_create(deadline_ns, period_ns, &id), expected);
    heap_fail_after(UINT32_MAX);
    if (expected == OK) {
        *timer = (struct model_timer){ .owner = owner, .id = id, .period_ns = period_ns };
        start(timer, deadline_ns);
    }
}

/* By its owner, or by somebody else. */
static void set(struct model_timer *timer)
{
    struct actor *actor = random_one_in(5) ? &owners[random_below(OWNERS)] : timer->owner;
    nanoseconds_t deadline_ns = some_deadline();
    nanoseconds_t period_ns = some_period();
    status_t expected = actor != timer->owner ? BAD_ID : !period_is_fine(period_ns) ? BAD_ARGUMENT : OK;

    actor_run(actor);
    CHECK_EQUAL(sys_timer_set(timer->id, deadline_ns, period_ns), expected);
    if (expected == OK) {
        timer->period_ns = period_ns;
        timer->count = 0;
        start(timer, deadline_ns);
    }
}

static void end(struct model_timer *timer)
{
    struct actor *actor = random_one_in(5) ? &owners[random_below(OWNERS)] : timer->owner;

    actor_run(actor);
    CHECK_EQUAL(sys_timer_end(timer->id), actor != timer->owner ? BAD_ID : OK);
    if (actor == timer->owner) {
        CHECK_EQUAL(sys_timer_end(timer->id), BAD_ID);
        timer->owner = NULL;
    }
}

static struct model_timer *timer_of(const struct actor *owner, timer_id_t id)
{
    for (uint32_t i = 0; i < TIMERS; i++) {
        if (timers[i].owner == owner && timers[i].id == id) {
            return &timers[i];
        }
    }
    FAIL("an event of a timer that is none");
}

static void poll(struct actor *owner)
{
    uint32_t due = 0;

    for (uint32_t i = 0; i < TIMERS; i++) {
        due += timers[i].owner == owner && timers[i].count > 0;
    }
    actor_run(owner);
    CHECK_EQUAL(sys_event_poll(&owner->memory->event), due == 0 ? NOTHING : OK);
    if (due > 0) {
        struct model_timer *timer = timer_of(owner, owner->memory->event.id);

        CHECK_EQUAL(owner->memory->event.kind, EVENT_TIMER);
        CHECK_EQUAL(owner->memory->event.count, timer->count);
        start(timer, timer->period_ns == 0 ? FOREVER : timer->next_ns + timer->count * timer->period_ns);
        timer->count = 0;
    }
}

/* What the kernel has counted of a timer that nobody took. */
static uint32_t real_count(const struct model_timer *timer)
{
    LIST_FOR_EACH(node, &timer->owner->process->events.sources) {
        const struct event_source *source = LIST_ENTRY(node, struct event_source, node);
        struct event event = { .kind = EVENT_NONE };

        source->type->describe(source, &event);
        if (event.id == timer->id) {
            CHECK(event.kind == EVENT_TIMER && event.count > 0);
            return event.count;
        }
    }
    return 0;
}

/* Not early, at most two ticks late; then, until its event is taken, as often as its period has passed. */
static void tick(void)
{
    clock_tick();
    for (uint32_t i = 0; i < TIMERS; i++) {
        struct model_timer *timer = &timers[i];

        if (timer->owner == NULL) {
            continue;
        }
        if (real_count(timer) == 0) {
            CHECK(!timer->is_past && (timer->next_ns > clock_now() || clock_now() - timer->next_ns < 2 * TIMER_TICK_NS));
            continue;
        }
        CHECK(clock_now() >= timer->next_ns);
        timer->is_past = false;
        timer->count = timer->period_ns == 0 ? 1 : 1 + (uint32_t)((clock_now() - timer->next_ns) / timer->period_ns);
        CHECK_EQUAL(real_count(timer), timer->count);
    }
}

static void check(void)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < TIMERS; i++) {
        count += timers[i].owner != NULL;
        CHECK(timers[i].owner == NULL || real_count(&timers[i]) == timers[i].count);
    }
    CHECK(timer_count() == count && heap_objects() == count);
}

static void owner_dies_and_is_born_again(struct actor *owner)
{
    actor_end(owner);
    for (uint32_t i = 0; i < TIMERS; i++) {
        timers[i].owner = timers[i].owner == owner ? NULL : timers[i].owner;
    }
    user_memory_remove(owner->memory);
    free(owner->memory);
    *owner = actor_new("d\\again", NULL, NULL);
}

static void random_timers_are_due_in_time(void)
{
    static const char *const names[OWNERS] = { "d\\one", "d\\two", "d\\three" };

    machine_begin();
    for (uint32_t i = 0; i < OWNERS; i++) {
        owners[i] = actor_new(names[i], NULL, NULL);
    }
    for (uint32_t step = 0; step < STEPS; step++) {
        struct model_timer *timer = &timers[random_below(TIMERS)];
        uint32_t what = random_below(100);

        if (what < 50) {
            tick();
        } else if (what < 75) {
            poll(&owners[random_below(OWNERS)]);
        } else if (timer->owner == NULL) {
            create(timer);
        } else if (what < 90) {
            set(timer);
        } else if (what < 93) {
            end(timer);
        } else if (random_one_in(500)) {
            owner_dies_and_is_born_again(&owners[0]);
        }
        check();
    }
}

static void timer_that_is_due_wakes_who_waits_and_tells_how_often(void)
{
    machine_begin();
    struct actor owner = actor_new("d\\owner", NULL, NULL);
    timer_id_t id;

    actor_run(&owner);
    CHECK_EQUAL(sys_timer_create(clock_now() + 3 * TIMER_TICK_NS, 2 * (nanoseconds_t)TIMER_TICK_NS, &id), OK);
    actor_wait(&owner);
    while (owner.thread->blocked != BLOCKED_NOT) {
        CHECK(clock_ticks() < 6);
        clock_tick();
    }
    CHECK_EQUAL(actor_run(&owner), OK);
    CHECK(owner.memory->event.kind == EVENT_TIMER && owner.memory->event.id == id && owner.memory->event.count == 1);
    for (uint32_t i = 0; i < 20; i++) {
        clock_tick();
    }
    CHECK_EQUAL(actor_take(&owner)->count, 10);
    CHECK_EQUAL(sys_timer_set(id, FOREVER, 0), OK);
    for (uint32_t i = 0; i < 1000; i++) {
        clock_tick();
    }
    CHECK_EQUAL(sys_event_poll(&owner.memory->event), NOTHING);
}

static const struct test tests[] = {
    TEST(random_timers_are_due_in_time),
    TEST(timer_that_is_due_wakes_who_waits_and_tells_how_often),
};
TEST_MAIN(tests)
