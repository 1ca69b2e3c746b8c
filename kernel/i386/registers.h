/*
 * The registers of a thread as they stand in struct thread while the kernel runs.
 * The processor and entry.asm push them there: its order is theirs.
 */
#pragma once

#include <stdint.h>

#define SEGMENT_KERNEL_CODE 0x08U
#define SEGMENT_KERNEL_DATA 0x10U
#define SEGMENT_USER_CODE 0x1BU
#define SEGMENT_USER_DATA 0x23U

#define EFLAGS_ALWAYS 0x00000002U
#define EFLAGS_TRAP 0x00000100U
#define EFLAGS_INTERRUPT 0x00000200U
#define EFLAGS_DIRECTION 0x00000400U
#define EFLAGS_VM86 0x00020000U

struct registers {
    uint32_t ebx;
    uint32_t edx;
    uint32_t esi;
    uint32_t edi;
    uint32_t ebp;
    uint32_t eax;
    uint32_t ecx;
    uint32_t es;                 /* as they were: the kernel comes back with flat ones */
    uint32_t ds;
    uint32_t vector;             /* how the kernel was entered: see traps.h */
    uint32_t error;
    uint32_t eip;
    uint32_t cs;
    uint32_t eflags;
    uint32_t esp;                /* from here on only if the kernel was entered from a less privileged level */
    uint32_t ss;
};
