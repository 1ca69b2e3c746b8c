/* The window through which a part of the framebuffer is seen: banks. One thread. */
#pragma once

#include <abi/status.h>

#include "mode.h"

/* For a mode that has just been set. memory: of a VGA, A0000h to BFFFFh, mapped. */
void banks_open(const struct mode *mode, uint8_t *memory);

/*
 * Brings a byte of the framebuffer into the window; the bank is switched only if it must be.
 *   at_out      where the byte is
 *   bytes_out   how many follow there, itself among them
 * Statuses: those of vbe.h; vbe_problem says which.
 */
[[nodiscard]] status_t banks_reach(uint32_t offset, uint8_t **at_out, uint32_t *bytes_out);

/* Offset in the framebuffer of the window's first byte. */
uint32_t banks_offset(void);
