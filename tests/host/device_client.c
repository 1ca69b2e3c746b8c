/* When a client looks up its device again, when it asks again, and for how long: with a clock, a name and drivers of the test's own. */
#include <ternion/clock.h>
#include <ternion/device.h>

#include <sys/mman.h>

#include "test.h"

#define NAME "disks\\sample\\0"

void *memset(void *memory, int value, size_t size);
int memcmp(const void *left, const void *right, size_t size);
int strcmp(const char *left, const char *right);

/* ---- The system, as far as it is asked ---- */

static struct system_page *page;
static nanoseconds_t now_ns;
static process_id_t driver;              /* that has the name; 0: none */
static device_type_t driver_type = DEVICE_STORAGE;
static nanoseconds_t comes_back_ns;      /* when a driver has the name again */
static process_id_t next_driver;         /* which then */
static uint32_t look_ups;
static uint32_t sleeps;

status_t device_find(const void *name, uint32_t name_size, nanoseconds_t deadline_ns, struct device_information *information);

nanoseconds_t clock_now(void)
{
    return now_ns;
}

nanoseconds_t clock_after(nanoseconds_t delay_ns)
{
    return delay_ns < FOREVER - now_ns ? now_ns + delay_ns : FOREVER;
}

static void driver_set(process_id_t id)
{
    driver = id;
    page->device_changes++;
}

/* Time goes on; the driver comes when it is time. */
static void time_pass_until(nanoseconds_t until_ns)
{
    if (driver == 0 && next_driver != 0 && comes_back_ns <= until_ns) {
        now_ns = comes_back_ns > now_ns ? comes_back_ns : now_ns;
        driver_set(next_driver);
        next_driver = 0;
    }
    now_ns = until_ns > now_ns ? until_ns : now_ns;
}

void clock_sleep(nanoseconds_t delay_ns)
{
    CHECK(delay_ns != 0);
    sleeps++;
    time_pass_until(clock_after(delay_ns));
}

status_t device_find(const void *name, uint32_t name_size, nanoseconds_t deadline_ns, struct device_information *information)
{
    look_ups++;
    CHECK(name_size <= DEVICE_NAME_MAX);
    if (name_size == 0) {
        return BAD_NAME;
    }
    CHECK(name_size == sizeof NAME - 1 && memcmp(name, NAME, name_size) == 0);
    if (driver == 0 && deadline_ns != 0) {
        CHECK(deadline_ns != FOREVER || next_driver != 0);
        time_pass_until(next_driver != 0 && comes_back_ns < deadline_ns ? comes_back_ns : deadline_ns);
    }
    if (driver == 0) {
        return deadline_ns == 0 ? NOT_FOUND : TIMED_OUT;
    }
    *information = (struct device_information){ .id = 1, .type = driver_type, .process = driver, .number = driver + 100 };
    return OK;
}

