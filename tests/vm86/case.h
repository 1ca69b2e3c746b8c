/* A record of cases.asm: what was before an instruction, and what after it. Little-endian. */
#pragma once

#include <stdint.h>

enum case_group { CASE_PUSHF, CASE_POPF, CASE_CLI_STI, CASE_INT, CASE_IRET, CASE_IN_OUT, CASE_INS, CASE_OUTS, CASE_TRACED, CASE_HLT, CASE_GROUPS };

#define CASE_STACK 32U               /* bytes around SS:SP as it was before; offsets wrap */
#define CASE_DATA 64U                /* around the element of INS or OUTS */
#define CASE_MARK "CASE"
#define CASE_END "END\n"             /* behind the last one */

struct case_registers {
    uint32_t eax, ebx, ecx, edx, esi, edi, ebp, esp, eflags;
    uint16_t ip, cs, ss, es, ds, fs, gs, zero;
};

/* As they read. */
struct case_ports {
    uint8_t scratch, zero;
    uint16_t crtc;
    uint32_t pci;
    uint8_t dac[12];
};

struct case_record {
    char mark[4];
    uint8_t group;
    uint8_t data_size;               /* 0: the record ends before the data */
    uint16_t code_size;
    uint32_t number;
    uint8_t code[16];
    struct case_registers before, after;
    struct case_ports ports_before, ports_after;
    uint8_t stack_before[CASE_STACK], stack_after[CASE_STACK];
    uint16_t data_segment, data_offset;
    uint8_t data_before[CASE_DATA], data_after[CASE_DATA];
};

#define CASE_SHORT (sizeof(struct case_record) - 4 - 2 * CASE_DATA)
