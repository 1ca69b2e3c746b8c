/* Who has d\vesa's display, and who may keep what is in the adapter's memory: its requests, as it serves them. */
#include "vesa_tests.h"

#include <string.h>

#include <ternion/memory.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

#include "screen.h"
#include "service.h"
#include "test.h"
#include "vesa_driver.h"
#include "vesa_world.h"

enum { FIRST = 40, SECOND_ONE = 41 };    /* clients */
#define SET 4U
#define RELEASE 8U

/* ---- What the service calls ---- */

static process_id_t watched;

status_t process_watch(process_id_t id)
{
    watched = id;
    return OK;
}

status_t process_unwatch(process_id_t id)
{
    watched = id == watched ? 0 : watched;
    return OK;
}

status_t timer_create(nanoseconds_t deadline_ns, nanoseconds_t period_ns, timer_id_t *timer_out)
{
    (void)deadline_ns;
    (void)period_ns;
    *timer_out = 1;
    return OK;
}

status_t timer_set(timer_id_t timer, nanoseconds_t deadline_ns, nanoseconds_t period_ns)
{
    (void)timer;
    (void)deadline_ns;
    (void)period_ns;
    return OK;
}

void server_give_string(struct server_call *call, const void *string, uint32_t size)
{
    (void)call;
    (void)string;
    (void)size;
}

status_t server_answer_later(const struct server_call *call, struct pending_call *pending_out)
{
    *pending_out = (struct pending_call){ .id = call->id, .sender = call->sender };
    return OK;
}

status_t server_answer(const struct pending_call *pending, const struct operation_shape *shape, status_t status, const void *reply,
                       const struct payload *payload)
{
    (void)pending;
    (void)shape;
    (void)reply;
    (void)payload;
    return status;
}

/* ---- Clients ---- */

static status_t serve(process_id_t client, uint32_t operation, const void *request, void *reply)
{
    struct server_call call = { .server = &service, .sender = client, .id = 1 };

    return service.protocols[0]->operations[operation].serve(&call, request, reply);
}

static status_t set(process_id_t client, uint16_t mode, uint16_t flags)
{
    struct display_call_set request = { .mode = mode, .flags = flags };
    struct display_call_set_reply reply = { 0 };

    return serve(client, SET, &request, &reply);
}

static void release(process_id_t client)
{
    struct device_call_number request = { 0 };
    struct nothing reply;

    CHECK_EQUAL(serve(client, RELEASE, &request, &reply), OK);
}

static void draw(uint8_t value)
{
    memset(world_frame, value, sizeof world_frame);
}

/* What is shared of mode 112h: two screens, and all of their last page. */
static bool sees(uint8_t value)
{
    uint32_t shared = PAGES(2560 * 960) * PAGE_SIZE, i = 0;

    while (i < shared && world_frame[i] == value) {
        i++;
    }
    return i == shared;
}

/* A BIOS that clears nothing, whatever it is told: what is not seen then is the driver's doing. */
static void begin(void)
{
    service_lose();                          /* nothing of the test before */
    driver_begin();
    world.answers[2].is_lie = true;
}

static void picture_is_kept_for_who_has_drawn_it(void)
{
    begin();
    CHECK_EQUAL(set(FIRST, 0x112, 0), OK);
    CHECK_EQUAL(watched, FIRST);
    draw(0x11);
    CHECK_EQUAL(set(FIRST, 0x112, DISPLAY_KEEP), OK);
    CHECK(sees(0x11));
    CHECK_EQUAL(set(SECOND_ONE, 0x112, DISPLAY_KEEP), BUSY);
    CHECK(sees(0x11));
    release(FIRST);
    CHECK_EQUAL(watched, 0);
}

static void picture_is_kept_for_nobody_else(void)
{
    begin();
    CHECK_EQUAL(set(FIRST, 0x112, 0), OK);
    draw(0x11);
    release(FIRST);
    CHECK_EQUAL(set(SECOND_ONE, 0x112, DISPLAY_KEEP), OK);
    CHECK(sees(0));
    draw(0x22);
    service_forget(SECOND_ONE);              /* it has ended */
    CHECK_EQUAL(set(FIRST, 0x112, DISPLAY_KEEP), OK);
    CHECK(sees(0));
}

