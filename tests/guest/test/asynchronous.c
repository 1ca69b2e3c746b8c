/* Calls that are answered while their caller does something else: each is done once, however it ends. */
#include <ternion/async.h>
#include <ternion/message.h>
#include <ternion/string.h>
#include <ternion/system.h>
#include <ternion/thread.h>

#include "echo_protocol.h"
#include "files.h"

#define MANY 100U
#define AT_ONCE 12U              /* calls that can be pending at the same time */

static struct async_call calls[MANY];
static struct echo_numbers numbers[MANY];
static struct echo_number requests[MANY];
static struct echo_number replies[MANY];

/* Starts calls that wait until `release`, and waits until the server has them all. */
static void hold_all(process_id_t echo, uint32_t count, uint32_t flags)
{
    struct echo_number held = { 0 };

    for (uint32_t i = 0; i < count; i++) {
        requests[i].number = i + 1000;
        calls[i].flags = flags;
        EXPECT_OK(echo_hold_start(&calls[i], echo, &requests[i], &replies[i]));
        while (held.number == i) {
            EXPECT_OK(echo_held(echo, NULL, &held));
        }
    }
}

static void release_all(process_id_t echo, uint32_t count)
{
    struct echo_number released = { 0 };

    EXPECT_OK(echo_release(echo, NULL, &released));
    EXPECT_EQUAL(count, released.number);
}

/* ---- Done ---- */

static void hundred_calls_are_all_done(void)
{
    process_id_t echo = echo_start(2);

    for (uint32_t round = 0; round < 3; round++) {
        for (uint32_t i = 0; i < MANY; i++) {
            numbers[i] = (struct echo_numbers){ { i, i * i, round } };
            EXPECT_OK(echo_increase_start(&calls[i], echo, &numbers[i], &numbers[i]));
            EXPECT_STATUS(BUSY, echo_increase_start(&calls[i], echo, &numbers[i], &numbers[i]));
        }
        for (uint32_t i = MANY; i-- > 0;) {
            EXPECT_OK(async_wait(&calls[i], FOREVER));
            EXPECT_STATUS(OK, calls[i].status);
            EXPECT_EQUAL(i + 1, numbers[i].numbers[0]);
            EXPECT_EQUAL(i * i + 1, numbers[i].numbers[1]);
            EXPECT_EQUAL(round + 1, numbers[i].numbers[2]);
            EXPECT_STATUS(NOTHING, async_wait(&calls[i], 0));
        }
    }
    echo_end(echo);
}

/* Takes the events of so many calls; bit I of the result: call I was done. */
static void take_all(uint32_t count, uint32_t *taken_out)
{
    uint32_t taken = 0;

    while (taken < count) {
        struct event event;
        struct async_call *call;

        test_wait_event(&event, EVENT_MESSAGE);
        EXPECT(async_rings(&event));
        while ((call = async_take(&event)) != NULL) {
            EXPECT(call >= calls && call < calls + MANY);
            taken_out[call - calls]++;
            taken++;
        }
    }
}

static void hundred_calls_are_each_told_once(void)
{
    process_id_t echo = echo_start(2);
    uint32_t taken[MANY] = { 0 };
    struct event event;

    for (uint32_t i = 0; i < MANY; i++) {
        numbers[i] = (struct echo_numbers){ { i, i, i } };
        calls[i].flags = ASYNC_EVENT;
        EXPECT_OK(echo_increase_start(&calls[i], echo, &numbers[i], &numbers[i]));
    }
    take_all(MANY, taken);
    for (uint32_t i = 0; i < MANY; i++) {
        EXPECT_EQUAL(1, taken[i]);
        EXPECT_STATUS(OK, calls[i].status);
        EXPECT_EQUAL(i + 1, numbers[i].numbers[2]);
        EXPECT(!async_is_pending(&calls[i]));
    }
    while (event_poll(&event) == OK) {      /* a bell may have rung for what was taken already */
        EXPECT(async_take(&event) == NULL);
    }
    echo_end(echo);
}

