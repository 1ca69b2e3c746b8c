/* From pixels of a byte each to planes of bits. Portable. */
#pragma once

#include <stdint.h>

/*
 * Writes the bits of one plane.
 *   pixels   eight for each byte; bit `plane` of each counts
 *   to       the leftmost pixel is the highest bit
 *   count    bytes there
 */
void planes_convert(const uint8_t *pixels, uint32_t plane, uint8_t *to, uint32_t count);
