#include "measure.h"

#include <ternion/clock.h>
#include <ternion/log.h>

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

uint32_t measure(operation_t *operation)
{
    uint64_t samples[SAMPLES];

    for (uint32_t i = 0; i < SAMPLES; i++) {
        uint64_t begin = timestamp_read();

        loop_run(operation, OPERATIONS);
        samples[i] = timestamp_read() - begin;
    }
    return (uint32_t)((median(samples) + OPERATIONS / 2) / OPERATIONS);
}

void report(const char *name, uint32_t value, const char *unit)
{
    log_print(LOG_INFORMATION, "BENCH %s %u %s", name, value, unit);
}
