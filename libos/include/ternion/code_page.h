/* Code page 437, the characters of the PC's text screen, and Unicode. Any thread may call these. */
#pragma once

#include <stdint.h>

/* The byte for a character; 0: the code page has none. Bytes below 20h are control characters here, not symbols. */
uint8_t code_page_437(uint32_t unicode);

/* The character of a byte. */
uint32_t code_page_437_unicode(uint8_t byte);
