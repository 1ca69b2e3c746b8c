/* Calls and classes: who is ready and stronger runs first, whatever switches to whom; and on whose time a server works. */
#include <ternion/port.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "call_state.h"
#include "files.h"
#include "peer.h"

#define DELAY_PORT 0x80U
#define GENERAL_PROTECTION 13U

static nanoseconds_t cpu_ns(process_id_t id)
{
    struct process_information information;

    EXPECT_OK(process_information(id, &information));
    return information.cpu_ns;
}

static process_id_t start(process_class_t class, const char *role, uint32_t first, uint32_t second)
{
    process_id_t id;

    EXPECT_OK(test_spawn(class, role, &id, test_digits(first).text, test_digits(second).text, NULL));
    return id;
}

/* ---- Who runs first ---- */

/* Sends a message to whom each of its messages names. */
static void classes_noter(int argc, char **argv)
{
    struct event event;
    (void)argc;
    (void)argv;

    for (;;) {
        test_wait_event(&event, EVENT_MESSAGE);
        peer_tell(event.words[0], 0, 0);
    }
}

/* Wakes the noter, which does not run before it, and answers. Arguments: the noter, the way. */
static void classes_waking_server(int argc, char **argv)
{
    struct words words = { { 0 } };
    message_id_t call = 0;
    struct event event;
    (void)argc;

    for (;;) {
        call = message_reply_wait_words_by(test_number(argv[2]), call, &words, &event);
        EXPECT(call != 0);
        peer_tell(test_number(argv[1]), thread_slot()->sender, 0);
    }
}

/* When the answer is there the noter has run. Arguments: the server, the way. */
static void classes_application(int argc, char **argv)
{
    struct words words = { { 0 } };
    struct event event;
    (void)argc;

    for (uint32_t i = 0; i < 100; i++) {
        EXPECT_OK(message_call_words_by(test_number(argv[2]), test_number(argv[1]), &words));
        EXPECT_OK(event_poll(&event));
        EXPECT_EQUAL(EVENT_MESSAGE, event.kind);
    }
}

static void ready_driver_runs_before_an_application_gets_its_answer(void)
{
    process_id_t noter = peer_start(CLASS_DRIVER, "classes_noter");

    for (enum call_way way = CALL_BY_PAGE; way <= CALL_BY_INT; way++) {
        process_id_t server = start(CLASS_DRIVER, "classes_waking_server", noter, way);

        for (enum call_way call_way = CALL_BY_PAGE; call_way <= CALL_BY_INT; call_way++) {
            EXPECT_EQUAL(0, test_wait_exit(start(CLASS_APPLICATION, "classes_application", server, call_way)));
        }
        peer_kill(server);
    }
    peer_kill(noter);
}

/* Called by a driver that woke another before: that one has run. Argument: the way. */
static void classes_called_application(int argc, char **argv)
{
    struct words words = { { 0 } };
    message_id_t call = 0;
    struct event event;
    (void)argc;

    for (uint32_t i = 0; i < 50; i++) {
        call = message_reply_wait_words_by(test_number(argv[1]), call, &words, &event);
        EXPECT(call != 0);
        EXPECT_OK(event_poll(&event));
        EXPECT_EQUAL(EVENT_MESSAGE, event.kind);
    }
}

static void ready_driver_runs_before_a_call_reaches_an_application(void)
{
    process_id_t noter = peer_start(CLASS_DRIVER, "classes_noter");

    for (enum call_way way = CALL_BY_PAGE; way <= CALL_BY_INT; way++) {
        process_id_t application = start(CLASS_APPLICATION, "classes_called_application", way, 0);

        for (uint32_t i = 0; i < 50; i++) {
            struct words words = { { 0 } };

            clock_sleep(MILLISECOND);    /* all others wait */
            peer_tell(noter, application, 0);
            EXPECT_STATUS(i < 49 ? OK : PEER_DIED, message_call_words(application, &words));
        }
        EXPECT_EQUAL(0, test_wait_exit(application));
    }
    peer_kill(noter);
}

/* Calls for ever. Argument: whom. */
static void classes_restless(int argc, char **argv)
{
    struct words words = { { 0 } };
    (void)argc;

    for (;;) {
        EXPECT_OK(message_call_words(test_number(argv[1]), &words));
    }
}

