/* d\rtc's calendar, against the C library's; and its reading and setting, against a clock chip that goes on while it is looked at. */
#include "chip.h"

#include <string.h>
#include <time.h>

#include <ternion/port.h>

#include "calendar.h"
#include "test.h"

#define PORT_INDEX 0x70
#define PORT_DATA 0x71

#define DIVIDER_RUNS 0x26
#define UPDATE_IN_PROGRESS 0x80
#define HOLD 0x80
#define UPDATE_INTERRUPT 0x10
#define BINARY 0x04
#define HOURS_24 0x02
#define CENTURY 0x32
#define BATTERY 0x0D

#define SECOND_US 1000000U
#define WARNING_US 244U          /* data sheet, table 5 */
#define UPDATE_US 1984U
#define READS 4000

void clock_sleep(uint64_t delay_ns);

/* ---- The chip ---- */

static uint8_t memory[128];
static uint8_t selected;
static uint32_t phase_us;                /* since the second began */
static uint32_t pause_one_in;            /* one of so many accesses takes long: others run; 0: none does */
static bool is_absent;
static bool is_broken;                   /* forgets what is written */
static bool is_stuck;                    /* says for ever that it changes */
static uint8_t battery;                  /* register D, until it is read */
static uint32_t interrupts;

static uint8_t to_chip(int number)
{
    return (uint8_t)(memory[0x0B] & BINARY ? number : number / 10 * 16 + number % 10);
}

static int from_chip(uint8_t number)
{
    return memory[0x0B] & BINARY ? number : (number >> 4) * 10 + (number & 15);
}

static uint8_t hours_to_chip(int hours)
{
    if (memory[0x0B] & HOURS_24) {
        return to_chip(hours);
    }
    return (uint8_t)(to_chip((hours + 11) % 12 + 1) | (hours > 11 ? 0x80 : 0));
}

static int hours_from_chip(uint8_t hours)
{
    if (memory[0x0B] & HOURS_24) {
        return from_chip(hours);
    }
    return from_chip(hours & 0x7F) % 12 + (hours & 0x80 ? 12 : 0);
}

static void put_time(time_t seconds)
{
    struct tm time;

    CHECK(gmtime_r(&seconds, &time) != NULL);
    memory[0] = to_chip(time.tm_sec);
    memory[2] = to_chip(time.tm_min);
    memory[4] = hours_to_chip(time.tm_hour);
    memory[6] = to_chip(time.tm_wday + 1);
    memory[7] = to_chip(time.tm_mday);
    memory[8] = to_chip(time.tm_mon + 1);
    memory[9] = to_chip(time.tm_year % 100);
}

static time_t get_time(void)
{
    int year = from_chip(memory[9]);
    struct tm time = {
        .tm_sec = from_chip(memory[0]), .tm_min = from_chip(memory[2]), .tm_hour = hours_from_chip(memory[4]),
        .tm_mday = from_chip(memory[7]), .tm_mon = from_chip(memory[8]) - 1, .tm_year = year < 80 ? year + 100 : year,
    };

    return timegm(&time);
}

static bool is_running(void)
{
    return !(memory[0x0B] & HOLD) && (memory[0x0A] & 0x70) == 0x20;
}

static void pass(uint32_t us)
{
    if (!is_running()) {
        return;
    }
    for (phase_us += us; phase_us >= SECOND_US; phase_us -= SECOND_US) {
        put_time(get_time() + 1);
        memory[0x0C] |= 0x10;
        interrupts += (memory[0x0B] & UPDATE_INTERRUPT) != 0;
    }
}

static void pass_some(void)
{
    pass(1 + (pause_one_in != 0 && random_one_in(pause_one_in) ? random_below(3 * SECOND_US) : random_below(3)));
}

void port_write8(uint16_t port, uint8_t value)
{
    pass_some();
    if (port == PORT_INDEX) {
        CHECK(value < 0x80);                     /* the NMI stays on */
        selected = value;
        return;
    }
    CHECK_EQUAL(port, PORT_DATA);
    CHECK(selected != 0x0C && selected != BATTERY);
    CHECK(selected >= 0x0A || memory[0x0B] & HOLD || !is_running());  /* the time is written while it stands still */
    if (selected == 0x0B && value & HOLD) {
        value &= (uint8_t)~UPDATE_INTERRUPT;
    }
    memory[selected] = is_broken && selected < 0x0A ? 0 : value;
}

uint8_t port_read8(uint16_t port)
{
    CHECK_EQUAL(port, PORT_DATA);
    pass_some();
    if (is_absent) {
        return 0xFF;
    }
    bool changes = is_running() && phase_us >= SECOND_US - UPDATE_US;
    uint8_t value = memory[selected];
    switch (selected) {
    case 0x0A:
        return value | (is_stuck || (is_running() && phase_us >= SECOND_US - UPDATE_US - WARNING_US) ? UPDATE_IN_PROGRESS : 0);
    case 0x0C:
        memory[0x0C] = 0;
        return value;
    case BATTERY:
        value = battery;
        battery = 0x80;
        return value;
    default:
        return changes && selected < 0x0A ? (uint8_t)random_next() : value;
    }
}

