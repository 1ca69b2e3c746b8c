/*
 * How all figures are measured: the median of 31 samples of 1,000 operations, with the stub and a
 * loop of two instructions included, as for the systems of tests/peers.json. Where the
 * time stamp counter counts instructions (tests/bench) the figures are equal from run to run.
 */
#pragma once

#include <ternion/clock.h>

#include <stdint.h>

#define OPERATIONS 1000U         /* of a sample */
#define SAMPLES 31U

/* What is measured, once. */
typedef void operation_t(void);

void loop_run(operation_t *operation, uint32_t times);

/* What one operation takes, rounded to the nearest whole count. */
uint32_t measure(operation_t *operation);

/* Takes a sample: how long some operations take. */
typedef uint64_t sample_t(void);

/* The same of samples that loop themselves, because a function around the operation would be seen in the figure. */
uint32_t measure_samples(sample_t *sample, uint32_t operations);

/* A sample of a statement, in place. */
#define SAMPLE(statement) ({ \
    uint64_t begin_ = timestamp_read(); \
    for (uint32_t turn_ = OPERATIONS; turn_ != 0; turn_--) { \
        statement; \
    } \
    timestamp_read() - begin_; })

/* What is added to the names of figures from now on, such as "_1000_processes". */
void report_suffix(const char *suffix);

/* Tells tests/bench. */
void report(const char *name, uint32_t value, const char *unit);

/* The same of a value in thousandths of its unit. */
void report_thousandths(const char *name, uint32_t thousandths, const char *unit);

/* The same of a value per byte, in thousandths. */
void report_per_byte(const char *name, uint32_t value, uint32_t bytes);
