/* What the tests do to the processor's state: i386/processor.asm and i386/fpu.asm. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define FLAG_TRAP 0x00000100U
#define FLAG_INTERRUPT 0x00000200U
#define FLAG_DIRECTION 0x00000400U
#define FLAG_IO_PRIVILEGE 0x00003000U
#define FLAG_NESTED_TASK 0x00004000U
#define FLAG_RESUME 0x00010000U
#define FLAG_VM86 0x00020000U
#define FLAG_ALIGNMENT 0x00040000U
#define FLAG_VIRTUAL_INTERRUPT 0x00180000U
#define FLAG_ID 0x00200000U
#define FLAGS_USUAL 0x00000202U

uint32_t flags_load(uint32_t flags);
uint32_t flags_load_iret(uint32_t flags);
uint32_t flags_call_int(uint32_t flags, uint32_t number, const void *argument, uint32_t *flags_out);
uint32_t flags_call_page(uint32_t flags, uint32_t number, const void *argument, uint32_t *flags_out);
uint32_t flags_sysenter(uint32_t flags, uint32_t number, const void *argument, uint32_t *flags_out);

void sysenter_on_stack(uint32_t stack);
uint32_t stack_call_int(uint32_t stack);
void stack_push(uint32_t stack);

/* EBX, ECX, EDX, ESI, EDI, EBP */
#define CALL_REGISTERS 6U
void registers_call_int(uint32_t number, uint32_t registers[CALL_REGISTERS]);
void registers_call_page(uint32_t number, uint32_t registers[CALL_REGISTERS]);
void thread_probe(void);

void segments_load(uint32_t fs, uint32_t gs);
uint32_t segments_read(void);

/* Fills all eight x87 registers; are they as filled? (They are empty then.) */
void fpu_fill(uint32_t seed);
bool fpu_is_filled(uint32_t seed);

struct fpu_image {               /* as FNSAVE leaves it: SDM volume 1, figure 8-9 */
    uint32_t control, status, tags, instruction, selectors, operand, operand_selector;
    uint8_t registers[80];
};
void fpu_store(struct fpu_image *image_out);

/* Divides by zero with the exception unmasked; the first leaves it to the next instruction of the FPU, such as the last one. */
void fpu_fault_later(void);
void fpu_fault(void);
void fpu_wait(void);

bool sse_is_there(void);
void sse_fill(uint32_t seed);
bool sse_is_filled(uint32_t seed);
/* All eight registers, and MXCSR. */
void sse_store(uint32_t registers_out[32], uint32_t *mxcsr_out);
void sse_fault(void);