void clock_sleep(uint64_t delay_ns)
{
    pass((uint32_t)(delay_ns / 1000) + random_below(3000));
}

/* A chip that was set up by the firmware, in this form, at this time. */
static void power_on(uint8_t form, time_t seconds)
{
    memset(memory, 0, sizeof memory);
    memory[0x0A] = DIVIDER_RUNS;
    memory[0x0B] = form;
    put_time(seconds);
    memory[CENTURY] = to_chip(20);
    battery = 0x80;
    pause_one_in = 0;
    phase_us = random_below(SECOND_US);
    CHECK(chip_open());
}

static time_t seconds_of(const struct date_time *time)
{
    struct tm broken = {
        .tm_sec = time->seconds, .tm_min = time->minutes, .tm_hour = time->hours,
        .tm_mday = time->day, .tm_mon = time->month - 1, .tm_year = time->year - 1900,
    };

    return timegm(&broken);
}

static struct date_time date_of(time_t seconds)
{
    struct tm time;

    CHECK(gmtime_r(&seconds, &time) != NULL);
    return (struct date_time){
        (uint16_t)(time.tm_year + 1900), (uint8_t)(time.tm_mon + 1), (uint8_t)time.tm_mday,
        (uint8_t)time.tm_hour, (uint8_t)time.tm_min, (uint8_t)time.tm_sec, (uint8_t)(time.tm_wday == 0 ? 7 : time.tm_wday),
    };
}

static const uint8_t forms[] = { 0, BINARY, HOURS_24, BINARY | HOURS_24 };
#define FORM_COUNT 4U

/* The hundred years, in seconds since 1970. */
static time_t any_time(void)
{
    return 315532800 + (time_t)random_below(0xBC19137F);
}

/* ---- The calendar ---- */

static void every_day_of_a_hundred_years_is_a_date(void)
{
    uint32_t days = 0;

    for (time_t seconds = 315532800; seconds < 3471292800; seconds += 86400) {
        struct date_time date = date_of(seconds);

        CHECK(calendar_has(&date));
        CHECK_EQUAL(calendar_weekday(date.year, date.month, date.day), date.weekday);
        CHECK_EQUAL(calendar_year((uint8_t)(date.year % 100)), date.year);
        if (date.day == 1) {
            struct date_time last = date_of(seconds - 86400);
            CHECK(days == 0 || calendar_days(last.year, last.month) == last.day);
        }
        days++;
    }
    CHECK_EQUAL(days, 36525);
}

static void what_is_no_date_is_known(void)
{
    static const struct date_time good = { 2024, 2, 29, 23, 59, 59, 0 };
    static const struct date_time bad[] = {
        { 1979, 12, 31, 0, 0, 0, 1 }, { 2080, 1, 1, 0, 0, 0, 1 }, { 0, 1, 1, 0, 0, 0, 1 }, { 65535, 1, 1, 0, 0, 0, 1 },
        { 2023, 2, 29, 0, 0, 0, 1 }, { 2024, 2, 30, 0, 0, 0, 1 }, { 2024, 4, 31, 0, 0, 0, 1 }, { 2024, 1, 0, 0, 0, 0, 1 },
        { 2024, 1, 32, 0, 0, 0, 1 }, { 2024, 0, 1, 0, 0, 0, 1 }, { 2024, 13, 1, 0, 0, 0, 1 }, { 2024, 255, 1, 0, 0, 0, 1 },
        { 2024, 1, 1, 24, 0, 0, 1 }, { 2024, 1, 1, 0, 60, 0, 1 }, { 2024, 1, 1, 0, 0, 60, 1 },
    };

    CHECK(calendar_has(&good));
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK(!calendar_has(&bad[i]));
    }
}

/* ---- The chip ---- */

static void time_is_read_in_every_form(void)
{
    for (uint32_t i = 0; i < READS; i++) {
        struct date_time now;
        time_t seconds = any_time();

        power_on(forms[i % FORM_COUNT], seconds);
        time_t before = get_time();
        CHECK_EQUAL(chip_read(&now), OK);
        CHECK(seconds_of(&now) >= before && seconds_of(&now) <= get_time());
        CHECK_EQUAL(now.weekday, date_of(seconds_of(&now)).weekday);
    }
}

static void time_is_of_one_moment_however_others_run_in_between(void)
{
    uint32_t read = 0;

    for (uint32_t i = 0; i < READS; i++) {
        struct date_time now;
        time_t midnight = any_time() / 86400 * 86400;

        power_on(forms[i % FORM_COUNT], midnight - 1 - random_below(3));
        pause_one_in = 40;
        time_t before = get_time();
        if (chip_read(&now) == OK) {
            CHECK(seconds_of(&now) >= before && seconds_of(&now) <= get_time());
            read++;
        }
    }
    CHECK(read > READS * 9 / 10);
}

