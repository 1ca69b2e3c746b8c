#include <ternion/clock.h>
#include <ternion/port.h>
#include <ternion/string.h>

#include "calendar.h"
#include "chip.h"

#define PORT_INDEX 0x70          /* bit 7 would mask the NMI: it is never set */
#define PORT_DATA 0x71

/* Addresses: MC146818A data sheet, figure 14. */
enum chip_register {
    SECONDS = 0x00,
    MINUTES = 0x02,
    HOURS = 0x04,
    WEEKDAY = 0x06,              /* 1: Sunday */
    DAY = 0x07,
    MONTH = 0x08,
    YEAR = 0x09,                 /* of its century */
    REGISTER_A = 0x0A,
    REGISTER_B = 0x0B,
    REGISTER_C = 0x0C,
    REGISTER_D = 0x0D,
    CENTURY = 0x32,              /* IBM PC AT Technical Reference, "CMOS RAM": a byte of memory that the firmware uses so */
};

/* REGISTER_A */
#define UPDATE_IN_PROGRESS 0x80U /* the time changes within 244 us, or just now */
#define DIVIDER 0x70U
#define DIVIDER_32_KHZ 0x20U
#define RATE_USUAL 0x06U

/* REGISTER_B */
#define HOLD 0x80U               /* SET: the time stands still, to be written */
#define INTERRUPTS 0x70U
#define INTERRUPT_UPDATE_ENDED 0x10U
#define IS_BINARY 0x04U          /* else binary-coded decimal */
#define IS_24_HOURS 0x02U

/* REGISTER_C: reading it clears it. */
#define CAUSE_UPDATE_ENDED 0x10U

/* REGISTER_D */
#define BATTERY_WAS_GOOD 0x80U   /* VRT */

#define AFTERNOON 0x80U          /* in HOURS, of a clock of 12 hours */
#define NO_NUMBER 0xFFU
#define UPDATE_WAITS_MAX 10U     /* of a millisecond; an update takes 2.2 ms (data sheet, table 5) */
#define READS_MAX 8U

/* The registers of the time. */
enum field { FIELD_SECONDS, FIELD_MINUTES, FIELD_HOURS, FIELD_WEEKDAY, FIELD_DAY, FIELD_MONTH, FIELD_YEAR, FIELD_COUNT };
static const uint8_t addresses[FIELD_COUNT] = { SECONDS, MINUTES, HOURS, WEEKDAY, DAY, MONTH, YEAR };

static bool knows_the_time;

/* ---- Registers ---- */

static uint8_t chip_get(uint8_t address)
{
    port_write8(PORT_INDEX, address);
    return port_read8(PORT_DATA);
}

static void chip_put(uint8_t address, uint8_t value)
{
    port_write8(PORT_INDEX, address);
    port_write8(PORT_DATA, value);
}

/* ---- Numbers ---- */

static uint8_t decode(uint8_t number, uint8_t form)
{
    if (form & IS_BINARY) {
        return number;
    }
    return (number & 0x0F) < 10 && number >> 4 < 10 ? (uint8_t)((number >> 4) * 10 + (number & 0x0F)) : NO_NUMBER;
}

static uint8_t encode(uint8_t number, uint8_t form)
{
    return form & IS_BINARY ? number : (uint8_t)(number / 10 << 4 | number % 10);
}

static uint8_t decode_hours(uint8_t hours, uint8_t form)
{
    if (form & IS_24_HOURS) {
        return decode(hours, form);
    }
    uint8_t number = decode(hours & (uint8_t)~AFTERNOON, form);
    if (number < 1 || number > 12) {
        return NO_NUMBER;
    }
    return (uint8_t)(number % 12 + (hours & AFTERNOON ? 12 : 0));
}

static uint8_t encode_hours(uint8_t hours, uint8_t form)
{
    if (form & IS_24_HOURS) {
        return encode(hours, form);
    }
    return encode(hours % 12 == 0 ? 12 : hours % 12, form) | (hours >= 12 ? AFTERNOON : 0);
}

/* ---- Presence ---- */

bool chip_open(void)
{
    uint8_t battery = chip_get(REGISTER_D);      /* first of all: it may be true again by being read */
    uint8_t divider = chip_get(REGISTER_A);

    if (battery == 0xFF && divider == 0xFF) {
        return false;
    }
    knows_the_time = (battery & BATTERY_WAS_GOOD) != 0;
    if ((divider & DIVIDER) != DIVIDER_32_KHZ) {
        chip_put(REGISTER_A, DIVIDER_32_KHZ | RATE_USUAL);
    }
    chip_put(REGISTER_B, chip_get(REGISTER_B) & (uint8_t)~(HOLD | INTERRUPTS));
    (void)chip_quiet();
    return true;
}

