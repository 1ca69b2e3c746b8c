/* The two 8259 interrupt controllers (Intel 8259A data sheet). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Vectors from VECTOR_IRQ_BASE on; all lines masked. */
void interrupt_controller_initialise(void);

void interrupt_mask(uint32_t line);
void interrupt_unmask(uint32_t line);

/* Tells the controller that the interrupt has been seen. */
void interrupt_end(uint32_t line);

/* Lines 7 and 15 also fire when an interrupt goes away too early. */
static inline bool interrupt_may_be_spurious(uint32_t line)
{
    return line % 8 == 7;
}

/* Did one of those do so just now? Then it needs no interrupt_end. */
[[nodiscard]] bool interrupt_is_spurious(uint32_t line);
