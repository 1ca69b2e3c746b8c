/*
 * What processes and threads of the kernel need of the machine, on the host: tables,
 * interrupt lines, a clock that ticks when told, memory that is only counted, a silent log.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define MACHINE_PROCESSES 40U    /* places in the arenas, entries of the tables of IDs */
#define MACHINE_THREADS 40U
#define MACHINE_MESSAGES 40U
#define MACHINE_TIMERS 24U
#define MACHINE_SHARED 24U
#define MACHINE_FRAMES 3U        /* that each process is charged for */

/* What the task state says of the ports while a thread runs. */
#define MACHINE_PORTS_OPEN 0x88U
#define MACHINE_PORTS_CLOSED 0xFFFFU

/* Once per test. */
void machine_begin(void);

bool machine_line_is_masked(uint32_t line);

/* The line fires. */
void machine_interrupt(uint32_t line, bool spurious);

/* Records that the kernel put into the log. */
uint32_t machine_log_lines(void);
