/* 16-bit code for tests: bytes that a call of the BIOS library runs, in a process that has opened it. */
#pragma once

#include <ternion/vm86.h>

#include "test.h"

/* What a driver of VGA cards has, but not a single port. */
extern const struct access real_access;

/* bios_open with nothing special. */
void real_open(void);

/* Puts code at the beginning of memory for the driver, runs it by a far call; ms: its budget, 0: the usual one. */
status_t real_run(const uint8_t *code, uint32_t size, uint32_t ms, struct bios_registers *registers);

/* The same without registers. */
#define REAL_RUN(ms, ...) real_run((const uint8_t[]){ __VA_ARGS__ }, sizeof (const uint8_t[]){ __VA_ARGS__ }, ms, &(struct bios_registers){ 0 })

/* Makes an interrupt lead to code of its own. Up to 16 bytes; one place for each vector. */
void real_handler(uint32_t vector, const uint8_t *code, uint32_t size);
#define REAL_HANDLER(vector, ...) real_handler(vector, (const uint8_t[]){ __VA_ARGS__ }, sizeof (const uint8_t[]){ __VA_ARGS__ })

/* Code that works still runs: whatever came before, it was that call's alone. */
void real_expect_works(void);

/* The last problem's words hold this. */
void real_expect_problem(const char *text);

/* Of the calling process. */
uint32_t real_strikes(void);

#define REAL_SEGMENT 0x1000U         /* where the code runs */
#define REAL_RETURN 0xCB             /* RETF */
