/* Interrupt lines and who listens to them: shared, acknowledged, left behind, spurious, storming. */
#include <string.h>

#include "irq.h"

#include <stdlib.h>

#include "actor.h"
#include "clock.h"
#include "i386/timer.h"
#include "i386/traps.h"

#define LINE 5U
#define STORM 1000U              /* interrupts in a row */
#define SECOND_NS 1000000000U
#define PROCESSES 4U
#define STEPS 60000U

/* Lines whose device says until it is quieted that it wants something. */
static bool is_up[IRQ_LINES];

/* What the processor does while interrupts are on: a line that is up and not masked fires. */
static void let_in(void)
{
    for (uint32_t line = 1; line < IRQ_LINES; line++) {
        if (is_up[line] && !machine_line_is_masked(line)) {
            machine_interrupt(line, false);
        }
    }
}

static void begin(void)
{
    machine_begin();
    machine_on_window(let_in);
}

static void listen(const struct actor *actor, uint32_t line)
{
    actor_run(actor);
    CHECK_EQUAL(sys_irq_listen(line), OK);
}

static void acknowledge(const struct actor *actor, uint32_t line)
{
    actor_run(actor);
    CHECK_EQUAL(sys_irq_acknowledge(line), OK);
}

static void expect_event(const struct actor *actor, uint32_t line, uint32_t count)
{
    const struct event *event = actor_take(actor);

    CHECK(event->kind == EVENT_IRQ && event->id == line);
    CHECK_EQUAL(event->count, count);
}

static void expect_no_event(const struct actor *actor)
{
    actor_run(actor);
    CHECK_EQUAL(sys_event_poll(&actor->memory->event), NOTHING);
}

static void line_is_open_while_somebody_listens_and_owes_nothing(void)
{
    begin();
    struct actor driver = actor_new("d\\driver", NULL, NULL);

    CHECK(machine_line_is_masked(LINE));
    listen(&driver, LINE);
    CHECK(!machine_line_is_masked(LINE));
    CHECK_EQUAL(sys_irq_listen(LINE), EXISTS);
    machine_interrupt(LINE, false);
    CHECK(machine_line_is_masked(LINE));
    acknowledge(&driver, LINE);
    CHECK(!machine_line_is_masked(LINE));
    expect_event(&driver, LINE, 1);
    CHECK_EQUAL(sys_irq_ignore(LINE), OK);
    CHECK(machine_line_is_masked(LINE));
    CHECK_EQUAL(sys_irq_acknowledge(LINE), NOT_FOUND);
    CHECK_EQUAL(sys_irq_ignore(LINE), NOT_FOUND);
}

static void lines_of_the_kernel_and_those_that_are_none_are_refused(void)
{
    begin();
    struct actor driver = actor_new("d\\driver", NULL, NULL);

    actor_run(&driver);
    CHECK_EQUAL(sys_irq_listen(0), NOT_ALLOWED);
    CHECK_EQUAL(sys_irq_listen(2), NOT_ALLOWED);
    CHECK_EQUAL(driver.process->strikes, 0);
    for (uint32_t line = IRQ_LINES; line != 0; line <<= 1) {
        CHECK_EQUAL(sys_irq_listen(line), BAD_ARGUMENT);
        CHECK_EQUAL(sys_irq_acknowledge(line), BAD_ARGUMENT);
        CHECK_EQUAL(sys_irq_ignore(line), BAD_ARGUMENT);
    }
}

static void line_outside_the_access_is_a_strike_for_each_try(void)
{
    begin();
    for (uint32_t granted = 1; granted < IRQ_LINES; granted++) {
        struct access access = { .irqs = IRQ_BIT(granted), .strikes = 100 };
        struct actor driver = actor_with("d\\driver", &access);

        actor_run(&driver);
        for (uint32_t line = 1; line < IRQ_LINES; line++) {
            uint32_t strikes = driver.process->strikes;

            CHECK_EQUAL(sys_irq_listen(line), line == granted && line != 2 ? OK : NOT_ALLOWED);
            CHECK_EQUAL(driver.process->strikes, strikes + (line != granted && line != 2));
            CHECK_EQUAL(machine_line_is_masked(line), line != granted || line == 2);
        }
        actor_end(&driver);
    }
}