const char *chip_form(void)
{
    static const char *const forms[] = { "decimal, 12 hours", "decimal, 24 hours", "binary, 12 hours", "binary, 24 hours" };
    uint8_t form = chip_get(REGISTER_B);

    return forms[(form & IS_BINARY ? 2 : 0) + (form & IS_24_HOURS ? 1 : 0)];
}

/* ---- The time ---- */

/* False: it does not stop changing. */
static bool wait_until_at_rest(void)
{
    for (unsigned waits = 0; chip_get(REGISTER_A) & UPDATE_IN_PROGRESS; waits++) {
        if (waits == UPDATE_WAITS_MAX) {
            return false;
        }
        clock_sleep(MILLISECOND);
    }
    return true;
}

static void get_fields(uint8_t fields_out[FIELD_COUNT])
{
    for (unsigned i = 0; i < FIELD_COUNT; i++) {
        fields_out[i] = chip_get(addresses[i]);
    }
}

/*
 * Reads until two readings are the same: between the look whether the time is at rest and the last register others may have run,
 * for longer than it rests.
 */
static bool get_fields_of_one_moment(uint8_t fields_out[FIELD_COUNT])
{
    uint8_t again[FIELD_COUNT];

    for (unsigned reads = 0; reads < READS_MAX; reads++) {
        if (!wait_until_at_rest()) {
            return false;
        }
        get_fields(fields_out);
        if (!wait_until_at_rest()) {
            return false;
        }
        get_fields(again);
        if (memcmp(fields_out, again, sizeof again) == 0) {
            return true;
        }
    }
    return false;
}

status_t chip_read(struct date_time *time_out)
{
    uint8_t form = chip_get(REGISTER_B);
    uint8_t fields[FIELD_COUNT];

    if (!knows_the_time || !get_fields_of_one_moment(fields)) {
        return ABSENT;
    }
    uint8_t year = decode(fields[FIELD_YEAR], form);
    struct date_time time = {
        .year = calendar_year(year),
        .month = decode(fields[FIELD_MONTH], form),
        .day = decode(fields[FIELD_DAY], form),
        .hours = decode_hours(fields[FIELD_HOURS], form),
        .minutes = decode(fields[FIELD_MINUTES], form),
        .seconds = decode(fields[FIELD_SECONDS], form),
    };
    if (year > 99 || !calendar_has(&time)) {
        return ABSENT;
    }
    time.weekday = calendar_weekday(time.year, time.month, time.day);    /* the chip's own is often wrong */
    *time_out = time;
    return OK;
}

/* Where there is a century, and not something else, in the firmware's place for it, it is kept right for the firmware. We need none. */
static void put_century(uint16_t year, uint8_t form)
{
    uint8_t century = decode(chip_get(CENTURY), form);

    if (century == CALENDAR_FIRST_YEAR / 100 || century == CALENDAR_LAST_YEAR / 100) {
        chip_put(CENTURY, encode((uint8_t)(year / 100), form));
    }
}

status_t chip_set(const struct date_time *time)
{
    uint8_t control = chip_get(REGISTER_B) & (uint8_t)~HOLD;
    uint8_t weekday = calendar_weekday(time->year, time->month, time->day);
    const uint8_t fields[FIELD_COUNT] = {
        [FIELD_SECONDS] = encode(time->seconds, control),
        [FIELD_MINUTES] = encode(time->minutes, control),
        [FIELD_HOURS] = encode_hours(time->hours, control),
        [FIELD_WEEKDAY] = encode(weekday % 7 + 1, control),
        [FIELD_DAY] = encode(time->day, control),
        [FIELD_MONTH] = encode(time->month, control),
        [FIELD_YEAR] = encode((uint8_t)(time->year % 100), control),
    };
    uint8_t kept[FIELD_COUNT];

    chip_put(REGISTER_B, control | HOLD);
    for (unsigned i = 0; i < FIELD_COUNT; i++) {
        chip_put(addresses[i], fields[i]);
    }
    put_century(time->year, control);
    get_fields(kept);
    chip_put(REGISTER_B, control);               /* HOLD has cleared the interrupt of updates: it is as it was */
    if (memcmp(kept, fields, sizeof kept) != 0) {
        return ABSENT;
    }
    knows_the_time = true;
    return OK;
}

/* ---- Interrupts ---- */

void chip_interrupt(bool is_on)
{
    uint8_t control = chip_get(REGISTER_B) & (uint8_t)~INTERRUPT_UPDATE_ENDED;

    (void)chip_quiet();                          /* an update since the last look would interrupt at once */
    chip_put(REGISTER_B, is_on ? control | INTERRUPT_UPDATE_ENDED : control);
}

bool chip_quiet(void)
{
    return (chip_get(REGISTER_C) & CAUSE_UPDATE_ENDED) != 0;
}