static void time_is_set_in_every_form(void)
{
    for (uint32_t i = 0; i < READS; i++) {
        time_t seconds = any_time();
        struct date_time date = date_of(seconds);

        power_on(forms[i % FORM_COUNT], any_time());
        date.weekday = (uint8_t)random_next();
        memory[0x0B] |= UPDATE_INTERRUPT;
        CHECK_EQUAL(chip_set(&date), OK);
        CHECK(get_time() == seconds);
        CHECK_EQUAL(memory[6], to_chip(date_of(seconds).weekday % 7 + 1));
        CHECK_EQUAL(memory[CENTURY], to_chip(date.year / 100));
        CHECK_EQUAL(memory[0x0B], forms[i % FORM_COUNT] | UPDATE_INTERRUPT);
    }
}

static void what_is_no_century_stays_as_it_is(void)
{
    struct date_time date = date_of(any_time());

    power_on(HOURS_24, any_time());
    memory[CENTURY] = 0x77;
    CHECK_EQUAL(chip_set(&date), OK);
    CHECK_EQUAL(memory[CENTURY], 0x77);
}

static void centuries_that_cannot_be_do_not_matter(void)
{
    struct date_time now;

    power_on(HOURS_24, 946684800);               /* 2000, as a chip counts that knows no century */
    memory[CENTURY] = 0x19;
    CHECK_EQUAL(chip_read(&now), OK);
    CHECK_EQUAL(now.year, 2000);
}

static void empty_battery_is_told_until_the_clock_is_set(void)
{
    struct date_time now, date = date_of(any_time());

    power_on(HOURS_24, any_time());
    battery = 0;
    CHECK(chip_open());
    CHECK_EQUAL(chip_read(&now), ABSENT);
    CHECK_EQUAL(chip_set(&date), OK);
    CHECK_EQUAL(chip_read(&now), OK);
}

static void registers_that_hold_no_date_are_told(void)
{
    static const struct { uint8_t form, address, value; } cases[] = {
        { HOURS_24, 0, 0x5A }, { HOURS_24, 0, 0x60 }, { HOURS_24, 2, 0xF0 }, { HOURS_24, 4, 0x24 }, { HOURS_24, 7, 0x00 },
        { HOURS_24, 8, 0x13 }, { HOURS_24, 9, 0xA0 }, { 0, 4, 0x00 }, { 0, 4, 0x13 }, { 0, 4, 0x93 }, { BINARY, 9, 100 },
        { BINARY | HOURS_24, 0, 60 }, { BINARY | HOURS_24, 8, 200 }, { BINARY | HOURS_24, 7, 32 },
    };

    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct date_time now;

        power_on(cases[i].form, 951782400);
        memory[0x0A] = DIVIDER_RUNS;
        phase_us = 1000;
        memory[cases[i].address] = cases[i].value;
        CHECK_EQUAL(chip_read(&now), ABSENT);
    }
}

static void chip_runs_after_whatever_its_last_driver_did(void)
{
    power_on(HOURS_24 | HOLD | 0x70, any_time());
    memory[0x0A] = 0x70;
    memory[0x0C] = 0xF0;
    CHECK(chip_open());
    CHECK(is_running());
    CHECK_EQUAL(memory[0x0B], HOURS_24);
    CHECK_EQUAL(memory[0x0C], 0);
}

static void absent_broken_and_stuck_chips_are_told(void)
{
    struct date_time now, date = date_of(any_time());

    power_on(HOURS_24, any_time());
    is_broken = true;
    CHECK_EQUAL(chip_set(&date), ABSENT);
    is_broken = false;
    is_stuck = true;
    CHECK_EQUAL(chip_read(&now), ABSENT);
    is_absent = true;
    CHECK(!chip_open());
}

static void chip_interrupts_only_if_it_is_told_to(void)
{
    power_on(HOURS_24, any_time());
    pass(3 * SECOND_US);
    CHECK_EQUAL(interrupts, 0);
    chip_interrupt(true);
    CHECK(!chip_quiet());                        /* the changes before do not count */
    pass(SECOND_US);
    CHECK_EQUAL(interrupts, 1);
    CHECK(chip_quiet());
    CHECK(!chip_quiet());
    chip_interrupt(false);
    pass(SECOND_US);
    CHECK_EQUAL(interrupts, 1);
}

static const struct test tests[] = {
    TEST(every_day_of_a_hundred_years_is_a_date),
    TEST(what_is_no_date_is_known),
    TEST(time_is_read_in_every_form),
    TEST(time_is_of_one_moment_however_others_run_in_between),
    TEST(time_is_set_in_every_form),
    TEST(what_is_no_century_stays_as_it_is),
    TEST(centuries_that_cannot_be_do_not_matter),
    TEST(empty_battery_is_told_until_the_clock_is_set),
    TEST(registers_that_hold_no_date_are_told),
    TEST(chip_runs_after_whatever_its_last_driver_did),
    TEST(absent_broken_and_stuck_chips_are_told),
    TEST(chip_interrupts_only_if_it_is_told_to),
};
TEST_MAIN(tests)
