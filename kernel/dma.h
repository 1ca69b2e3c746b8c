/*
 * DMA memory: consecutive frames that a driver and a device have together. A region belongs to a process; when that ends it is kept
 * as long as somebody guards the process: who programs a controller for it, and has to stop that first. A guard that ends itself leaves its
 * place vacant: memory waits on for its successor.
 *
 * Called with interrupts off.
 */
#pragma once

#include <stdint.h>

struct process;

void dma_initialise(void);

/* A process ends, or is a driver no more: its regions go, or wait for its guards; its own guards' places are vacant. */
void dma_process_ended(struct process *process);

/* Regions and guards there are. */
uint32_t dma_object_count(void);
