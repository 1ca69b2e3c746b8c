#include "measure.h"

#include <ternion/clock.h>
#include <ternion/log.h>

#define REST_NS (50 * MILLISECOND)   /* the driver that measures is over its budget otherwise: that is forgiven by then */

/* Of an odd number of samples the median is one of them. */
static uint64_t median(uint64_t samples[SAMPLES])
{
    for (uint32_t i = 1; i < SAMPLES; i++) {
        uint64_t sample = samples[i];
        uint32_t at = i;

        for (; at > 0 && samples[at - 1] > sample; at--) {
            samples[at] = samples[at - 1];
        }
        samples[at] = sample;
    }
    return samples[SAMPLES / 2];
}

uint32_t measure_samples(sample_t *sample, uint32_t operations)
{
    uint64_t samples[SAMPLES];

    clock_sleep(REST_NS);
    for (uint32_t i = 0; i < SAMPLES; i++) {
        samples[i] = sample();
    }
    return (uint32_t)((median(samples) + operations / 2) / operations);
}

static operation_t *measured;

static uint64_t loop_sample(void)
{
    uint64_t begin = timestamp_read();

    loop_run(measured, OPERATIONS);
    return timestamp_read() - begin;
}

uint32_t measure(operation_t *operation)
{
    measured = operation;
    return measure_samples(loop_sample, OPERATIONS);
}

static const char *name_suffix = "";

void report_suffix(const char *suffix)
{
    name_suffix = suffix;
}

void report(const char *name, uint32_t value, const char *unit)
{
    log_print(LOG_INFORMATION, "BENCH %s%s %u %s", name, name_suffix, value, unit);
}

void report_thousandths(const char *name, uint32_t thousandths, const char *unit)
{
    log_print(LOG_INFORMATION, "BENCH %s%s %u.%03u %s", name, name_suffix, thousandths / 1000, thousandths % 1000, unit);
}

void report_per_byte(const char *name, uint32_t value, uint32_t bytes)
{
    report_thousandths(name, (uint32_t)(((uint64_t)value * 1000 + bytes / 2) / bytes), "instructions/byte");
}
