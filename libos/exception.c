#include <ternion/exception.h>

#include <stddef.h>

/* Intel SDM volume 3, table 6-1. */
static const char *const names[] = {
    [0] = "division by zero",
    [1] = "single step",
    [2] = "non-maskable interrupt",
    [3] = "breakpoint",
    [4] = "overflow",
    [5] = "bound exceeded",
    [6] = "invalid instruction",
    [7] = "no FPU",
    [8] = "double fault",
    [9] = "FPU segment overrun",
    [10] = "invalid task state",
    [11] = "segment not present",
    [12] = "stack fault",
    [13] = "general protection fault",
    [14] = "page fault",
    [16] = "FPU error",
    [17] = "misaligned access",
    [18] = "machine check",
    [19] = "SSE error",
};

const char *exception_name(uint32_t number)
{
    return number < sizeof names / sizeof names[0] && names[number] != NULL ? names[number] : "unknown exception";
}
