#include "timer.h"

#include <ternion/clock.h>

#define HERTZ 1193182U
#define COUNTERS 3U
#define CONTROL (TIMER_FIRST + 3)
#define READ_BACK 3U                 /* in place of a counter */
#define READ_BACK_NO_COUNT 0x20U
#define READ_BACK_NO_STATUS 0x10U
#define ACCESS_LATCH 0U
#define ACCESS_LOW 1U
#define ACCESS_HIGH 2U
#define ACCESS_BOTH 3U

static struct counter {
    uint32_t start;                  /* in counts: when it was loaded, or whole periods later */
    uint32_t reload;                 /* 1 to 65536 */
    uint8_t control;                 /* access, mode, BCD: the low six bits of the control word. BCD is not done */
    uint8_t low;                     /* written already */
    bool reads_high, writes_high;    /* the next byte */
    bool has_latch, has_status;
    uint16_t latch;
} counters[COUNTERS];

/* When a second began that is not over, and the counts until then. */
static nanoseconds_t second_ns;
static uint32_t second_counts;

/* Counts of a nanosecond, rounded up: in a second that is a 2000th of a count too much. */
#define SHIFT 41U
#define COUNTS_A_NANOSECOND ((((uint64_t)HERTZ << SHIFT) + SECOND - 1) / SECOND)

uint32_t timer_counts(nanoseconds_t now_ns)
{
    if (now_ns - second_ns >= SECOND) {
        nanoseconds_t seconds = (now_ns - second_ns) / SECOND;
        second_ns += seconds * SECOND;
        second_counts += (uint32_t)seconds * HERTZ;
    }
    return second_counts + (uint32_t)((uint64_t)(uint32_t)(now_ns - second_ns) * (uint32_t)COUNTS_A_NANOSECOND >> SHIFT);
}

void timer_reset(nanoseconds_t now_ns)
{
    second_ns = now_ns;
    second_counts = 0;
    for (uint32_t i = 0; i < COUNTERS; i++) {
        counters[i] = (struct counter){ .reload = 0x10000, .control = ACCESS_BOTH << 4 | 3 << 1 };
    }
}

/* How far it is in its period. Those that are over are forgotten: counts wrap. */
static uint32_t counted(struct counter *counter, uint32_t now)
{
    uint32_t passed = now - counter->start;
    uint32_t rest = passed % counter->reload;

    counter->start += passed - rest;
    return rest;
}

/* A square wave counts each half by two; whoever measures time by it knows. */
static uint16_t count(struct counter *counter, uint32_t now)
{
    bool is_square = (counter->control >> 1 & 3) == 3;
    uint32_t rest = counted(counter, now);

    return is_square ? (uint16_t)(counter->reload - rest * 2 % counter->reload) & 0xFFFE : (uint16_t)(counter->reload - rest);
}

static bool output(struct counter *counter, uint32_t now)
{
    return counted(counter, now) < (counter->reload + 1) / 2;
}

static uint8_t next_byte(struct counter *counter, uint16_t value)
{
    uint32_t access = counter->control >> 4;
    bool is_high = access == ACCESS_HIGH || (access == ACCESS_BOTH && counter->reads_high);

    counter->reads_high = access == ACCESS_BOTH && !counter->reads_high;
    counter->has_latch &= counter->reads_high;
    return (uint8_t)(is_high ? value >> 8 : value);
}

bool timer_output(uint32_t now)
{
    return output(&counters[2], now);
}

uint8_t timer_read(uint16_t port, uint32_t now)
{
    if (port >= CONTROL) {
        return 0xFF;
    }
    struct counter *counter = &counters[port - TIMER_FIRST];
    if (counter->has_status) {
        counter->has_status = false;
        return (uint8_t)(counter->control | output(counter, now) << 7);
    }
    return next_byte(counter, counter->has_latch ? counter->latch : count(counter, now));
}

static void latch(struct counter *counter, uint32_t now)
{
    if (!counter->has_latch) {
        counter->has_latch = true;
        counter->latch = count(counter, now);
    }
}

static void read_back(uint8_t value, uint32_t now)
{
    for (uint32_t i = 0; i < COUNTERS; i++) {
        if ((value & 2U << i) == 0) {
            continue;
        }
        counters[i].has_status |= (value & READ_BACK_NO_STATUS) == 0;
        if ((value & READ_BACK_NO_COUNT) == 0) {
            latch(&counters[i], now);
        }
    }
}

static void set_control(uint8_t value, uint32_t now)
{
    if (value >> 6 == READ_BACK) {
        read_back(value, now);
        return;
    }
    struct counter *counter = &counters[value >> 6];
    if ((value >> 4 & 3) == ACCESS_LATCH) {
        latch(counter, now);
        return;
    }
    *counter = (struct counter){ .start = now, .reload = counter->reload, .control = value & 0x3F };
}

void timer_write(uint16_t port, uint8_t value, uint32_t now)
{
    if (port >= CONTROL) {
        set_control(value, now);
        return;
    }
    struct counter *counter = &counters[port - TIMER_FIRST];
    uint32_t access = counter->control >> 4;
    if (access == ACCESS_BOTH && !counter->writes_high) {
        counter->low = value;
        counter->writes_high = true;
        return;
    }
    uint32_t reload = access == ACCESS_BOTH ? (uint32_t)value << 8 | counter->low : access == ACCESS_HIGH ? (uint32_t)value << 8 : value;
    counter->reload = reload == 0 ? 0x10000 : reload;
    counter->start = now;
    counter->writes_high = false;
}
