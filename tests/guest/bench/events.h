/* How long the kernel needs to wake a driver. */
#pragma once

void report_irq_to_driver(void);
