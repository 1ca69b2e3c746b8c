/*
 * An endless text that every process of a test knows: a byte that is lost, doubled or misplaced shows. Its period, a prime, fits into no
 * buffer evenly.
 */
#pragma once

#include <stdint.h>

#define STREAM_PART_MAX 12288U   /* bytes that are looked at at a time: three pipes full */

/* Room for as many, for whoever needs some: pages of every process cost the tests that count them. */
extern uint8_t stream_room[STREAM_PART_MAX];

/* Its bytes from a position on, STREAM_PART_MAX of them. Not to be changed. */
const void *stream_at(uint32_t position);

/* The test fails if these bytes are others. */
void stream_expect(const void *bytes, uint32_t position, uint32_t size);
