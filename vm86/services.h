/* Services of the BIOS that the library refuses, wherever they are asked for: as if the BIOS did not know them. */
#pragma once

#include <abi/vm86.h>

#include <stdbool.h>
#include <stdint.h>

/* Vectors that have any. */
extern const bool service_is_asked[256];

/* Answers in the registers, with CF and AH, if this INT is such a service. */
[[nodiscard]] bool service_refuse(uint32_t vector, struct vm86_state *state);