static void shared_line_opens_when_the_last_has_acknowledged(void)
{
    struct actor drivers[PROCESSES];

    begin();
    for (uint32_t i = 0; i < PROCESSES; i++) {
        drivers[i] = actor_new("d\\sharer", NULL, NULL);
        listen(&drivers[i], LINE);
    }
    for (uint32_t first = 0; first < PROCESSES; first++) {
        machine_interrupt(LINE, false);
        for (uint32_t i = 0; i < PROCESSES; i++) {
            CHECK(machine_line_is_masked(LINE));
            acknowledge(&drivers[(first + i) % PROCESSES], LINE);
            acknowledge(&drivers[(first + i) % PROCESSES], LINE);    /* once more is not for another */
        }
        CHECK(!machine_line_is_masked(LINE));
    }
    for (uint32_t i = 0; i < PROCESSES; i++) {
        expect_event(&drivers[i], LINE, PROCESSES);
        expect_no_event(&drivers[i]);
    }
}

static void listener_that_comes_while_the_line_is_masked_owes_nothing(void)
{
    begin();
    struct actor early = actor_new("d\\early", NULL, NULL);
    struct actor late = actor_new("d\\late", NULL, NULL);

    listen(&early, LINE);
    machine_interrupt(LINE, false);
    listen(&late, LINE);
    CHECK(machine_line_is_masked(LINE));
    acknowledge(&late, LINE);
    CHECK(machine_line_is_masked(LINE));
    acknowledge(&early, LINE);
    CHECK(!machine_line_is_masked(LINE));
    expect_no_event(&late);
}

static void irq_line_survives_death_of_a_listener(void)
{
    begin();
    struct actor dying = actor_new("d\\dying", NULL, NULL);
    struct actor living = actor_new("d\\living", NULL, NULL);

    listen(&dying, LINE);
    listen(&living, LINE);
    machine_interrupt(LINE, false);
    acknowledge(&living, LINE);
    CHECK(machine_line_is_masked(LINE));
    actor_end(&dying);
    CHECK(!machine_line_is_masked(LINE));
    machine_interrupt(LINE, false);
    expect_event(&living, LINE, 2);
    actor_end(&living);
    CHECK(machine_line_is_masked(LINE));
    CHECK_EQUAL(irq_listener_count(), 0);
    struct actor next = actor_new("d\\next", NULL, NULL);
    listen(&next, LINE);
    CHECK(!machine_line_is_masked(LINE));
}

static void driver_that_gives_up_its_class_leaves_its_lines_open(void)
{
    begin();
    struct actor leaving = actor_new("d\\leaving", NULL, NULL);
    struct actor staying = actor_new("d\\staying", NULL, NULL);

    listen(&leaving, LINE);
    listen(&staying, LINE);
    machine_interrupt(LINE, false);
    acknowledge(&staying, LINE);
    actor_run(&leaving);
    CHECK_EQUAL(sys_process_downgrade(CLASS_SERVER), OK);
    CHECK(!machine_line_is_masked(LINE));
    CHECK_EQUAL(sys_irq_acknowledge(LINE), NOT_FOUND);
}

/* Lines 7 and 15 fire when an interrupt goes away too early: that is nobody's. */
static void spurious_interrupts_are_nobodys_and_mask_nothing(void)
{
    static const uint32_t lines[] = { 7, 15 };

    begin();
    struct actor driver = actor_new("d\\driver", NULL, NULL);
    for (uint32_t i = 0; i < 2; i++) {
        listen(&driver, lines[i]);
        for (uint32_t k = 0; k < 10; k++) {
            machine_interrupt(lines[i], true);
            CHECK(!machine_line_is_masked(lines[i]));
        }
        expect_no_event(&driver);
        machine_interrupt(lines[i], false);
        expect_event(&driver, lines[i], 1);
        machine_interrupt(lines[i], true);
        expect_no_event(&driver);
    }
}

static void interrupt_that_nobody_listens_to_is_masked(void)
{
    begin();
    struct actor driver = actor_new("d\\driver", NULL, NULL);

    machine_interrupt(LINE, false);
    CHECK(machine_line_is_masked(LINE));
    listen(&driver, LINE);
    CHECK(!machine_line_is_masked(LINE));
    expect_no_event(&driver);
}