static void burn(nanoseconds_t amount_ns)
{
    nanoseconds_t end_ns = cpu_ns(SELF) + amount_ns;

    while (cpu_ns(SELF) < end_ns) {
    }
}

/* However fast they switch to each other: a driver that the clock wakes runs, and they stand still. */
static void driver_runs_whatever_calls_weaker_processes_make(void)
{
    for (process_class_t class = CLASS_SERVER; class <= CLASS_APPLICATION; class++) {
        process_id_t server = peer_start(class, "words_server");
        process_id_t caller = start(CLASS_APPLICATION, "classes_restless", server, 0);

        for (uint32_t i = 0; i < 20; i++) {
            clock_sleep(3 * MILLISECOND);
            nanoseconds_t before_ns = cpu_ns(server) + cpu_ns(caller);
            burn(3 * MILLISECOND);
            EXPECT(cpu_ns(server) + cpu_ns(caller) == before_ns);
        }
        EXPECT(cpu_ns(server) + cpu_ns(caller) != 0);
        peer_kill(caller);
        peer_kill(server);
    }
}

/* ---- Whose time ---- */

static void classes_spinner(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    for (;;) {
        (void)system_null();
    }
}

#define SHARE_NS (1200 * MILLISECOND)

/*
 * One that calls a server all the time and one that does not: each has about half. Without SYSENTER there is no direct switch:
 * who waits for an answer gives its turn away, so the other may have more.
 */
static void expect_fair_shares(process_class_t server_class)
{
    uint32_t most_percent = cpu_has(CPU_SYSENTER) ? 60 : 100;
    process_id_t server = peer_start(server_class, "words_server");
    process_id_t caller = start(CLASS_APPLICATION, "classes_restless", server, 0);
    process_id_t spinner = peer_start(CLASS_APPLICATION, "classes_spinner");

    clock_sleep(A_MOMENT_NS);
    nanoseconds_t calling_ns = cpu_ns(caller) + cpu_ns(server);
    nanoseconds_t spinning_ns = cpu_ns(spinner);
    clock_sleep(SHARE_NS);
    calling_ns = cpu_ns(caller) + cpu_ns(server) - calling_ns;
    spinning_ns = cpu_ns(spinner) - spinning_ns;
    uint32_t percent = (uint32_t)(spinning_ns / MILLISECOND) * 100 / (uint32_t)((spinning_ns + calling_ns) / MILLISECOND);
    if (percent < 40 || percent > most_percent) {
        EXPECT_NOT("beside one that calls a server of class %u the other has %u %%", server_class, percent);
    }
    peer_kill(spinner);
    peer_kill(caller);
    peer_kill(server);
}

static void applications_share_whether_they_call_or_not(void)
{
    expect_fair_shares(CLASS_SERVER);
    expect_fair_shares(CLASS_APPLICATION);
}

/* Works over each call. Argument: how many turns of a loop. */
static void classes_worker(int argc, char **argv)
{
    struct words words = { { 0 } };
    message_id_t call = 0;
    struct event event;
    (void)argc;

    for (;;) {
        call = message_reply_wait_words(call, &words, &event);
        EXPECT(call != 0);
        for (volatile uint32_t i = 0; i < test_number(argv[1]); i++) {
        }
    }
}

#define SHORT_WORK 40U           /* turns: well under a tick */
#define LONG_WORK 20000U         /* turns: many ticks */

static void measure_work(uint32_t turns, nanoseconds_t *server_ns_out, nanoseconds_t *caller_ns_out)
{
    process_id_t server = start(CLASS_SERVER, "classes_worker", turns, 0);
    process_id_t caller = start(CLASS_APPLICATION, "classes_restless", server, 0);

    clock_sleep(500 * MILLISECOND);
    *server_ns_out = cpu_ns(server);
    *caller_ns_out = cpu_ns(caller);
    peer_kill(caller);
    peer_kill(server);
}

static void work_of_a_server_is_charged_to_its_callers(void)
{
    nanoseconds_t server_ns, caller_ns;

    measure_work(SHORT_WORK, &server_ns, &caller_ns);
    if (server_ns * 4 > caller_ns) {
        EXPECT_NOT("the server had %u ms, its caller %u ms", (uint32_t)(server_ns / MILLISECOND), (uint32_t)(caller_ns / MILLISECOND));
    }
}

