/*
 * One call of the BIOS, from its first instruction to its return, or to what stops it: enters VM86 mode, has done what 16-bit code
 * cannot do there, keeps the clock of the BIOS data area, and counts.
 */
#pragma once

#include <ternion/vm86.h>

#define CALL_IS_FAR 0x100U           /* beside vectors: a far call */

/* Budgets, and what is recorded. From the next call on. */
void call_set_options(const struct bios_options *options);

/*
 * vector: of the interrupt, or CALL_IS_FAR, then cs and eip of the registers say where. Registers in and out: general ones, ds, es, and
 * eflags. Statuses: as bios_int.
 */
[[nodiscard]] status_t call_run(uint32_t vector, struct vm86_state *registers);

/* What call_run begins with: this thread is the one that calls, and ports can be asked about. Statuses: those of vm86_set_up. */
[[nodiscard]] status_t call_prepare(void);

/* There is no first megabyte any more. */
void call_forget(void);

/* Of the last call. */
const struct bios_cost *call_cost(void);
