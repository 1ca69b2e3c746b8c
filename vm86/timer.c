#include "timer.h"

#include <stdbool.h>

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
    nanoseconds_t start_ns;          /* when it was loaded */
    uint32_t reload;                 /* 1 to 65536 */
    uint8_t control;                 /* access, mode, BCD: the low six bits of the control word. BCD is not done */
    uint8_t low;                     /* written already */
    bool reads_high, writes_high;    /* the next byte */
    bool has_latch, has_status;
    uint16_t latch;
} counters[COUNTERS];

void timer_reset(nanoseconds_t now_ns)
{
    for (uint32_t i = 0; i < COUNTERS; i++) {
        counters[i] = (struct counter){ .start_ns = now_ns, .reload = 0x10000, .control = ACCESS_BOTH << 4 | 3 << 1 };
    }
}

static uint64_t counts(const struct counter *counter, nanoseconds_t now_ns)
{
    nanoseconds_t passed_ns = now_ns - counter->start_ns;

    return passed_ns / SECOND * HERTZ + passed_ns % SECOND * HERTZ / SECOND;
}

/* A square wave counts each half by two; whoever measures time by it knows. */
static uint16_t count(const struct counter *counter, nanoseconds_t now_ns)
{
    bool is_square = (counter->control >> 1 & 3) == 3;
    uint64_t counted = counts(counter, now_ns) * (is_square ? 2 : 1) % counter->reload;

    return (uint16_t)(counter->reload - counted) & (is_square ? 0xFFFE : 0xFFFF);
}

static uint8_t next_byte(struct counter *counter, uint16_t value)
{
    uint32_t access = counter->control >> 4;
    bool is_high = access == ACCESS_HIGH || (access == ACCESS_BOTH && counter->reads_high);

    counter->reads_high = access == ACCESS_BOTH && !counter->reads_high;
    counter->has_latch &= counter->reads_high;
    return (uint8_t)(is_high ? value >> 8 : value);
}

uint32_t timer_output(nanoseconds_t now_ns)
{
    const struct counter *counter = &counters[2];

    return counts(counter, now_ns) % counter->reload < (counter->reload + 1) / 2;
}

uint8_t timer_read(uint16_t port, nanoseconds_t now_ns)
{
    if (port >= CONTROL) {
        return 0xFF;
    }
    struct counter *counter = &counters[port - TIMER_FIRST];
    if (counter->has_status) {
        counter->has_status = false;
        return (uint8_t)(counter->control | (counts(counter, now_ns) % counter->reload < (counter->reload + 1) / 2) << 7);
    }
    return next_byte(counter, counter->has_latch ? counter->latch : count(counter, now_ns));
}

static void latch(struct counter *counter, nanoseconds_t now_ns)
{
    if (!counter->has_latch) {
        counter->has_latch = true;
        counter->latch = count(counter, now_ns);
    }
}

static void read_back(uint8_t value, nanoseconds_t now_ns)
{
    for (uint32_t i = 0; i < COUNTERS; i++) {
        if ((value & 2U << i) == 0) {
            continue;
        }
        counters[i].has_status |= (value & READ_BACK_NO_STATUS) == 0;
        if ((value & READ_BACK_NO_COUNT) == 0) {
            latch(&counters[i], now_ns);
        }
    }
}

static void set_control(uint8_t value, nanoseconds_t now_ns)
{
    if (value >> 6 == READ_BACK) {
        read_back(value, now_ns);
        return;
    }
    struct counter *counter = &counters[value >> 6];
    if ((value >> 4 & 3) == ACCESS_LATCH) {
        latch(counter, now_ns);
        return;
    }
    *counter = (struct counter){ .start_ns = now_ns, .reload = counter->reload, .control = value & 0x3F };
}

void timer_write(uint16_t port, uint8_t value, nanoseconds_t now_ns)
{
    if (port >= CONTROL) {
        set_control(value, now_ns);
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
    counter->start_ns = now_ns;
    counter->writes_high = false;
}
