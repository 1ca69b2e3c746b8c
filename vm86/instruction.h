/*
 * Instructions that do not run in VM86 mode by themselves, from their bytes. Portable; nothing is trusted. Intel 64 and IA-32 SDM volume 2,
 * chapter 2 (prefixes) and appendix A (opcode map).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define INSTRUCTION_MAX 15U          /* bytes; a longer one is a general protection fault. SDM volume 2, section 2.3.11 */

/* The first opcode byte; those of two bytes are none of ours. */
enum opcode {
    OPCODE_INSB = 0x6C, OPCODE_INS, OPCODE_OUTSB, OPCODE_OUTS,
    OPCODE_PUSHF = 0x9C, OPCODE_POPF,
    OPCODE_INT3 = 0xCC, OPCODE_INT, OPCODE_INTO, OPCODE_IRET,
    OPCODE_IN_BYTE_IMMEDIATE = 0xE4, OPCODE_IN_IMMEDIATE, OPCODE_OUT_BYTE_IMMEDIATE, OPCODE_OUT_IMMEDIATE,
    OPCODE_IN_BYTE = 0xEC, OPCODE_IN, OPCODE_OUT_BYTE, OPCODE_OUT,
    OPCODE_HLT = 0xF4,
    OPCODE_CLI = 0xFA, OPCODE_STI,
};

/* As instructions number them. */
enum segment { SEGMENT_ES, SEGMENT_CS, SEGMENT_SS, SEGMENT_DS, SEGMENT_FS, SEGMENT_GS, SEGMENT_NONE };

/* What an opcode byte begins. The numbers of the middle ones are the bytes from it on. */
enum instruction_form { INSTRUCTION_FORM_OTHER, INSTRUCTION_FORM_PLAIN, INSTRUCTION_FORM_IMMEDIATE, INSTRUCTION_FORM_PREFIX };

extern const uint8_t instruction_forms[256];

struct instruction {
    uint32_t opcode;
    uint32_t size;               /* bytes, with its prefixes */
    uint32_t immediate;          /* of INT, IN and OUT, where they have one */
    enum segment segment;        /* enum segment: of the last override */
    bool is_wide;                /* 32-bit operands */
    bool has_wide_addresses;
    bool repeats;
};

enum instruction_kind {
    INSTRUCTION_KNOWN,
    INSTRUCTION_OTHER,           /* none of the above; also with LOCK, which is for none of them */
    INSTRUCTION_CUT,             /* there are more bytes to it */
};

/*
 * What stands at `code`, of which `size` bytes are there, 1 at least. Of more than 14 prefixes, or more than INSTRUCTION_MAX bytes, it says
 * INSTRUCTION_OTHER.
 */
enum instruction_kind instruction_decode(const uint8_t *code, uint32_t size, struct instruction *instruction_out);

/*
 * The same for instructions without prefixes, or with that for 32-bit operands alone, of which there are hundreds in a mode set. False: it is
 * none of these. Four bytes are there.
 */
static inline bool instruction_decode_usual(const uint8_t code[4], struct instruction *instruction_out)
{
    bool is_wide = code[0] == 0x66;
    uint8_t form = instruction_forms[code[is_wide]];

    if (form == INSTRUCTION_FORM_OTHER || form == INSTRUCTION_FORM_PREFIX) {
        return false;
    }
    *instruction_out = (struct instruction){
        .opcode = code[is_wide], .size = (uint32_t)is_wide + form, .immediate = code[is_wide + 1], .segment = SEGMENT_NONE, .is_wide = is_wide,
    };
    return true;
}

/* Bytes of an operand of INS, OUTS, IN, OUT. */
static inline uint32_t instruction_width(const struct instruction *instruction)
{
    return (instruction->opcode & 1) == 0 ? 1 : instruction->is_wide ? 4 : 2;
}