static void answers_in_reverse_order_find_their_calls(void)
{
    process_id_t echo = echo_start(1);
    uint32_t taken[MANY] = { 0 };

    hold_all(echo, AT_ONCE, ASYNC_EVENT);
    for (uint32_t i = 0; i < AT_ONCE; i++) {
        EXPECT(async_is_pending(&calls[i]));
        EXPECT_STATUS(TIMED_OUT, async_wait(&calls[i], clock_after(MILLISECOND)));
    }
    release_all(echo, AT_ONCE);
    take_all(AT_ONCE, taken);
    for (uint32_t i = 0; i < AT_ONCE; i++) {
        EXPECT_EQUAL(1, taken[i]);
        EXPECT_STATUS(OK, calls[i].status);
        EXPECT_EQUAL(i + 1000, replies[i].number);
    }
    echo_end(echo);
}

static void strings_come_with_asynchronous_answers(void)
{
    process_id_t echo = echo_start(1);
    static char text[AT_ONCE][500], back[AT_ONCE][500];
    static struct echo_middle middle[AT_ONCE], middle_back[AT_ONCE];
    static struct payload payloads[AT_ONCE];
    struct echo_number held = { 0 };

    for (uint32_t i = 0; i < AT_ONCE; i++) {
        memset(text[i], (int)('a' + i), sizeof text[i]);
        payloads[i] = (struct payload){ .string = text[i], .string_size = 40 * i, .buffer = back[i], .buffer_size = 500 };
        memset(&middle[i], (int)i, sizeof middle[i]);
        EXPECT_OK(echo_hold_string_start(&calls[i], echo, &middle[i], &middle_back[i], &payloads[i]));
    }
    while (held.number < AT_ONCE) {
        EXPECT_OK(echo_held(echo, NULL, &held));
    }
    release_all(echo, AT_ONCE);
    for (uint32_t i = 0; i < AT_ONCE; i++) {
        EXPECT_OK(async_wait(&calls[i], FOREVER));
        EXPECT_STATUS(OK, calls[i].status);
        EXPECT_EQUAL(40 * i, payloads[i].reply_string_size);
        EXPECT(memcmp(text[i], back[i], 40 * i) == 0);
        EXPECT_EQUAL(0, back[i][40 * i]);
        EXPECT(memcmp(&middle[i], &middle_back[i], sizeof middle[i]) == 0);
    }
    echo_end(echo);
}

/* ---- Failed ---- */

static void death_of_the_server_is_told_of_every_call(void)
{
    process_id_t echo = echo_start(1);
    uint32_t taken[MANY] = { 0 };

    hold_all(echo, AT_ONCE, ASYNC_EVENT);
    EXPECT_STATUS(PEER_DIED, echo_die(echo, NULL, NULL));
    for (uint32_t done = 0, exited = 0; done < AT_ONCE || exited == 0;) {
        struct event event;
        struct async_call *call;

        EXPECT_OK(event_wait(&event, clock_after(5 * SECOND)));
        exited += event.kind == EVENT_PROCESS_EXITED;
        while ((call = async_take(&event)) != NULL) {
            taken[call - calls]++;
            done++;
        }
    }
    for (uint32_t i = 0; i < AT_ONCE; i++) {
        EXPECT_EQUAL(1, taken[i]);
        EXPECT_STATUS(PEER_DIED, calls[i].status);
    }
    EXPECT_OK(echo_hold_start(&calls[0], echo, &requests[0], &replies[0]));
    EXPECT_OK(async_wait(&calls[0], FOREVER));
    EXPECT_STATUS(BAD_ID, calls[0].status);
}

/* ---- Cancelled ---- */

static void cancelled_calls_are_gone_and_the_others_go_on(void)
{
    process_id_t echo = echo_start(1);

    for (uint32_t round = 0; round < 20; round++) {
        hold_all(echo, AT_ONCE, 0);
        for (uint32_t i = 0; i < AT_ONCE; i += 2) {
            EXPECT_OK(async_cancel(&calls[i]));
            EXPECT(!async_is_pending(&calls[i]));
            EXPECT_STATUS(NOTHING, async_cancel(&calls[i]));
            replies[i].number = 77;
        }
        release_all(echo, AT_ONCE);
        for (uint32_t i = 1; i < AT_ONCE; i += 2) {
            EXPECT_OK(async_wait(&calls[i], FOREVER));
            EXPECT_STATUS(OK, calls[i].status);
            EXPECT_EQUAL(i + 1000, replies[i].number);
            EXPECT_EQUAL(77, replies[i - 1].number);
        }
    }
    echo_end(echo);
}

