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

/* Lines 7 and 15 also fire when an interrupt goes away too early. True if so; it needs no interrupt_end. */
[[nodiscard]] bool interrupt_is_spurious(uint32_t line);
