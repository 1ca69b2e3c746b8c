/* Who called whom: the chain of frame pointers on the kernel's stack. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Called with a return address, and the function that it lies in (`?`: none). */
typedef void backtrace_print_t(uint32_t address, const char *name, uint32_t offset);

void backtrace_place(uint32_t address, backtrace_print_t *print);

/* The callers from a frame pointer on; stops where the chain leaves the kernel's stack. */
void backtrace(const void *frame_pointer, backtrace_print_t *print);
