/* Text in UTF-8 as the text screen shows it: code page 437. Portable. */
#pragma once

#include "utf8.h"

/*
 * Puts the next piece of a text into code page 437. What it does not have is shown as what looks like it, or as ?.
 *   glyphs_out   room for size + UTF8_MAX bytes
 * Returns how many bytes that are.
 */
uint32_t glyphs_of(struct utf8_reader *reader, const uint8_t *text, uint32_t size, uint8_t *glyphs_out);
