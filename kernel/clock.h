/*
 * Time: ticks of the timer, about 1 ms each, and nanoseconds since boot. Called with interrupts off.
 */
#pragma once

#include <abi/types.h>

#include <stdbool.h>

#include "deadline.h"

/* Starts the timer. The system page is there already. */
void clock_initialise(void);

/* The timer's interrupt. */
void clock_tick(void);

/* Ticks since boot. The low half is read by direct_switch.asm. */
extern uint64_t clock_tick_count;

uint64_t clock_ticks(void);

/* Nanoseconds since boot; between ticks by the time stamp counter, where there is one. */
nanoseconds_t clock_now(void);

/* Comes with the next tick. */
void clock_set_next_tick(struct deadline *deadline);

/* Comes with the first tick behind this time. False if it is past already; FOREVER never comes. */
[[nodiscard]] bool clock_set_deadline(struct deadline *deadline, nanoseconds_t deadline_ns);
