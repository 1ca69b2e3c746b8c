#pragma once
#include <abi/status.h>
#include <abi/types.h>
[[nodiscard]] status_t address_wait(uint32_t address, uint32_t expected, nanoseconds_t deadline_ns);
[[nodiscard]] status_t address_wake(uint32_t address, uint32_t most, uint32_t *woken_out);
