/*
 * The first megabyte: what is mapped where, and bytes of it. What these functions are asked for may be anywhere: they know what is
 * mapped, and never fault.
 */
#pragma once

#include <abi/status.h>
#include <abi/vm86.h>

#include <stdbool.h>
#include <stdint.h>

#define MEMORY_STACK_SEGMENT 0x3000U
#define MEMORY_STACK 0x30000U        /* 64 KB: code of the library at its bottom, the stack from its top down */
#define MEMORY_STACK_END 0x40000U

#define DATA_TICKS 0x46CU            /* double word: ticks of 54.9 ms since midnight. IBM PC AT Technical Reference, "BIOS data area" */
#define DATA_MIDNIGHT 0x470U         /* byte: 1, there was a midnight */

/* Byte 0 of it. */
extern uint8_t vm86_memory[];

/* What each page is good for, as monitor.h says. */
extern uint8_t memory_pages[];

/* Called with the address of a page of ROM that is the process's own from now on; NULL: nobody is. */
extern void (*memory_copied)(uint32_t address);

/* Statuses: those of vm86_map. Unless it is OK nothing is mapped. */
[[nodiscard]] status_t memory_open(bool shares_data);
void memory_close(void);

/* False: part of it is not there; then nothing is read. */
[[nodiscard]] bool memory_read(uint32_t address, void *to, uint32_t size);

/* Pages of ROM that are written to become copies. False: part of it is not there, or there is no memory for a copy; then nothing is written. */
[[nodiscard]] bool memory_write(uint32_t address, const void *from, uint32_t size);

/* Could memory_write do that? Pages of ROM become copies already. */
[[nodiscard]] bool memory_make_writable(uint32_t address, uint32_t size);

/* The process's own pages, which nobody else changes. */
bool memory_is_own(uint32_t page);

/* The same three, as the monitor's world has them. */
bool memory_world_read(void *context, uint32_t address, void *to, uint32_t size);
bool memory_world_write(void *context, uint32_t address, const void *from, uint32_t size);
bool memory_world_is_writable(void *context, uint32_t address, uint32_t size);

/* What a word of memory holds; 0 where there is none. */
uint32_t memory_word(uint32_t address);
uint32_t memory_double_word(uint32_t address);

/* As bios_memory and bios_memory_clear: an address, or 0. */
uint32_t memory_take(uint32_t size);
void memory_take_back(void);
