/* What start.asm leaves behind for C. */
#pragma once

#include <stdint.h>

/* The page directory and the page table of the first 4 MB, at KERNEL_BASE. */
extern uint32_t start_directory[];
extern uint32_t start_table[];

/* As the boot loader gave them: EAX and EBX, and the time stamp counter if there is one. */
extern uint32_t start_magic;
extern uint32_t start_information;

/* Where the kernel's image lies: symbols of kernel.ld, at KERNEL_BASE. */
extern const uint8_t kernel_begin[];
extern const uint8_t kernel_text_begin[];
extern const uint8_t kernel_text_end[];
extern const uint8_t kernel_end[];
extern uint8_t kernel_stack_begin[];
extern uint8_t kernel_stack_end[];

/* Called by start.asm, once, on the kernel's stack. */
[[gnu::noreturn]] void kernel_main(void);
