/*
 * Drivers and servers that take the processor and do not give it back, by every trick
 * that they know: an application still gets its part, and the log tells who they are.
 */
#include <ternion/log_client.h>
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "files.h"

#define STACK_BYTES 4096U
#define ATTACK_MS 1500U
#define ALONE_MS 300U                /* how long an application works alone, to compare */
#define PART_PERCENT 5U              /* what an application gets at least */
#define REPORT_NS (2 * SECOND)
#define CROWD 8U                     /* together they have more budget than the attack lasts */

/* ---- The attackers ---- */

static void spin(nanoseconds_t duration_ns)
{
    nanoseconds_t end_ns = clock_after(duration_ns);

    while (clock_now() < end_ns) {
    }
}

static void spin_forever(void *unused)
{
    (void)unused;
    for (volatile uint32_t turns = 0;; turns++) {
    }
}

static void budget_spinner(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    spin_forever(NULL);
}

static void budget_threads(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    for (uint32_t i = 1; i < CROWD; i++) {
        EXPECT_OK(thread_start(spin_forever, NULL, STACK_BYTES, NULL));
    }
    spin_forever(NULL);
}

static void spawn_attacker(const char *role)
{
    process_id_t id;

    EXPECT_OK(test_spawn(process_page()->class, role, &id, NULL));
}

static void budget_family(int argc, char **argv)
{
    process_id_t id;
    (void)argc;
    (void)argv;

    for (uint32_t i = 1; i < CROWD; i++) {
        (void)test_spawn(process_page()->class, "budget_spinner", &id, NULL); /* as many as the machine has room for */
    }
    spin_forever(NULL);
}

/* Sleeps a tick before its budget is used up. */
static void budget_dozer(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    for (;;) {
        spin(499 * MILLISECOND);
        clock_sleep(1);
    }
}

/* Leaves its work to a child before its budget is used up. */
static void budget_heir(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    spin(450 * MILLISECOND);
    spawn_attacker("budget_heir");
}

/* Two work in turn: one always sleeps, the other always runs. */
static void budget_pong(int argc, char **argv)
{
    static const struct message answer;
    struct event event;
    (void)argc;
    (void)argv;

    for (;;) {
        EXPECT_OK(event_wait(&event, FOREVER));
        spin(5 * MILLISECOND);
        EXPECT_OK(message_reply(event.id, &answer));
    }
}

static void budget_ping(int argc, char **argv)
{
    static const struct message message;
    struct reply reply = { 0 };
    process_id_t pong;
    (void)argc;
    (void)argv;

    EXPECT_OK(test_spawn(process_page()->class, "budget_pong", &pong, NULL));
    for (;;) {
        spin(5 * MILLISECOND);
        EXPECT_OK(message_call(pong, &message, &reply));
    }
}

/* Runs from tick to tick, and sleeps when the tick is counted. */
static void budget_sly(int argc, char **argv)
{
    const struct system_page *page = system_page();
    (void)argc;
    (void)argv;

    for (;;) {
        nanoseconds_t end_ns = page->clock_ns + page->tick_ns / 100 * 96;

        while (clock_now() < end_ns) {
        }
        EXPECT_OK(thread_delay(clock_after(20 * MICROSECOND)));
    }
}

/* ---- The witness: counts what it gets done until a time ---- */

#define CHUNK 1000U

static void budget_witness(int argc, char **argv)
{
    nanoseconds_t end_ns = test_number(argv[1]) * MILLISECOND;
    struct message message = { 0 };
    (void)argc;

    while (clock_now() < end_ns) {
        for (volatile uint32_t i = 0; i < CHUNK; i++) {
        }
        message.words[0]++;
    }
    EXPECT_OK(message_send(process_page()->parent, &message));
}

static process_id_t begin_witness(uint32_t duration_ms)
{
    uint32_t end_ms = (uint32_t)(clock_now() / MILLISECOND) + duration_ms;
    process_id_t witness;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "budget_witness", &witness, test_digits(end_ms).text, NULL));
    return witness;
}

static uint32_t witness_work(process_id_t witness)
{
    nanoseconds_t deadline_ns = clock_after(ATTACK_MS * MILLISECOND + SECOND);
    struct event event;
    uint32_t work = 0;

    do {
        if (event_wait(&event, deadline_ns) != OK) {
            return 0;                /* it did not even come to say so */
        }
        if (event.kind == EVENT_MESSAGE) {
            EXPECT_EQUAL(witness, event.sender);
            work = event.words[0];
        }
    } while (event.kind != EVENT_PROCESS_EXITED || event.id != witness);
    return work;
}

/* ---- The log ---- */

static process_id_t log_id(void)
{
    process_id_t log;

    EXPECT_OK(name_find("a\\log", &log));
    return log;
}

static uint32_t last_line(void)
{
    struct log_line line = { 0 };

    while (log_read(log_id(), line.number, LOG_WARNING, 0, &line) == OK) {
    }
    return line.number;
}

static bool begins_with(const char *text, const char *begin)
{
    return strncmp(text, begin, strlen(begin)) == 0;
}