/* ---- Storms ---- */

/* Acknowledges without making the device quiet until the log tells of a storm; how often. */
static uint32_t storm(const struct actor *actors, uint32_t count)
{
    uint32_t lines = machine_log_lines();
    uint32_t rounds = 0;

    while (machine_log_lines() == lines) {
        for (uint32_t i = 0; i < count; i++) {
            acknowledge(&actors[i], LINE);
        }
        CHECK(++rounds <= STORM);
    }
    CHECK_EQUAL(machine_log_lines(), lines + 1);
    return rounds;
}

/* Ticks until the line is open. */
static uint64_t ticks_until_open(void)
{
    uint64_t before = clock_ticks();

    while (machine_line_is_masked(LINE)) {
        clock_tick();
        CHECK(clock_ticks() - before < 3 * SECOND_NS / TIMER_TICK_NS);
    }
    return clock_ticks() - before;
}

static void expect_a_second(void)
{
    uint64_t passed_ns = ticks_until_open() * TIMER_TICK_NS;

    CHECK(passed_ns >= SECOND_NS && passed_ns <= SECOND_NS + 2 * TIMER_TICK_NS);
}

static void storm_is_told_and_masked_for_a_second_again_and_again(void)
{
    begin();
    struct actor driver = actor_new("d\\driver", NULL, NULL);

    listen(&driver, LINE);
    is_up[LINE] = true;
    let_in();
    for (uint32_t i = 0; i < 3; i++) {
        CHECK_EQUAL(storm(&driver, 1), STORM);
        acknowledge(&driver, LINE);
        CHECK(machine_line_is_masked(LINE));
        expect_event(&driver, LINE, STORM + 1);
        expect_a_second();
        let_in();
        CHECK(machine_line_is_masked(LINE));
    }
    is_up[LINE] = false;
    acknowledge(&driver, LINE);
    CHECK(!machine_line_is_masked(LINE));
}

/* Each interrupt of a line that is shared needs the acknowledgement of all. */
static void storm_of_a_shared_line_is_counted_by_interrupts(void)
{
    struct actor drivers[2];

    begin();
    for (uint32_t i = 0; i < 2; i++) {
        drivers[i] = actor_new("d\\sharer", NULL, NULL);
        listen(&drivers[i], LINE);
    }
    is_up[LINE] = true;
    let_in();
    CHECK_EQUAL(storm(drivers, 2), STORM);
}

/* A device that is quiet once in a while is busy, no storm; nor is one that comes again a moment later. */
static void only_interrupts_in_a_row_are_a_storm(void)
{
    begin();
    struct actor driver = actor_new("d\\driver", NULL, NULL);
    uint32_t lines = machine_log_lines();

    listen(&driver, LINE);
    for (uint32_t i = 0; i < 10; i++) {
        is_up[LINE] = true;
        let_in();
        for (uint32_t k = 1; k < STORM; k++) {
            acknowledge(&driver, LINE);
        }
        is_up[LINE] = false;
        acknowledge(&driver, LINE);
        CHECK(!machine_line_is_masked(LINE));
    }
    for (uint32_t i = 0; i < 3 * STORM; i++) {
        machine_interrupt(LINE, false);
        acknowledge(&driver, LINE);
    }
    CHECK_EQUAL(machine_log_lines(), lines);
}

static void who_comes_and_goes_during_a_pause_does_not_end_it(void)
{
    begin();
    struct actor driver = actor_new("d\\driver", NULL, NULL);
    struct actor other = actor_new("d\\other", NULL, NULL);

    listen(&driver, LINE);
    is_up[LINE] = true;
    let_in();
    (void)storm(&driver, 1);
    is_up[LINE] = false;
    uint64_t begin = clock_ticks();
    acknowledge(&driver, LINE);
    listen(&other, LINE);
    CHECK(machine_line_is_masked(LINE));
    actor_end(&driver);
    CHECK(machine_line_is_masked(LINE));
    actor_end(&other);
    struct actor third = actor_new("d\\third", NULL, NULL);
    clock_tick();
    listen(&third, LINE);
    CHECK(machine_line_is_masked(LINE));
    (void)ticks_until_open();
    uint64_t passed_ns = (clock_ticks() - begin) * TIMER_TICK_NS;
    CHECK(passed_ns >= SECOND_NS && passed_ns <= SECOND_NS + 2 * TIMER_TICK_NS);
}

