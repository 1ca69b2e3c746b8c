/*
 * What VM86 mode and BIOS calls cost: d\bench spawns bios_driver.c, which has the ports of a driver for an adapter and no others, and reports what
 * that measures.
 */
#pragma once

#define BIOS_IMAGE "bench_bios.elf"

/* What it sends, each in a message: one of these, and its value. */
enum bios_figure { BIOS_TRAP, BIOS_TRAP_PORT, BIOS_TRAP_INT, BIOS_MODE_SET, BIOS_MODE_SET_TRAPS, BIOS_FIGURES };

void report_bios(void);