static void system_begin(void)
{
    page = mmap((void *)SYSTEM_PAGE, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    CHECK(page == (void *)SYSTEM_PAGE);
    now_ns = 1000 * SECOND;
}

static struct device device_of(process_id_t id)
{
    struct device device;

    system_begin();
    driver = id;
    CHECK_EQUAL(device_open(&device, NAME, DEVICE_STORAGE, 0), id == 0 ? NOT_FOUND : OK);
    look_ups = 0;
    return device;
}

/* ---- What becomes of a request: each attempt is answered with the next of these; then with OK ---- */

struct fate {
    status_t status;
    process_id_t comes_next;         /* the driver is gone, and this one comes; 0: it stays */
    nanoseconds_t after_ns;          /* so long afterwards */
    nanoseconds_t lasts_ns;          /* the attempt */
};

#define STAYS(status) { status, 0, 0, 0 }
#define DIES(status, next, after_ns) { status, next, after_ns, 0 }
#define DIES_LATER(status, next, after_ns, lasts_ns) { status, next, after_ns, lasts_ns }

static uint32_t attempts;

static status_t ask(struct device *device, enum device_safety safety, const struct fate *fates, uint32_t count)
{
    struct device_attempt attempt = { .safety = safety };

    attempts = 0;
    while (device_attempt(device, &attempt)) {
        CHECK(device->process == driver && device->number == driver + 100);
        CHECK(attempts < 100000);
        const struct fate *fate = attempts < count ? &fates[attempts] : NULL;
        attempts++;
        attempt.status = fate == NULL ? OK : fate->status;
        if (fate != NULL) {
            now_ns += fate->lasts_ns;
        }
        if (fate != NULL && fate->comes_next != 0) {
            driver_set(0);
            next_driver = fate->comes_next;
            comes_back_ns = clock_after(fate->after_ns);
            time_pass_until(now_ns);
        }
    }
    return attempt.status;
}

#define ASK(device, safety, ...) \
    ask(device, safety, (const struct fate[]){ __VA_ARGS__ }, sizeof((const struct fate[]){ __VA_ARGS__ }) / sizeof(struct fate))

/* ---- Tests ---- */

static void nothing_is_looked_up_while_nothing_has_changed(void)
{
    struct device device = device_of(7);

    for (uint32_t i = 0; i < 100; i++) {
        CHECK_EQUAL(ask(&device, DEVICE_ASK_ONCE, NULL, 0), OK);
        CHECK_EQUAL(attempts, 1);
    }
    CHECK_EQUAL(look_ups, 0);
}

static void what_has_changed_is_looked_up_before_the_call(void)
{
    struct device device = device_of(7);

    driver_set(8);
    CHECK_EQUAL(ask(&device, DEVICE_ASK_ONCE, NULL, 0), OK);
    CHECK_EQUAL(attempts, 1);
    CHECK_EQUAL(look_ups, 1);
    CHECK_EQUAL(device.process, 8);
}

static void request_that_reached_nobody_is_made_again_whatever_it_is(void)
{
    struct device device = device_of(7);

    CHECK_EQUAL(ASK(&device, DEVICE_ASK_ONCE, DIES(BAD_ID, 8, SECOND)), OK);
    CHECK_EQUAL(attempts, 2);
    CHECK_EQUAL(sleeps, 0);
}

static void request_that_died_with_its_driver_is_made_again_only_if_that_is_safe(void)
{
    struct device device = device_of(7);

    CHECK_EQUAL(ASK(&device, DEVICE_ASK_ONCE, DIES(PEER_DIED, 8, SECOND)), PEER_DIED);
    CHECK_EQUAL(attempts, 1);
    CHECK_EQUAL(ASK(&device, DEVICE_ASK_ONCE, STAYS(DISCARDED)), DISCARDED);
    CHECK_EQUAL(attempts, 1);
    CHECK_EQUAL(ASK(&device, DEVICE_ASK_AGAIN, DIES(PEER_DIED, 9, SECOND)), OK);
    CHECK_EQUAL(attempts, 2);
    CHECK_EQUAL(device.process, 9);
    CHECK_EQUAL(ASK(&device, DEVICE_ASK_ONCE, DIES(BAD_ID, 10, 1), DIES(PEER_DIED, 11, 1)), PEER_DIED);
    CHECK_EQUAL(attempts, 2);
}

static void any_other_answer_ends_it(void)
{
    struct device device = device_of(7);

    for (status_t status = OK; status < STATUS_COUNT; status++) {
        if (status != BAD_ID && status != PEER_DIED && status != DISCARDED) {
            CHECK_EQUAL(ASK(&device, DEVICE_ASK_AGAIN, STAYS(status)), status);
            CHECK_EQUAL(attempts, 1);
        }
    }
    CHECK_EQUAL(sleeps, 0);
}

static void patience_ends_when_no_driver_comes(void)
{
    struct device device = device_of(7);
    nanoseconds_t begin_ns = now_ns;

    CHECK_EQUAL(ASK(&device, DEVICE_ASK_AGAIN, DIES(BAD_ID, 8, 60 * SECOND)), TIMED_OUT);
    CHECK_EQUAL(attempts, 1);
    CHECK_EQUAL(now_ns - begin_ns, DEVICE_PATIENCE_NS);
    CHECK_EQUAL(ask(&device, DEVICE_ASK_AGAIN, NULL, 0), TIMED_OUT);
    CHECK_EQUAL(attempts, 0);
    CHECK_EQUAL(now_ns - begin_ns, 2 * DEVICE_PATIENCE_NS);
}

static void what_a_driver_took_is_not_told_as_if_none_had_taken_it(void)
{
    struct device device = device_of(7);

    CHECK_EQUAL(ASK(&device, DEVICE_ASK_AGAIN, DIES(PEER_DIED, 8, 60 * SECOND)), PEER_DIED);
    driver_set(9);
    CHECK_EQUAL(ASK(&device, DEVICE_ASK_AGAIN, DIES(DISCARDED, 10, 1), DIES(BAD_ID, 11, 60 * SECOND)), DISCARDED);
    driver_set(0);
    next_driver = 0;
    CHECK_EQUAL(ask(&device, DEVICE_ASK_AGAIN, NULL, 0), TIMED_OUT);
    device.patience_ns = 0;
    CHECK_EQUAL(ask(&device, DEVICE_ASK_AGAIN, NULL, 0), NOT_FOUND);
    driver_set(12);
    CHECK_EQUAL(ASK(&device, DEVICE_ASK_AGAIN, DIES(BAD_ID, 13, SECOND)), NOT_FOUND);
}

static void without_patience_nothing_is_waited_for(void)
{
    struct device device = device_of(0);
    nanoseconds_t begin_ns = now_ns;

    device.patience_ns = 0;
    CHECK_EQUAL(ask(&device, DEVICE_ASK_AGAIN, NULL, 0), NOT_FOUND);
    driver_set(7);
    CHECK_EQUAL(ask(&device, DEVICE_ASK_AGAIN, NULL, 0), OK);
    CHECK_EQUAL(ASK(&device, DEVICE_ASK_AGAIN, DIES(PEER_DIED, 8, SECOND)), PEER_DIED);
    driver_set(9);
    CHECK_EQUAL(ASK(&device, DEVICE_ASK_AGAIN, DIES(PEER_DIED, 10, 0)), OK);   /* it is back already */
    CHECK_EQUAL(ASK(&device, DEVICE_ASK_AGAIN, STAYS(BAD_ID)), NOT_FOUND);
    CHECK_EQUAL(ASK(&device, DEVICE_ASK_AGAIN, STAYS(DISCARDED)), DISCARDED);
    CHECK_EQUAL(sleeps, 0);
    CHECK_EQUAL(now_ns, begin_ns);
}

static void endless_patience_waits_till_the_driver_comes(void)
{
    struct device device = device_of(7);

    device.patience_ns = FOREVER;
    CHECK_EQUAL(ASK(&device, DEVICE_ASK_AGAIN, DIES(PEER_DIED, 8, 1000000 * SECOND), STAYS(DISCARDED), DIES(BAD_ID, 9, 1000000 * SECOND)), OK);
    CHECK_EQUAL(attempts, 4);
    CHECK_EQUAL(device.process, 9);
    device.patience_ns = FOREVER - 1;
    CHECK_EQUAL(ASK(&device, DEVICE_ASK_AGAIN, DIES(PEER_DIED, 10, 1000000 * SECOND), STAYS(DISCARDED)), OK);
}

static void only_the_time_without_a_driver_counts(void)
{
    struct device device = device_of(7);

    CHECK_EQUAL(ASK(&device, DEVICE_ASK_AGAIN, DIES_LATER(PEER_DIED, 8, SECOND, 3600 * SECOND), DIES_LATER(PEER_DIED, 9, SECOND, 3600 * SECOND),
                    DIES_LATER(PEER_DIED, 10, SECOND, 3600 * SECOND)), OK);
    CHECK_EQUAL(attempts, 4);
    CHECK_EQUAL(ASK(&device, DEVICE_ASK_AGAIN, DIES(PEER_DIED, 11, 2 * SECOND), DIES(PEER_DIED, 12, 2 * SECOND), DIES(PEER_DIED, 13, 2 * SECOND)),
                PEER_DIED);
    CHECK_EQUAL(attempts, 3);
}

/* It stays, and answers so every time. */
static void check_stubborn_driver(status_t status)
{
    static struct fate fates[100000];
    struct device device = device_of(7);
    nanoseconds_t begin_ns = now_ns;

    for (uint32_t i = 0; i < sizeof fates / sizeof fates[0]; i++) {
        fates[i] = (struct fate)STAYS(status);
    }
    CHECK_EQUAL(ask(&device, DEVICE_ASK_AGAIN, fates, 100000), status == BAD_ID ? TIMED_OUT : status);
    CHECK(attempts <= 100);
    CHECK_EQUAL(sleeps + 1, attempts);
    CHECK_EQUAL(now_ns - begin_ns, DEVICE_PATIENCE_NS);
}

static void discards(void)
{
    check_stubborn_driver(DISCARDED);
}

static void dies(void)
{
    check_stubborn_driver(PEER_DIED);
}

static void is_nobody(void)
{
    check_stubborn_driver(BAD_ID);
}

static void driver_that_stays_and_answers_nothing_is_not_asked_all_the_time(void)
{
    test_in_child(discards);
    test_in_child(dies);
    test_in_child(is_nobody);
}

static void drivers_that_come_and_die_at_once_are_not_asked_all_the_time(void)
{
    static struct fate fates[100000];
    struct device device = device_of(7);

    for (uint32_t i = 0; i < sizeof fates / sizeof fates[0]; i++) {
        fates[i] = (struct fate)DIES(PEER_DIED, 8 + i, 0);
    }
    CHECK_EQUAL(ask(&device, DEVICE_ASK_AGAIN, fates, 100000), PEER_DIED);
    CHECK(attempts > 50 && attempts <= 100);
}

static void name_that_leads_to_another_type_by_now_is_told(void)
{
    struct device device = device_of(7);

    driver_type = DEVICE_STREAM;
    driver_set(8);
    CHECK_EQUAL(ask(&device, DEVICE_ASK_AGAIN, NULL, 0), BAD_PROTOCOL);
    CHECK_EQUAL(attempts, 0);
    CHECK_EQUAL(ask(&device, DEVICE_ASK_AGAIN, NULL, 0), BAD_PROTOCOL);     /* and not forgotten */
    driver_type = DEVICE_STORAGE;
    driver_set(9);
    CHECK_EQUAL(ask(&device, DEVICE_ASK_AGAIN, NULL, 0), OK);
}

static void names_that_no_device_can_have_are_refused(void)
{
    static char long_name[DEVICE_NAME_MAX + 2];
    struct device device;

    system_begin();
    memset(long_name, 'x', DEVICE_NAME_MAX + 1);
    CHECK_EQUAL(device_open(&device, long_name, DEVICE_STORAGE, 0), BAD_NAME);
    CHECK_EQUAL(ask(&device, DEVICE_ASK_AGAIN, NULL, 0), BAD_NAME);
    CHECK_EQUAL(device_open(&device, "", DEVICE_STORAGE, 0), BAD_NAME);
    CHECK_EQUAL(ask(&device, DEVICE_ASK_AGAIN, NULL, 0), BAD_NAME);
    CHECK_EQUAL(attempts, 0);
}

static void opening_waits_until_its_deadline(void)
{
    struct device device;

    system_begin();
    next_driver = 7;
    comes_back_ns = now_ns + 3 * SECOND;
    CHECK_EQUAL(device_open(&device, NAME, DEVICE_STORAGE, now_ns + SECOND), TIMED_OUT);
    CHECK_EQUAL(device_open(&device, NAME, DEVICE_STORAGE, FOREVER), OK);
    CHECK_EQUAL(device.process, 7);
    driver_type = DEVICE_TONE;
    CHECK_EQUAL(device_open(&device, NAME, DEVICE_STORAGE, 0), BAD_PROTOCOL);
}

/* ---- The common interface ---- */

static char driver_text[] = "a sample";

status_t protocol_call_message(process_id_t server, const struct operation_shape *shape, const void *request, void *reply_out,
                               struct payload *payload)
{
    CHECK_EQUAL(server, driver);
    CHECK_EQUAL(shape->reply_string_max, DEVICE_DESCRIPTION_MAX);
    CHECK_EQUAL(((const struct device_call_number *)request)->number, driver + 100);
    payload->reply_string_size = sizeof driver_text - 1;
    ((struct device_call_description *)reply_out)->type = DEVICE_STORAGE;
    for (uint32_t i = 0; i < payload->buffer_size && i < sizeof driver_text - 1; i++) {
        ((char *)payload->buffer)[i] = driver_text[i];
    }
    return payload->buffer_size < sizeof driver_text - 1 ? TRUNCATED : OK;
}

static void description_is_cut_to_its_buffer(void)
{
    struct device device = device_of(7);
    device_type_t type = DEVICE_NONE;
    char text[20];

    CHECK_EQUAL(device_describe(&device, &type, text, sizeof text), OK);
    CHECK(type == DEVICE_STORAGE && strcmp(text, "a sample") == 0);
    memset(text, 'x', sizeof text);
    CHECK_EQUAL(device_describe(&device, &type, text, 5), OK);
    CHECK(strcmp(text, "a sa") == 0 && text[5] == 'x');
    CHECK_EQUAL(device_describe(&device, &type, text, 1), OK);
    CHECK(text[0] == '\0' && text[1] == ' ');
    CHECK_EQUAL(device_describe(&device, &type, NULL, 0), OK);
}

static void every_type_has_a_name(void)
{
    for (device_type_t type = 0; type < DEVICE_TYPE_COUNT; type++) {
        CHECK(strcmp(device_type_name(type), "unknown") != 0);
        for (device_type_t other = 0; other < type; other++) {
            CHECK(strcmp(device_type_name(type), device_type_name(other)) != 0);
        }
    }
    CHECK(strcmp(device_type_name(DEVICE_TYPE_COUNT), "unknown") == 0);
    CHECK(strcmp(device_type_name(UINT32_MAX), "unknown") == 0);
}

static const struct test tests[] = {
    TEST(nothing_is_looked_up_while_nothing_has_changed),
    TEST(what_has_changed_is_looked_up_before_the_call),
    TEST(request_that_reached_nobody_is_made_again_whatever_it_is),
    TEST(request_that_died_with_its_driver_is_made_again_only_if_that_is_safe),
    TEST(any_other_answer_ends_it),
    TEST(patience_ends_when_no_driver_comes),
    TEST(what_a_driver_took_is_not_told_as_if_none_had_taken_it),
    TEST(without_patience_nothing_is_waited_for),
    TEST(endless_patience_waits_till_the_driver_comes),
    TEST(only_the_time_without_a_driver_counts),
    TEST(driver_that_stays_and_answers_nothing_is_not_asked_all_the_time),
    TEST(drivers_that_come_and_die_at_once_are_not_asked_all_the_time),
    TEST(name_that_leads_to_another_type_by_now_is_told),
    TEST(names_that_no_device_can_have_are_refused),
    TEST(opening_waits_until_its_deadline),
    TEST(description_is_cut_to_its_buffer),
    TEST(every_type_has_a_name),
};
TEST_MAIN(tests)
