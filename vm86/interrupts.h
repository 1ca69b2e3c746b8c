/* How deep in interrupts 16-bit code is, for records: an INT goes in, an IRET to behind it comes out. */
#pragma once

#include <abi/vm86.h>

#include <stdbool.h>
#include <stdint.h>

/* A call begins. */
void interrupts_forget(void);

/* A handler begins; on its stack stands where it returns to. is_exception: no INT was in the code, and nothing is recorded of it yet. */
void interrupts_began(const struct vm86_state *state, uint32_t vector, bool is_exception);

/* The monitor has done an instruction: is it an IRET? Then that is recorded, and we are out of the interrupt that it belongs to. */
void interrupts_look_for_return(const struct vm86_state *state, const uint8_t *code, uint32_t code_size);
