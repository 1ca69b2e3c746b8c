/* String instructions at ports: i386/port_strings.asm. */
#pragma once

#include <stdint.h>

/* REP INSB and REP OUTSB. */
void string_read8(uint16_t port, void *to, uint32_t count);
void string_write8(uint16_t port, const void *from, uint32_t count);

/* Any of these instructions, with all that it works on. In and out. */
struct port_string {
    uint32_t edi, esi, ecx;
    uint32_t port;
    uint32_t backwards;          /* the direction flag */
};

/* `code`: an instruction, at most 6 bytes, copied to memory that can be executed; then a RET. */
void port_string_run(const void *code, struct port_string *string);
