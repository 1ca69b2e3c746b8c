#include "instruction.h"

#define OTHER INSTRUCTION_FORM_OTHER
#define PLAIN INSTRUCTION_FORM_PLAIN
#define IMMEDIATE INSTRUCTION_FORM_IMMEDIATE
#define PREFIX INSTRUCTION_FORM_PREFIX

const uint8_t instruction_forms[256] = {
    [0x26] = PREFIX, [0x2E] = PREFIX, [0x36] = PREFIX, [0x3E] = PREFIX, [0x64 ... 0x67] = PREFIX, [0xF0] = PREFIX, [0xF2] = PREFIX, [0xF3] = PREFIX,
    [OPCODE_INSB ... OPCODE_OUTS] = PLAIN,
    [OPCODE_PUSHF] = PLAIN, [OPCODE_POPF] = PLAIN,
    [OPCODE_INT3] = PLAIN, [OPCODE_INT] = IMMEDIATE, [OPCODE_INTO] = PLAIN, [OPCODE_IRET] = PLAIN,
    [OPCODE_IN_BYTE_IMMEDIATE ... OPCODE_OUT_IMMEDIATE] = IMMEDIATE,
    [OPCODE_IN_BYTE ... OPCODE_OUT] = PLAIN,
    [OPCODE_HLT] = PLAIN, [OPCODE_CLI] = PLAIN, [OPCODE_STI] = PLAIN,
};

/* The last prefix of a group counts. False: LOCK. */
static bool prefix_add(struct instruction *instruction, uint8_t prefix)
{
    switch (prefix) {
    case 0x26:
    case 0x2E:
    case 0x36:
    case 0x3E:
        instruction->segment = (enum segment)(prefix >> 3 & 3);
        return true;
    case 0x64:
    case 0x65:
        instruction->segment = (prefix & 1) == 0 ? SEGMENT_FS : SEGMENT_GS;
        return true;
    case 0x66:
        instruction->is_wide = true;
        return true;
    case 0x67:
        instruction->has_wide_addresses = true;
        return true;
    case 0xF2:
    case 0xF3:
        instruction->repeats = true;
        return true;
    }
    return false;
}

enum instruction_kind instruction_decode(const uint8_t *code, uint32_t size, struct instruction *instruction_out)
{
    uint32_t at = 0;

    *instruction_out = (struct instruction){ .segment = SEGMENT_NONE };
    while (instruction_forms[code[at]] == PREFIX) {
        if (!prefix_add(instruction_out, code[at]) || ++at == INSTRUCTION_MAX) {
            return INSTRUCTION_OTHER;
        }
        if (at == size) {
            return INSTRUCTION_CUT;
        }
    }
    uint32_t form = instruction_forms[code[at]];
    if (form == OTHER || at + form > INSTRUCTION_MAX) {
        return INSTRUCTION_OTHER;
    }
    if (at + form > size) {
        return INSTRUCTION_CUT;
    }
    instruction_out->opcode = code[at];
    instruction_out->size = at + form;
    instruction_out->immediate = form == IMMEDIATE ? code[at + 1] : 0;
    return INSTRUCTION_KNOWN;
}
