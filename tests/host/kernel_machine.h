/*
 * What processes and threads of the kernel need of the machine, on the host: tables,
 * interrupt lines, a clock that ticks when told, memory that is only counted, a silent log.
 */
#pragma once

#include <abi/process.h>
#include <abi/status.h>

#include <stdbool.h>
#include <stdint.h>

struct address_space;
struct process;

#define MACHINE_PROCESSES 40U    /* places in the arenas, entries of the tables of IDs */
#define MACHINE_THREADS 40U
#define MACHINE_MESSAGES 40U
#define MACHINE_TIMERS 24U
#define MACHINE_SHARED 24U
#define MACHINE_DEVICES 32U
#define MACHINE_TRACE_CALLS 200U /* more than there are system calls */
#define MACHINE_FRAMES 3U        /* that each process is charged for */

/* Once per test. */
void machine_begin(void);

/* What a process of the tests may touch if nothing is said: everything. */
extern const struct access machine_access;

/* As spawn.c asks for a process, without an image. `limits`, `access`: NULL for the usual ones. */
[[nodiscard]] status_t machine_process_create(process_class_t class, const char *name, struct process *parent, const struct grant *limits,
                                              const struct access *access, struct process **process_out);

bool machine_line_is_masked(uint32_t line);

/* The line fires. */
void machine_interrupt(uint32_t line, bool spurious);

/* Called whenever the kernel lets pending interrupts in; NULL: none are pending. */
void machine_on_window(void (*hook)(void));

/* Pages of address_space_show that a space has. */
uint32_t machine_pages_shown(const struct address_space *space);

/* Records that the kernel put into the log. */
uint32_t machine_log_lines(void);
