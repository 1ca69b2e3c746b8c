/*
 * The names of devices: abi/device.h. What a process says about a name, that it is its device, that it leads elsewhere,
 * or that it wants to hear of it, is an entry of one table, and goes with the process.
 *
 * Called with interrupts off. Portable.
 */
#pragma once

#include <stdint.h>

#include "id_table.h"

struct process;

#define DEVICE_ENTRIES_MAX 512U

extern struct id_table device_table;

void devices_initialise(void);

/* A process is a driver no more: its devices go. Bindings and watches are anybody's. */
void devices_driver_ended(struct process *process);

/* A process ends. */
void devices_process_ended(struct process *process);

/* Entries there are. */
uint32_t device_entry_count(void);