static void more_calls_than_threads_wait_for_their_turn(void)
{
    process_id_t echo = echo_start(1);
    struct echo_number held = { 0 };

    async_threads = 3;
    for (uint32_t i = 0; i < AT_ONCE; i++) {
        requests[i].number = i;
        EXPECT_OK(echo_hold_start(&calls[i], echo, &requests[i], &replies[i]));
    }
    while (held.number < 3) {
        EXPECT_OK(echo_held(echo, NULL, &held));
    }
    EXPECT_OK(async_cancel(&calls[AT_ONCE - 1]));    /* it was not even on its way */
    EXPECT_OK(async_cancel(&calls[0]));              /* whose thread's place goes to the next */
    while (held.number < 4) {
        EXPECT_OK(echo_held(echo, NULL, &held));
    }
    for (uint32_t i = 1; i < AT_ONCE - 1; i++) {
        struct echo_number released = { 0 };

        while (async_wait(&calls[i], clock_after(MILLISECOND)) == TIMED_OUT) {
            EXPECT_OK(echo_release(echo, NULL, &released));
        }
        EXPECT_STATUS(OK, calls[i].status);
        EXPECT_EQUAL(i, replies[i].number);
    }
    echo_end(echo);
}

/* Calls that come back and are cancelled at the same time: each is one or the other, and nothing gets stuck. */
static void cancelling_races_with_answers(void)
{
    process_id_t echo = echo_start(2);
    uint32_t seed = 1;

    for (uint32_t round = 0; round < 200; round++) {
        for (uint32_t i = 0; i < AT_ONCE; i++) {
            numbers[i].numbers[0] = i;
            EXPECT_OK(echo_increase_start(&calls[i], echo, &numbers[i], &numbers[i]));
        }
        for (uint32_t i = 0; i < AT_ONCE; i++) {
            seed = seed * 1103515245 + 12345;
            if (seed >> 16 & 1) {
                status_t status = async_cancel(&calls[i]);
                EXPECT(status == OK || (status == EXISTS && calls[i].status == OK));
            } else {
                EXPECT_OK(async_wait(&calls[i], clock_after(5 * SECOND)));
                EXPECT_EQUAL(i + 1, numbers[i].numbers[0]);
            }
        }
    }
    echo_end(echo);
}

/* ---- Without threads ---- */

static void async_poor_process(int argc, char **argv)
{
    process_id_t echo = test_number(argv[1]);
    struct echo_numbers number = { 0 };
    (void)argc;

    EXPECT_STATUS(OVER_QUOTA, echo_increase_start(&calls[0], echo, &number, &number));
    EXPECT(!async_is_pending(&calls[0]));
    EXPECT_STATUS(NOTHING, async_wait(&calls[0], FOREVER));
}

static void call_that_can_have_no_thread_is_refused_at_its_start(void)
{
    struct spawn one_thread = {
        .class = CLASS_APPLICATION, .flags = SPAWN_WATCH, .grant.limits[RESOURCE_THREADS] = 1,
    };
    process_id_t echo = echo_start(1);
    process_id_t poor;

    EXPECT_OK(test_spawn_as(&one_thread, "async_poor_process", &poor, test_digits(echo).text, NULL));
    EXPECT_EQUAL(0, test_wait_exit(poor));
    echo_end(echo);
}

const struct test asynchronous_tests[] = {
    TEST(CLASS_APPLICATION, hundred_calls_are_all_done),
    TEST(CLASS_APPLICATION, hundred_calls_are_each_told_once),
    TEST(CLASS_APPLICATION, answers_in_reverse_order_find_their_calls),
    TEST(CLASS_APPLICATION, strings_come_with_asynchronous_answers),
    TEST(CLASS_APPLICATION, death_of_the_server_is_told_of_every_call),
    TEST(CLASS_APPLICATION, cancelled_calls_are_gone_and_the_others_go_on),
    TEST(CLASS_APPLICATION, more_calls_than_threads_wait_for_their_turn),
    TEST(CLASS_APPLICATION, cancelling_races_with_answers),
    TEST(CLASS_APPLICATION, call_that_can_have_no_thread_is_refused_at_its_start),
};
const uint32_t asynchronous_test_count = COUNT(asynchronous_tests);

const struct role asynchronous_roles[] = {
    ROLE(async_poor_process),
};
const uint32_t asynchronous_role_count = COUNT(asynchronous_roles);
