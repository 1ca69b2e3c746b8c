/* How long clients of a driver wait when it dies. */
#pragma once

/*
 * From the moment when a driver is ended to the next answer that a client gets from the one that was started in its place: the median and
 * the 99th percentile of 1,000, in milliseconds of the system's own clock. Where instructions are counted, one is a nanosecond.
 */
void report_driver_restart(void);