/* Nobody listens when the pause ends: the line stays masked until somebody does. */
static void pause_that_ends_without_listeners_opens_nothing(void)
{
    begin();
    struct actor driver = actor_new("d\\driver", NULL, NULL);

    listen(&driver, LINE);
    is_up[LINE] = true;
    let_in();
    (void)storm(&driver, 1);
    actor_end(&driver);
    for (uint32_t i = 0; i < 3 * SECOND_NS / TIMER_TICK_NS; i++) {
        clock_tick();
        CHECK(machine_line_is_masked(LINE));
    }
    is_up[LINE] = false;
    struct actor next = actor_new("d\\next", NULL, NULL);
    listen(&next, LINE);
    CHECK(!machine_line_is_masked(LINE));
}

/* Who has not acknowledged when the pause ends holds the line as ever. */
static void pause_that_ends_before_the_acknowledgement_waits_for_it(void)
{
    begin();
    struct actor driver = actor_new("d\\driver", NULL, NULL);

    listen(&driver, LINE);
    is_up[LINE] = true;
    let_in();
    (void)storm(&driver, 1);
    is_up[LINE] = false;
    for (uint32_t i = 0; i < 2 * SECOND_NS / TIMER_TICK_NS; i++) {
        clock_tick();
        CHECK(machine_line_is_masked(LINE));
    }
    acknowledge(&driver, LINE);
    CHECK(!machine_line_is_masked(LINE));
}

static void death_in_a_storm_counts_as_an_acknowledgement_only(void)
{
    struct actor drivers[2];

    begin();
    for (uint32_t i = 0; i < 2; i++) {
        drivers[i] = actor_new("d\\sharer", NULL, NULL);
        listen(&drivers[i], LINE);
    }
    is_up[LINE] = true;
    let_in();
    acknowledge(&drivers[0], LINE);
    actor_end(&drivers[1]);      /* opens the line, which fires at once */
    CHECK(machine_line_is_masked(LINE));
    expect_event(&drivers[0], LINE, 2);
    CHECK_EQUAL(storm(drivers, 1), STORM - 1);
}

/* A listener that does not acknowledge holds up the others for two looks at most. */
static void line_goes_on_without_who_does_not_acknowledge(void)
{
    begin();
    struct actor good = actor_new("d\\good", NULL, NULL), lazy = actor_new("d\\lazy", NULL, NULL);

    actor_run(&good);
    CHECK_EQUAL(sys_irq_listen(5), OK);
    actor_run(&lazy);
    CHECK_EQUAL(sys_irq_listen(5), OK);
    machine_interrupt(5, false);
    actor_run(&good);
    CHECK_EQUAL(sys_irq_acknowledge(5), OK);
    CHECK(machine_line_is_masked(5));
    uint32_t lines = machine_log_lines();
    for (uint32_t tick = 0; tick < 2 * 1024; tick++) {
        clock_tick();
    }
    CHECK(!machine_line_is_masked(5));
    CHECK_EQUAL(machine_log_lines(), lines + 1);
    actor_run(&lazy);
    CHECK_EQUAL(sys_irq_acknowledge(5), OK);     /* late, and nothing more */
    CHECK(!machine_line_is_masked(5));
}

/* ---- Anything that can happen, against a model ---- */

#define LOOK_TICKS 1024U

static const uint32_t model_lines[] = { 3, 5, 7, 11 };
#define MODEL_LINES (sizeof model_lines / sizeof model_lines[0])

static struct {
    bool listens[PROCESSES], owes[PROCESSES];
    uint32_t count[PROCESSES];
    uint32_t at_once;
    uint32_t fired, fired_before;        /* now, and at the last look at what is owed */
    uint64_t paused_until;       /* a tick; 0: it is not */
    bool masked;
} model[MODEL_LINES];

static struct actor processes[PROCESSES];

