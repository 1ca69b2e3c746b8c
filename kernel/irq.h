/*
 * Interrupts for drivers. A line that fires is masked and its listeners get EVENT_IRQ; when all
 * have acknowledged it is unmasked. A listener that dies has acknowledged.
 *
 * Called with interrupts off.
 */
#pragma once

#include <stdint.h>

struct process;
struct registers;

void irqs_initialise(void);

/* Called by entry.asm: a hardware interrupt. */
void irq_handle(const struct registers *registers);

/* A process ends or gives up its class: it listens no more. */
void irq_listeners_end(struct process *process);

/* Once a second or so: a line does not wait longer than that for a listener. */
void irqs_look(void);

/* Listeners there are. */
uint32_t irq_listener_count(void);
