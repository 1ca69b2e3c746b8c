/* Code page 437, the characters of the PC's text screen, and Unicode. Any thread may call these. */
#pragma once

#include <stdint.h>

/*
 * The byte for a character; 0: the code page has none. Control characters are themselves. The two signs among the symbols below 20h that
 * keyboards have, the section sign (15h) and the pilcrow (14h), share their bytes with control characters.
 */
uint8_t code_page_437(uint32_t unicode);

/* The character of a byte. Below 20h: the control character, not the symbol that a screen may show for it. */
uint32_t code_page_437_unicode(uint8_t byte);
