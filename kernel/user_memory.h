/*
 * The only way to the memory of the running process. USER pointers are numbers
 * that the process made up: any value is fine here.
 *
 * Copy once, then check the copy: another thread may change the original at any time.
 */
#pragma once

#include <abi/status.h>
#include <abi/types.h>

/* `size` bytes from the process to the kernel. OK or BAD_ADDRESS; then `to` has garbage. */
[[nodiscard]] status_t user_read(void *to, const void USER *from, uint32_t size);

/* `size` bytes from the kernel to the process. OK or BAD_ADDRESS; then some may have been written. */
[[nodiscard]] status_t user_write(void USER *to, const void *from, uint32_t size);
