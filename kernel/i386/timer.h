/* The timer interrupt: channel 0 of the 8254 (Intel 8254 data sheet, mode 2), about 1,000 times a second. */
#pragma once

#include <stdint.h>

#define TIMER_IRQ 0U
#define TIMER_INPUT_HZ 1193182U
#define TIMER_DIVISOR 1193U
/* One tick: TIMER_DIVISOR / TIMER_INPUT_HZ seconds, in nanoseconds and the fraction of one in 2^-32. */
#define TIMER_TICK_NS ((uint32_t)(TIMER_DIVISOR * 1000000000ULL / TIMER_INPUT_HZ))
#define TIMER_TICK_FRACTION \
    ((uint32_t)(((TIMER_DIVISOR * 1000000000ULL % TIMER_INPUT_HZ) << 32) / TIMER_INPUT_HZ))

void timer_start(void);

/* Channel 2, which the speaker hears: a square wave of TIMER_INPUT_HZ / divisor. */
void timer_set_speaker(uint32_t divisor);