static void model_fire(uint32_t at)
{
    model[at].masked = true;
    model[at].fired++;
    for (uint32_t i = 0; i < PROCESSES; i++) {
        model[at].owes[i] |= model[at].listens[i];
        model[at].count[i] += model[at].listens[i];
    }
}

static bool model_can_open(uint32_t at)
{
    bool listened = false, owed = false;

    for (uint32_t i = 0; i < PROCESSES; i++) {
        listened |= model[at].listens[i];
        owed |= model[at].owes[i];
    }
    return listened && !owed && model[at].paused_until == 0;
}

/* Somebody has acknowledged, come or gone. */
static void model_settle(uint32_t at)
{
    if (!model_can_open(at)) {
        bool listened = false;

        for (uint32_t i = 0; i < PROCESSES; i++) {
            listened |= model[at].listens[i];
        }
        model[at].masked |= !listened;
        return;
    }
    model[at].masked = false;
    model[at].at_once = is_up[model_lines[at]] ? model[at].at_once + 1 : 0;
    if (!is_up[model_lines[at]]) {
        return;
    }
    model_fire(at);
    if (model[at].at_once == STORM) {
        model[at].at_once = 0;
        model[at].paused_until = clock_ticks() + 1 + SECOND_NS / TIMER_TICK_NS;
    }
}

static void model_let_in(void)
{
    for (uint32_t at = 0; at < MODEL_LINES; at++) {
        if (is_up[model_lines[at]] && !model[at].masked) {
            model_fire(at);
        }
    }
}

static void model_check(void)
{
    uint32_t listeners = 0;

    for (uint32_t at = 0; at < MODEL_LINES; at++) {
        CHECK_EQUAL(machine_line_is_masked(model_lines[at]), model[at].masked);
        for (uint32_t i = 0; i < PROCESSES; i++) {
            listeners += model[at].listens[i];
        }
    }
    CHECK_EQUAL(irq_listener_count(), listeners);
}

static void some_listen(uint32_t at, uint32_t i)
{
    CHECK_EQUAL(sys_irq_listen(model_lines[at]), model[at].listens[i] ? EXISTS : OK);
    if (!model[at].listens[i]) {
        model[at].listens[i] = true;
        model_settle(at);
    }
}

static void some_acknowledge(uint32_t at, uint32_t i)
{
    CHECK_EQUAL(sys_irq_acknowledge(model_lines[at]), model[at].listens[i] ? OK : NOT_FOUND);
    if (model[at].owes[i]) {
        model[at].owes[i] = false;
        model_settle(at);
    }
}

static void model_leave(uint32_t at, uint32_t i)
{
    model[at].listens[i] = model[at].owes[i] = false;
    model[at].count[i] = 0;
    model_settle(at);
}

static void some_ignore(uint32_t at, uint32_t i)
{
    CHECK_EQUAL(sys_irq_ignore(model_lines[at]), model[at].listens[i] ? OK : NOT_FOUND);
    if (model[at].listens[i]) {
        model_leave(at, i);
    }
}

/* Takes all its events. */
static void some_events(uint32_t i)
{
    uint32_t taken = 0;

    while (sys_event_poll(&processes[i].memory->event) == OK) {
        const struct event *event = &processes[i].memory->event;
        uint32_t at = 0;

        while (at < MODEL_LINES && model_lines[at] != event->id) {
            at++;
        }
        CHECK(at < MODEL_LINES && event->kind == EVENT_IRQ && event->count > 0);
        CHECK_EQUAL(event->count, model[at].count[i]);
        model[at].count[i] = 0;
        CHECK(++taken <= MODEL_LINES);
    }
    for (uint32_t at = 0; at < MODEL_LINES; at++) {
        CHECK_EQUAL(model[at].count[i], 0);
    }
}

/* Everybody acknowledges at once, for as long as a storm needs. */
static void some_storm(uint32_t at)
{
    for (uint32_t round = 0; round < STORM + 10; round++) {
        for (uint32_t i = 0; i < PROCESSES; i++) {
            if (model[at].listens[i]) {
                actor_run(&processes[i]);
                some_acknowledge(at, i);
            }
        }
    }
}

