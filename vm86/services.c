#include "services.h"

#define VECTOR_DISK 0x13U            /* its DMA goes to the physical address, not to the process's page there */
#define VECTOR_SYSTEM 0x15U
#define SYSTEM_A20 0x24U             /* the machine's address line 20: off, and every other megabyte is gone */
#define SYSTEM_MOVE 0x87U            /* moves physical memory, in protected mode */

#define CARRY 1U
#define NOT_KNOWN 0x86U              /* in AH. IBM PS/2 BIOS Interface Technical Reference, int 15h: function not supported */

const bool service_is_asked[256] = { [VECTOR_DISK] = true, [VECTOR_SYSTEM] = true };

bool service_refuse(uint32_t vector, struct vm86_state *state)
{
    uint32_t function = state->eax >> 8 & 0xFF;

    if (vector != VECTOR_DISK && (vector != VECTOR_SYSTEM || (function != SYSTEM_A20 && function != SYSTEM_MOVE))) {
        return false;
    }
    state->eax = (state->eax & ~0xFF00U) | NOT_KNOWN << 8;
    state->eflags |= CARRY;
    return true;
}
