/* d\vesa waits for the retrace: seldom looks at the adapter, never for long, and knows screens that have none. */
#include "retrace.h"

#include <ternion/clock.h>
#include <ternion/vga.h>

#include "test.h"

#define PERIOD_NS 16666667ULL            /* 60 Hz */
#define LENGTH_NS (64 * MICROSECOND)     /* two lines of 640 by 480 */
#define LOOK_NS (2 * MICROSECOND)        /* that a look at the adapter takes */

static nanoseconds_t real_ns = 123456789, tick_ns = 1;
static uint32_t looks;
static enum { KEEPS_TIME, NEVER, ALWAYS, TOGGLES } kind;

bool vga_is_in_retrace(void)
{
    looks++;
    real_ns += LOOK_NS;
    return kind == KEEPS_TIME ? real_ns % PERIOD_NS < LENGTH_NS : kind == TOGGLES ? looks % 2 != 0 : kind == ALWAYS;
}

nanoseconds_t clock_now(void)
{
    return real_ns - real_ns % tick_ns;
}

nanoseconds_t clock_after(nanoseconds_t delay_ns)
{
    return clock_now() + delay_ns;
}

/* Waits as d\vesa does, woken up to a tick late. The time that was spent looking. */
static nanoseconds_t await(void)
{
    nanoseconds_t spent_ns = 0, before_ns = real_ns;

    if (retrace_await()) {
        CHECK(retrace_look_time() != FOREVER);
        spent_ns += real_ns - before_ns;
        if (retrace_look_time() > clock_now()) {
            real_ns = retrace_look_time() + random_below(1000) * MICROSECOND;
        }
        before_ns = real_ns;
        retrace_look();
    }
    CHECK(retrace_look_time() == FOREVER);
    return spent_ns + real_ns - before_ns;
}

static void expect_just_begun(nanoseconds_t error_ns)
{
    nanoseconds_t since_ns = real_ns % PERIOD_NS;

    CHECK(since_ns <= error_ns || since_ns >= PERIOD_NS - error_ns);
}

static void each_wait_ends_where_a_retrace_begins(void)
{
    CHECK(await() <= 50 * MILLISECOND);          /* it measures */
    expect_just_begun(2 * LOOK_NS);
    for (uint32_t i = 0; i < 300; i++) {
        nanoseconds_t before_ns = real_ns;

        real_ns += random_below(40000) * MICROSECOND;        /* the client draws */
        nanoseconds_t asked_ns = real_ns;
        CHECK(await() <= 4 * MILLISECOND);
        expect_just_begun(LENGTH_NS);
        CHECK(real_ns - asked_ns <= PERIOD_NS + LENGTH_NS && real_ns > before_ns);
    }
}

static void a_clock_that_goes_in_ticks_is_good_enough(void)
{
    tick_ns = MILLISECOND;
    CHECK(await() <= 51 * MILLISECOND);
    for (uint32_t i = 0; i < 100; i++) {
        real_ns += random_below(20000) * MICROSECOND;
        CHECK(await() <= 51 * MILLISECOND);      /* what was not seen is measured anew */
        expect_just_begun(4 * MILLISECOND);
    }
}

static void who_is_busy_then_does_not_wait_for_another(void)
{
    (void)await();
    for (uint32_t i = 0; i < 10; i++) {
        CHECK(retrace_await());
        real_ns = retrace_look_time() + 5 * MILLISECOND;
        nanoseconds_t before_ns = real_ns;
        retrace_look();
        CHECK_EQUAL(real_ns, before_ns);
    }
    CHECK(await() <= 4 * MILLISECOND);
    expect_just_begun(LENGTH_NS);
}

static void expect_no_retrace(nanoseconds_t first_most_ns)
{
    CHECK(await() <= first_most_ns);
    for (uint32_t i = 0; i < 10; i++) {
        uint32_t before = looks;

        CHECK_EQUAL(await(), 0);
        CHECK_EQUAL(looks, before);
    }
}

static void a_screen_without_a_retrace_is_looked_at_once(void)
{
    kind = NEVER;
    expect_no_retrace(50 * MILLISECOND + 2 * LOOK_NS);
    kind = ALWAYS;
    retrace_forget();
    expect_no_retrace(50 * MILLISECOND + 2 * LOOK_NS);
    kind = TOGGLES;                              /* as of an emulator */
    retrace_forget();
    expect_no_retrace(MILLISECOND);
}

static void a_retrace_that_comes_no_more_is_given_up(void)
{
    nanoseconds_t spent_ns = 0;

    (void)await();
    kind = NEVER;
    for (uint32_t i = 0; i < 20; i++) {
        spent_ns += await();
    }
    CHECK(spent_ns <= 60 * MILLISECOND);
    retrace_forget();                            /* another mode has one */
    kind = KEEPS_TIME;
    (void)await();
    expect_just_begun(2 * LOOK_NS);
}

static void another_mode_ends_the_wait(void)
{
    (void)await();
    CHECK(retrace_await());
    retrace_forget();
    CHECK(retrace_look_time() == FOREVER);
}

static const struct test tests[] = {
    TEST(each_wait_ends_where_a_retrace_begins),
    TEST(a_clock_that_goes_in_ticks_is_good_enough),
    TEST(who_is_busy_then_does_not_wait_for_another),
    TEST(a_screen_without_a_retrace_is_looked_at_once),
    TEST(a_retrace_that_comes_no_more_is_given_up),
    TEST(another_mode_ends_the_wait),
};
TEST_MAIN(tests)
