#include "glyphs.h"

#include <ternion/code_page.h>

#define UNKNOWN '?'
#define COUNT(array) (sizeof (array) / sizeof (array)[0])

/* Characters of everyday text that code page 437 has not. */
static const struct {
    uint16_t unicode;
    uint8_t byte;
} alike[] = {
    { 0x00A6, '|' }, { 0x00A8, '"' }, { 0x00A9, 'c' }, { 0x00AD, '-' }, { 0x00AE, 'r' }, { 0x00AF, '-' }, { 0x00B4, '\'' },
    { 0x00B8, ',' }, { 0x00B9, '1' }, { 0x00B3, '3' }, { 0x00D7, 'x' }, { 0x2002, ' ' }, { 0x2003, ' ' }, { 0x2009, ' ' },
    { 0x202F, ' ' }, { 0x2010, '-' }, { 0x2011, '-' }, { 0x2012, '-' }, { 0x2013, '-' }, { 0x2014, '-' }, { 0x2015, '-' },
    { 0x2018, '\'' }, { 0x2019, '\'' }, { 0x201A, ',' }, { 0x201C, '"' }, { 0x201D, '"' }, { 0x201E, '"' }, { 0x2022, 0xF9 },
    { 0x2026, '.' }, { 0x2032, '\'' }, { 0x2033, '"' }, { 0x2039, '<' }, { 0x203A, '>' }, { 0x20AC, 'E' }, { 0x2190, '<' },
    { 0x2191, '^' }, { 0x2192, '>' }, { 0x2193, 'v' }, { 0x2212, '-' }, { 0x2215, '/' }, { 0x2217, '*' }, { 0x03B2, 0xE1 },
    { 0x03BC, 0xE6 }, { 0x2713, 0xFB }, { 0x1E9E, 0xE1 },
};

static uint8_t glyph_of(uint32_t unicode)
{
    uint8_t byte = code_page_437(unicode);

    if (byte != 0 || unicode == 0) {
        return byte;
    }
    for (size_t i = 0; i < COUNT(alike); i++) {
        if (alike[i].unicode == unicode) {
            return alike[i].byte;
        }
    }
    return UNKNOWN;
}

uint32_t glyphs_of(struct utf8_reader *reader, const uint8_t *text, uint32_t size, uint8_t *glyphs_out)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < size; i++) {
        uint32_t characters[UTF8_MAX];
        uint32_t found = utf8_read(reader, text[i], characters);

        for (uint32_t j = 0; j < found; j++) {
            glyphs_out[count++] = glyph_of(characters[j]);
        }
    }
    return count;
}