static void some_death(uint32_t i)
{
    actor_end(&processes[i]);
    user_memory_remove(processes[i].memory);
    free(processes[i].memory);
    for (uint32_t at = 0; at < MODEL_LINES; at++) {
        if (model[at].listens[i]) {
            model_leave(at, i);
        }
    }
    processes[i] = actor_new("d\\driver", NULL, NULL);
}

/* Who owes since the last look is not waited for any more. */
static void model_look(uint32_t at)
{
    bool owed = false;

    for (uint32_t i = 0; i < PROCESSES; i++) {
        owed |= model[at].owes[i];
    }
    if (!owed || model[at].fired != model[at].fired_before) {
        model[at].fired_before = model[at].fired;
        return;
    }
    memset(model[at].owes, 0, sizeof model[at].owes);
    model[at].masked &= model[at].paused_until != 0;
}

static void some_ticks(void)
{
    for (uint32_t ticks = random_below(random_one_in(4) ? 600 : 3); ticks > 0; ticks--) {
        clock_tick();
        for (uint32_t at = 0; at < MODEL_LINES; at++) {
            if (model[at].paused_until == clock_ticks()) {
                model[at].paused_until = 0;
                model[at].masked = !model_can_open(at);
            }
            if (clock_ticks() % LOOK_TICKS == 0) {
                model_look(at);
            }
        }
        let_in();
        model_let_in();
    }
}

static void step(void)
{
    uint32_t at = random_below(MODEL_LINES), i = random_below(PROCESSES);

    actor_run(&processes[i]);
    switch (random_below(40)) {
    case 0:
    case 1:
    case 2:
        some_listen(at, i);
        break;
    case 3:
        some_ignore(at, i);
        break;
    case 4:
        if (random_one_in(4)) {
            some_death(i);
        }
        break;
    case 5:
    case 6:
    case 7:
    case 8:
        is_up[model_lines[at]] = random_one_in(2);
        break;
    case 9:
        if (random_one_in(20)) {
            some_storm(at);
        }
        break;
    case 10:
    case 11:
        some_ticks();
        break;
    case 12:
    case 13:
    case 14:
        some_events(i);
        break;
    case 15:
        if (at == 2 && !machine_line_is_masked(7)) {
            machine_interrupt(7, true);
        }
        break;
    default:
        some_acknowledge(at, i);
    }
}

static void lines_agree_with_the_model_whatever_happens(void)
{
    begin();
    for (uint32_t i = 0; i < PROCESSES; i++) {
        processes[i] = actor_new("d\\driver", NULL, NULL);
    }
    for (uint32_t at = 0; at < MODEL_LINES; at++) {
        model[at].masked = true;
    }
    for (uint32_t i = 0; i < STEPS; i++) {
        step();
        model_check();
        let_in();
        model_let_in();
        model_check();
    }
    CHECK(machine_log_lines() > 5);  /* storms */
}

static const struct test tests[] = {
    TEST(line_is_open_while_somebody_listens_and_owes_nothing),
    TEST(lines_of_the_kernel_and_those_that_are_none_are_refused),
    TEST(line_outside_the_access_is_a_strike_for_each_try),
    TEST(shared_line_opens_when_the_last_has_acknowledged),
    TEST(listener_that_comes_while_the_line_is_masked_owes_nothing),
    TEST(irq_line_survives_death_of_a_listener),
    TEST(driver_that_gives_up_its_class_leaves_its_lines_open),
    TEST(spurious_interrupts_are_nobodys_and_mask_nothing),
    TEST(interrupt_that_nobody_listens_to_is_masked),
    TEST(storm_is_told_and_masked_for_a_second_again_and_again),
    TEST(storm_of_a_shared_line_is_counted_by_interrupts),
    TEST(only_interrupts_in_a_row_are_a_storm),
    TEST(who_comes_and_goes_during_a_pause_does_not_end_it),
    TEST(pause_that_ends_without_listeners_opens_nothing),
    TEST(pause_that_ends_before_the_acknowledgement_waits_for_it),
    TEST(death_in_a_storm_counts_as_an_acknowledgement_only),
    TEST(line_goes_on_without_who_does_not_acknowledge),
    TEST(lines_agree_with_the_model_whatever_happens),
};
TEST_MAIN(tests)