/* Waits for the kernel's report of this process, until a time. */
static void expect_report(uint32_t after, const char *name, nanoseconds_t deadline_ns)
{
    struct log_line line = { .number = after };

    while (clock_now() < deadline_ns) {
        if (log_read(log_id(), line.number, LOG_WARNING, 0, &line) != OK) {
            clock_sleep(50 * MILLISECOND);
            continue;
        }
        const char *text = strchr(line.text, ']');
        if (text != NULL && begins_with(text, "] warn kernel: ")) {
            text += sizeof "] warn kernel: " - 1;
            if (begins_with(text, name) && begins_with(text + strlen(name), " has run ")) {
                return;
            }
        }
    }
    EXPECT_NOT("%s was not reported", name);
}

/* ---- Attacks ---- */

/* An application alone, then together with the attackers. */
static void expect_part_beside(process_class_t class, const char *role)
{
    uint32_t alone = witness_work(begin_witness(ALONE_MS)) / ALONE_MS * ATTACK_MS;
    process_id_t attacker;

    EXPECT_OK(test_spawn(class, role, &attacker, NULL));
    uint32_t beside = witness_work(begin_witness(ATTACK_MS));
    test_end_children();
    if (beside < alone / 100 * PART_PERCENT) {
        EXPECT_NOT("an application got %u of %u pieces of work done", beside, alone);
    }
}

static void expect_part_and_report(process_class_t class)
{
    struct process_information information;
    uint32_t line = last_line();
    process_id_t attacker;

    process_id_t witness = begin_witness(10 * ATTACK_MS);
    EXPECT_OK(test_spawn(class, "budget_spinner", &attacker, NULL));
    nanoseconds_t deadline_ns = clock_after(REPORT_NS);
    EXPECT_OK(process_information(attacker, &information));
    expect_report(line, information.name, deadline_ns);
    EXPECT_OK(process_information(attacker, &information));
    EXPECT_EQUAL(1, information.over_budget);
    EXPECT_OK(process_information(witness, &information));
    uint64_t before_ns = information.cpu_ns;
    clock_sleep(300 * MILLISECOND);
    EXPECT_OK(process_information(witness, &information));
    EXPECT(information.cpu_ns - before_ns >= 300 * MILLISECOND / 100 * PART_PERCENT);
    test_end_children();
}

static void spinning_driver_is_reported_and_leaves_applications_their_part(void)
{
    expect_part_and_report(CLASS_DRIVER);
}

static void spinning_server_is_reported_and_leaves_applications_their_part(void)
{
    expect_part_and_report(CLASS_SERVER);
}

static void driver_that_sleeps_a_tick_now_and_then_leaves_applications_their_part(void)
{
    expect_part_beside(CLASS_DRIVER, "budget_dozer");
}

static void driver_that_leaves_its_work_to_heirs_leaves_applications_their_part(void)
{
    expect_part_beside(CLASS_DRIVER, "budget_heir");
}

static void driver_with_many_spinning_threads_leaves_applications_their_part(void)
{
    expect_part_beside(CLASS_DRIVER, "budget_threads");
}

static void driver_with_many_spinning_children_leaves_applications_their_part(void)
{
    expect_part_beside(CLASS_DRIVER, "budget_family");
}

static void drivers_that_spin_in_turn_leave_applications_their_part(void)
{
    expect_part_beside(CLASS_DRIVER, "budget_ping");
}

static void driver_that_sleeps_whenever_a_tick_comes_leaves_applications_their_part(void)
{
    if (cpu_has(CPU_TSC)) {
        expect_part_beside(CLASS_DRIVER, "budget_sly");
    }
}

static bool is_over_budget(void)
{
    struct process_information self;

    EXPECT_OK(process_information(SELF, &self));
    return self.over_budget != 0;
}

static void budget_that_was_used_up_is_paid_back_by_sleep(void)
{
    EXPECT(!is_over_budget());
    spin(700 * MILLISECOND);
    EXPECT(is_over_budget());
    clock_sleep(60 * MILLISECOND);
    EXPECT(!is_over_budget());
}

static void application_has_no_budget_to_use_up(void)
{
    spin(700 * MILLISECOND);
    EXPECT(!is_over_budget());
}

const struct test budget_tests[] = {
    TEST(CLASS_DRIVER, spinning_driver_is_reported_and_leaves_applications_their_part),
    TEST(CLASS_DRIVER, spinning_server_is_reported_and_leaves_applications_their_part),
    TEST(CLASS_DRIVER, driver_that_sleeps_a_tick_now_and_then_leaves_applications_their_part),
    TEST(CLASS_DRIVER, driver_that_leaves_its_work_to_heirs_leaves_applications_their_part),
    TEST(CLASS_DRIVER, driver_with_many_spinning_threads_leaves_applications_their_part),
    TEST(CLASS_DRIVER, driver_with_many_spinning_children_leaves_applications_their_part),
    TEST(CLASS_DRIVER, drivers_that_spin_in_turn_leave_applications_their_part),
    TEST(CLASS_DRIVER, driver_that_sleeps_whenever_a_tick_comes_leaves_applications_their_part),
    TEST(CLASS_SERVER, budget_that_was_used_up_is_paid_back_by_sleep),
    TEST(CLASS_APPLICATION, application_has_no_budget_to_use_up),
};
const uint32_t budget_test_count = COUNT(budget_tests);

const struct role budget_roles[] = {
    ROLE(budget_spinner),
    ROLE(budget_threads),
    ROLE(budget_family),
    ROLE(budget_dozer),
    ROLE(budget_heir),
    ROLE(budget_pong),
    ROLE(budget_ping),
    ROLE(budget_sly),
    ROLE(budget_witness),
};
const uint32_t budget_role_count = COUNT(budget_roles);
