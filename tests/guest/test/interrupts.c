/*
 * Interrupts, by a line that is at hand in each machine: the periodic interrupt of the clock chip (Motorola MC146818A data sheet).
 * The chip keeps its line up until its register C is read; the line is an edge, so nothing comes before that.
 */
#include <ternion/port.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "files.h"
#include "peer.h"

#define LINE 8U
#define INDEX 0x70
#define DATA 0x71
#define CONTROL 0x0B             /* register B */
#define CAUSE 0x0C               /* register C */
#define PERIODIC 0x40U           /* in both; 1,024 Hz as the firmware leaves it */
#define FIRING_NS (20 * MILLISECOND) /* many periods */
#define PATIENCE_NS (2 * SECOND)

static uint8_t chip_read(uint8_t index)
{
    port_write8(INDEX, index);
    return port_read8(DATA);
}

static void chip_periodic(bool on)
{
    uint8_t control = chip_read(CONTROL);

    port_write8(INDEX, CONTROL);
    port_write8(DATA, (uint8_t)(on ? control | PERIODIC : control & ~PERIODIC));
    (void)chip_read(CAUSE);
}

static uint32_t objects(void)
{
    struct process_information information;

    EXPECT_OK(process_information(SELF, &information));
    return information.used[RESOURCE_OBJECTS];
}

/* The next event is an interrupt of the line; how many. */
static uint32_t take_interrupt(void)
{
    struct event event;

    test_wait_event(&event, EVENT_IRQ);
    EXPECT_EQUAL(LINE, event.id);
    EXPECT(event.count > 0);
    return event.count;
}

static void quiet(void)
{
    (void)chip_read(CAUSE);
    EXPECT_OK(irq_acknowledge(LINE));
}

static void listener_hears_of_each_interrupt_that_it_acknowledges(void)
{
    uint32_t before = objects();

    EXPECT_OK(irq_listen(LINE));
    EXPECT_STATUS(EXISTS, irq_listen(LINE));
    EXPECT_EQUAL(before + 1, objects());
    chip_periodic(true);
    for (uint32_t i = 0; i < 10; i++) {
        EXPECT_EQUAL(1, take_interrupt());
        quiet();
    }
    chip_periodic(false);
    EXPECT_OK(irq_ignore(LINE));
    EXPECT_EQUAL(before, objects());
    EXPECT_STATUS(NOT_FOUND, irq_acknowledge(LINE));
    EXPECT_STATUS(NOT_FOUND, irq_ignore(LINE));
}

static void expect_nothing(void)
{
    struct event event;

    EXPECT_STATUS(TIMED_OUT, event_wait(&event, clock_after(FIRING_NS)));
}

static void nothing_comes_while_the_line_is_not_acknowledged(void)
{
    EXPECT_OK(irq_listen(LINE));
    chip_periodic(true);
    (void)take_interrupt();
    for (uint32_t i = 0; i < 3; i++) {
        (void)chip_read(CAUSE);          /* the chip fires again, the line does not */
        expect_nothing();
    }
    quiet();
    (void)take_interrupt();
    quiet();
    chip_periodic(false);
}

/* Acknowledged without a look at the event: what comes meanwhile is counted in it. */
static void interrupts_are_counted_until_the_event_is_taken(void)
{
    uint32_t seen = 0;

    EXPECT_OK(irq_listen(LINE));
    chip_periodic(true);
    for (nanoseconds_t end_ns = clock_after(FIRING_NS); clock_now() < end_ns;) {
        clock_sleep(MILLISECOND);
        quiet();
    }
    chip_periodic(false);
    quiet();
    seen = take_interrupt();
    EXPECT(seen > 3);
    expect_nothing();
}

/* Who does not read the chip has an edge, and no more: that is no storm. */
static void edge_that_nobody_quiets_comes_once(void)
{
    struct event event;

    EXPECT_OK(irq_listen(LINE));
    chip_periodic(true);
    (void)take_interrupt();
    for (uint32_t i = 0; i < 1200; i++) {
        EXPECT_OK(irq_acknowledge(LINE));
    }
    EXPECT_STATUS(TIMED_OUT, event_wait(&event, clock_after(FIRING_NS)));
    quiet();
    (void)take_interrupt();
    chip_periodic(false);
}

/* ---- Sharers ---- */

/* Listens, tells so, and does with interrupts as its argument says: acknowledges all, or none. Ends when it is told. */
static void interrupts_sharer(int argc, char **argv)
{
    struct message ready = { .words = { 1 } };
    bool acknowledges = argv[argc - 1][0] == 'a';
    struct event event;

    EXPECT_OK(irq_listen(LINE));
    EXPECT_OK(message_send(process_page()->parent, &ready));
    for (;;) {
        EXPECT_OK(event_wait(&event, clock_after(PATIENCE_NS)));
        if (event.kind == EVENT_MESSAGE) {
            return;
        }
        EXPECT_EQUAL(EVENT_IRQ, event.kind);
        EXPECT_OK(acknowledges ? irq_acknowledge(LINE) : OK);
    }
}

