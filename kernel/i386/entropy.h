/* What differs from boot to boot and from machine to machine. */
#pragma once

#include <stdint.h>

/* Stirs the time of day and the clocks into random.h. Once, at boot. */
void entropy_begin(void);

/* A clock's lowest bits, for an interrupt to stir in. Cheap where the CPU has a time stamp counter. */
[[nodiscard]] uint32_t entropy_sample(void);
