/* The clock chip of a PC: Motorola MC146818A and its successors. One thread only. */
#pragma once

#include <stdbool.h>

#include <abi/status.h>
#include <ternion/clock_device.h>

#define CHIP_IRQ 8U

/* Looks for it, and sets it up: it runs and interrupts nobody. The time and the form in which it is kept stay. False: there is none. */
bool chip_open(void);

/*
 * Reads the time, all of it of one moment. Sleeps a few milliseconds if the chip is just changing it.
 * Statuses: ABSENT: the battery was empty when the machine was switched on, and nobody has set the clock since; or what it
 * says is no date, or never at rest.
 */
[[nodiscard]] status_t chip_read(struct date_time *time_out);

/* Sets the time, which calendar_has. Statuses: ABSENT: the chip does not keep what is written to it. */
[[nodiscard]] status_t chip_set(const struct date_time *time);

/* Has it interrupt after each change of the time, or not any more. What was due before is forgotten. */
void chip_interrupt(bool is_on);

/* Answers an interrupt, so that the line goes quiet. True: the time has changed since the last answer. */
bool chip_quiet(void);

/* Words about the form in which it keeps the time. */
const char *chip_form(void);
