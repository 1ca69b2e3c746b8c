/*
 * Numbers that follow from the one before, computed in ring 3, and by 16-bit code in VM86 mode: what an honest driver does there while others
 * attack. Of a process that has the mode for this alone.
 */
#pragma once

#include <stdint.h>

/* Numerical Recipes in C, second edition, section 7.1: a linear congruential generator. */
static inline uint32_t sequence_next(uint32_t number)
{
    return number * 1664525U + 1013904223U;
}

/* Makes the memory that 16-bit code needs. Once. */
void sequence_real_mode_open(void);

/* The last of `count` numbers behind one, at most SEQUENCE_COUNT_MAX. NULL, or what of the result is wrong: of the numbers, or of the registers. */
#define SEQUENCE_COUNT_MAX 1024U
const char *sequence_real_mode(uint32_t number, uint32_t count, uint32_t *last_out);