static process_id_t start_sharer(const char *what)
{
    process_id_t sharer;
    struct event event;

    EXPECT_OK(test_spawn(CLASS_DRIVER, "interrupts_sharer", &sharer, what, NULL));
    test_wait_event(&event, EVENT_MESSAGE);
    return sharer;
}

static void sharers_all_hear_of_an_interrupt(void)
{
    process_id_t sharers[3];

    EXPECT_OK(irq_listen(LINE));
    for (uint32_t i = 0; i < COUNT(sharers); i++) {
        sharers[i] = start_sharer("acknowledge");
    }
    chip_periodic(true);
    for (uint32_t i = 0; i < 20; i++) {
        (void)take_interrupt();
        quiet();
    }
    chip_periodic(false);
    quiet();
    EXPECT_OK(irq_ignore(LINE));
    struct event event;
    while (event_poll(&event) == OK) {
        EXPECT_EQUAL(EVENT_IRQ, event.kind);
    }
    for (uint32_t i = 0; i < COUNT(sharers); i++) {
        peer_quit(sharers[i]);
    }
}

/* One that has not acknowledged keeps the line from all, until it dies, or ignores it, or is no driver any more. */
static void irq_line_survives_death_of_a_listener(void)
{
    for (uint32_t i = 0; i < 3; i++) {
        process_id_t sharer = start_sharer("nothing");
        struct event event;

        EXPECT_OK(irq_listen(LINE));
        chip_periodic(true);
        (void)take_interrupt();
        quiet();
        expect_nothing();
        EXPECT_OK(process_terminate(sharer, 0));
        bool exited = false;
        uint32_t interrupts = 0;
        while (!exited || interrupts < 5) {
            EXPECT_OK(event_wait(&event, clock_after(PATIENCE_NS)));
            exited |= event.kind == EVENT_PROCESS_EXITED;
            if (event.kind == EVENT_IRQ) {
                interrupts++;
                quiet();
            }
        }
        chip_periodic(false);
        EXPECT_OK(irq_ignore(LINE));
        while (event_poll(&event) == OK) {
            EXPECT_EQUAL(EVENT_IRQ, event.kind);
        }
    }
}

static void listener_that_comes_late_owes_nothing(void)
{
    EXPECT_OK(irq_listen(LINE));
    chip_periodic(true);
    (void)take_interrupt();
    process_id_t sharer = peer_start(CLASS_DRIVER, "interrupts_late");
    struct event event;
    test_wait_event(&event, EVENT_MESSAGE);
    quiet();
    (void)take_interrupt();      /* it was not waited for */
    chip_periodic(false);
    quiet();
    EXPECT_OK(irq_ignore(LINE));
    while (event_poll(&event) == OK) {
        EXPECT_EQUAL(EVENT_IRQ, event.kind);
    }
    peer_kill(sharer);
}

/* Listens when the line is masked, tells so, and waits to be ended; it acknowledges what it hears of. */
static void interrupts_late(int argc, char **argv)
{
    struct message ready = { .words = { 1 } };
    struct event event;
    (void)argc;
    (void)argv;

    EXPECT_OK(irq_listen(LINE));
    EXPECT_OK(message_send(process_page()->parent, &ready));
    for (;;) {
        EXPECT_OK(event_wait(&event, FOREVER));
        EXPECT_OK(irq_acknowledge(LINE));
    }
}

static void lines_that_are_none_are_refused(void)
{
    for (irq_line_t line = 16; line != 0; line <<= 1) {
        EXPECT_STATUS(BAD_ARGUMENT, irq_listen(line));
        EXPECT_STATUS(BAD_ARGUMENT, irq_acknowledge(line));
        EXPECT_STATUS(BAD_ARGUMENT, irq_ignore(line));
    }
    EXPECT_STATUS(NOT_ALLOWED, irq_listen(0));
    EXPECT_STATUS(NOT_ALLOWED, irq_listen(2));
    EXPECT_STATUS(BAD_ARGUMENT, irq_listen(0xFFFFFFFF));
}

const struct test interrupts_tests[] = {
    TEST(CLASS_DRIVER, listener_hears_of_each_interrupt_that_it_acknowledges),
    TEST(CLASS_DRIVER, nothing_comes_while_the_line_is_not_acknowledged),
    TEST(CLASS_DRIVER, interrupts_are_counted_until_the_event_is_taken),
    TEST(CLASS_DRIVER, edge_that_nobody_quiets_comes_once),
    TEST(CLASS_DRIVER, sharers_all_hear_of_an_interrupt),
    TEST(CLASS_DRIVER, irq_line_survives_death_of_a_listener),
    TEST(CLASS_DRIVER, listener_that_comes_late_owes_nothing),
    TEST(CLASS_DRIVER, lines_that_are_none_are_refused),
};
const uint32_t interrupts_test_count = COUNT(interrupts_tests);
const struct role interrupts_roles[] = {
    ROLE(interrupts_sharer), ROLE(interrupts_late),
};
const uint32_t interrupts_role_count = COUNT(interrupts_roles);