static void server_that_works_long_over_a_call_pays_for_itself(void)
{
    nanoseconds_t server_ns, caller_ns;

    measure_work(LONG_WORK, &server_ns, &caller_ns);
    if (caller_ns * 3 > server_ns) {
        EXPECT_NOT("the server had %u ms, its caller %u ms", (uint32_t)(server_ns / MILLISECOND), (uint32_t)(caller_ns / MILLISECOND));
    }
}

/* Each sleeps while the other runs: that buys them nothing. */
static void drivers_that_call_each_other_for_ever_leave_applications_their_part(void)
{
    process_id_t server = peer_start(CLASS_DRIVER, "words_server");
    process_id_t caller = start(CLASS_DRIVER, "classes_restless", server, 0);
    process_id_t spinner = peer_start(CLASS_APPLICATION, "classes_spinner");

    clock_sleep(1200 * MILLISECOND);
    nanoseconds_t before_ns = cpu_ns(spinner);
    clock_sleep(SECOND);
    EXPECT(cpu_ns(spinner) - before_ns >= 50 * MILLISECOND);
    peer_kill(caller);
    peer_kill(server);
    peer_kill(spinner);
}

/* ---- Ports ---- */

/* Reads a port over each call. */
static void classes_port_reader(int argc, char **argv)
{
    struct words words = { { 0 } };
    message_id_t call = 0;
    struct event event;
    (void)argc;
    (void)argv;

    for (;;) {
        call = message_reply_wait_words(call, &words, &event);
        EXPECT(call != 0);
        (void)port_read8(DELAY_PORT);
    }
}

/* Calls a driver, which reads a port; then it tries itself. */
static void classes_port_thief(int argc, char **argv)
{
    struct words words = { { 0 } };
    (void)argc;

    for (uint32_t i = 0; i < 20; i++) {
        EXPECT_OK(message_call_words(test_number(argv[1]), &words));
    }
    (void)port_read8(DELAY_PORT);
    process_exit(99);
}

static void ports_are_a_drivers_whoever_it_switches_with(void)
{
    process_id_t driver = peer_start(CLASS_DRIVER, "classes_port_reader");
    process_id_t thief = peer_start(CLASS_APPLICATION, "classes_port_reader");
    struct words words = { { 0 } };

    for (uint32_t i = 0; i < 20; i++) {
        EXPECT_OK(message_call_words(driver, &words));
        (void)port_read8(DELAY_PORT);
    }
    clock_sleep(A_MOMENT_NS);            /* now they switch to each other directly */
    EXPECT_STATUS(PEER_DIED, message_call_words(thief, &words));
    EXPECT_EQUAL(EXIT_FAULT | GENERAL_PROTECTION, test_wait_exit(thief));
    (void)port_read8(DELAY_PORT);
    EXPECT_EQUAL(EXIT_FAULT | GENERAL_PROTECTION, test_wait_exit(start(CLASS_APPLICATION, "classes_port_thief", driver, 0)));
    EXPECT_OK(message_call_words(driver, &words));
    peer_kill(driver);
}

const struct test call_classes_tests[] = {
    TEST(CLASS_DRIVER, ready_driver_runs_before_an_application_gets_its_answer),
    TEST(CLASS_DRIVER, ready_driver_runs_before_a_call_reaches_an_application),
    TEST(CLASS_DRIVER, driver_runs_whatever_calls_weaker_processes_make),
    TEST(CLASS_DRIVER, applications_share_whether_they_call_or_not),
    TEST(CLASS_DRIVER, work_of_a_server_is_charged_to_its_callers),
    TEST(CLASS_DRIVER, server_that_works_long_over_a_call_pays_for_itself),
    TEST(CLASS_DRIVER, drivers_that_call_each_other_for_ever_leave_applications_their_part),
    TEST(CLASS_DRIVER, ports_are_a_drivers_whoever_it_switches_with),
};
const uint32_t call_classes_test_count = COUNT(call_classes_tests);

const struct role call_classes_roles[] = {
    ROLE(classes_noter),
    ROLE(classes_waking_server),
    ROLE(classes_application),
    ROLE(classes_called_application),
    ROLE(classes_restless),
    ROLE(classes_spinner),
    ROLE(classes_worker),
    ROLE(classes_port_reader),
    ROLE(classes_port_thief),
};
const uint32_t call_classes_role_count = COUNT(call_classes_roles);