static void set_that_fails_gives_no_picture_away(void)
{
    begin();
    CHECK_EQUAL(set(FIRST, 0x112, 0), OK);
    draw(0x11);
    release(FIRST);
    world.answers[2] = (struct world_answer){ .ax = 0x014F };
    CHECK_EQUAL(set(SECOND_ONE, 0x115, 0), FAULT);
    CHECK_EQUAL(set(SECOND_ONE, 0x115, DISPLAY_KEEP), FAULT);
    world.answers[2] = (struct world_answer){ .is_lie = true };
    CHECK_EQUAL(set(SECOND_ONE, 0x112, DISPLAY_KEEP), OK);
    CHECK(sees(0));
}

/* Behind a window the client's memory says nothing: what counts is what the BIOS is told. */
static bool is_cleared_behind_a_window(process_id_t client, uint16_t flags)
{
    CHECK_EQUAL(set(client, 0x102, flags), OK);
    return (world.set & VBE_SET_KEEP) == 0;
}

static void picture_behind_a_window_is_kept_for_who_has_drawn_it(void)
{
    begin();
    world.answers[2].is_lie = false;
    CHECK(is_cleared_behind_a_window(FIRST, DISPLAY_KEEP));
    CHECK(!is_cleared_behind_a_window(FIRST, DISPLAY_KEEP));
    CHECK(is_cleared_behind_a_window(FIRST, 0));
    release(FIRST);
    CHECK(is_cleared_behind_a_window(SECOND_ONE, DISPLAY_KEEP));
    service_forget(SECOND_ONE);
    CHECK(is_cleared_behind_a_window(SECOND_ONE, DISPLAY_KEEP));
}

static void picture_is_kept_behind_a_death_of_the_driver_once(void)
{
    service_lose();
    driver_add_modes();
    world.is_graphics = true;
    driver_start();
    world.answers[2].is_lie = true;
    CHECK_EQUAL(set(FIRST, 0x112, DISPLAY_KEEP), OK);
    CHECK(sees(0xCC));
    release(FIRST);
    CHECK_EQUAL(set(SECOND_ONE, 0x112, DISPLAY_KEEP), OK);
    CHECK(sees(0));
}

/* The text screen lies in the same memory. */
static void text_is_not_kept(void)
{
    begin();
    CHECK_EQUAL(set(FIRST, 0x112, 0), OK);
    release(FIRST);
    memset(world_frame, 0x07, 0x40000);      /* a VGA's memory */
    CHECK_EQUAL(set(FIRST, 0x112, DISPLAY_KEEP), OK);
    CHECK(sees(0));
}

static void set_while_another_driver_has_the_adapter_takes_the_display_away(void)
{
    begin();
    CHECK_EQUAL(set(FIRST, 0x112, 0), OK);
    draw(0x11);
    world.is_others = true;
    CHECK_EQUAL(set(FIRST, 0x115, 0), BUSY);
    CHECK_EQUAL(watched, 0);
    CHECK(screen_mode() == NULL);
    CHECK_EQUAL(world.shared_live, 0);       /* nobody draws into the other's picture */
    world.is_others = false;
    CHECK_EQUAL(set(SECOND_ONE, 0x112, DISPLAY_KEEP), OK);
    CHECK(sees(0));
}

const struct test vesa_service_tests[] = {
    TEST(picture_is_kept_for_who_has_drawn_it),
    TEST(picture_is_kept_for_nobody_else),
    TEST(picture_behind_a_window_is_kept_for_who_has_drawn_it),
    TEST(picture_is_kept_behind_a_death_of_the_driver_once),
    TEST(set_that_fails_gives_no_picture_away),
    TEST(text_is_not_kept),
    TEST(set_while_another_driver_has_the_adapter_takes_the_display_away),
};
const size_t vesa_service_test_count = sizeof vesa_service_tests / sizeof vesa_service_tests[0];
