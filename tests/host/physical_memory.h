/* The machine's memory: frames 0 … count-1 where the kernel's view of physical memory begins. */
#pragma once

#include <stdint.h>

/* All frames but 0 go to the machine's frame table. Once per test. */
void physical_memory_create(uint32_t frames);
