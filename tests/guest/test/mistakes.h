/* Mistakes with every register as it is known: i386/mistakes.asm. None comes back. */
#pragma once

#include <stdint.h>

/* What the general registers hold, in the order EAX, EBX, ECX, EDX, ESI, EDI, EBP. */
#define MISTAKE_REGISTER(number) (0x11111111U * ((number) + 1))
#define MISTAKE_ADDRESS 0x00000BADU

_Noreturn void mistake_instruction(void);
_Noreturn void mistake_write(void);
_Noreturn void mistake_in_frames(uint32_t frames);

/* Where they are made, and where each of the frames returns to. */
extern const char mistake_instruction_at[], mistake_write_at[], mistake_return[];
