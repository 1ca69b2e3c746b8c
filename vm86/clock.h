/* The clock of the BIOS data area: it goes on while the BIOS runs, as the interrupt of the timer would make it. */
#pragma once

/* A call begins. */
void clock_begin(void);

/* Counts the ticks that have passed. */
void clock_advance(void);

/* Sleeps until the next tick, and counts it. */
void clock_wait(void);
