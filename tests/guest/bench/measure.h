/*
 * How all figures are measured: the median of 31 samples of 1,000 operations, with the call of the stub and a
 * loop of two instructions included, as for the systems of tests/peers.json. Where the
 * time stamp counter counts instructions (tests/bench) the figures are equal from run to run.
 */
#pragma once

#include <stdint.h>

#define OPERATIONS 1000U         /* of a sample */
#define SAMPLES 31U

/* What is measured, once. */
typedef void operation_t(void);

void loop_run(operation_t *operation, uint32_t times);

/* What one operation takes, rounded to the nearest whole count. */
uint32_t measure(operation_t *operation);

/* Tells tests/bench. */
void report(const char *name, uint32_t value, const char *unit);
