/* QEMU's `edu` device: docs/specs/edu.txt of QEMU. One thread only. */
#pragma once

#include <stdbool.h>

#include <abi/status.h>
#include <ternion/pci.h>

#define CARD_TRANSFER_MAX 2048U  /* bytes; its own memory has 4096, but it takes no transfer up to the end */

/* Maps its registers and checks that it is one. Statuses: ABSENT: it is none; those of physical_map. */
[[nodiscard]] status_t card_open(const struct pci_function *function);

uint32_t card_identification(void);

/* Interrupts for this cause, as long as it is not taken back. */
void card_raise(uint32_t cause);

/* Why it interrupts; 0: it does not. */
uint32_t card_causes(void);

void card_take_back(uint32_t causes);

#define CARD_CAUSE_TRANSFER 0x100U       /* of an interrupt at the end of a transfer */

/* Copies memory into the card, or back. It interrupts at the end. */
void card_transfer(physical_t physical, uint32_t size, bool is_from_card);

/* Is a transfer under way? */
bool card_is_busy(void);
