#include "utf8.h"

#define SURROGATES_FIRST 0xD800U
#define SURROGATES_LAST 0xDFFFU
#define UNICODE_LAST 0x10FFFFU

uint32_t utf8_encode(uint32_t unicode, uint8_t bytes[UTF8_MAX])
{
    if (unicode < 0x80) {
        bytes[0] = (uint8_t)unicode;
        return 1;
    }
    if (unicode > UNICODE_LAST || (unicode >= SURROGATES_FIRST && unicode <= SURROGATES_LAST)) {
        return 0;
    }
    uint32_t size = unicode < 0x800 ? 2 : unicode < 0x10000 ? 3 : 4;
    for (uint32_t i = size; i-- > 1; unicode >>= 6) {
        bytes[i] = (uint8_t)(0x80 | (unicode & 0x3F));
    }
    bytes[0] = (uint8_t)((size == 2 ? 0xC0 : size == 3 ? 0xE0 : 0xF0) | unicode);
    return size;
}

/* Bytes of a character that begins so; 1 also for what begins none. */
static uint32_t size_of(uint8_t first)
{
    return first >= 0xC2 && first < 0xE0 ? 2 : first >= 0xE0 && first < 0xF0 ? 3 : first >= 0xF0 && first < 0xF5 ? 4 : 1;
}

/* Can `byte` be the second one behind `first`? What could be said shorter, surrogates, and what is over 10FFFFh cannot be said. */
static bool second_fits(uint8_t first, uint8_t byte)
{
    uint8_t least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    uint8_t most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;

    return byte >= least && byte <= most;
}

/* How many of the bytes, at least one, are a character, or the begin of one. */
static uint32_t sound_part(const uint8_t *bytes, uint32_t size)
{
    uint32_t whole = size_of(bytes[0]);
    uint32_t count = 1;

    while (count < size && count < whole
           && (count == 1 ? second_fits(bytes[0], bytes[1]) : (bytes[count] & 0xC0) == 0x80)) {
        count++;
    }
    return count;
}

/* Where the last bytes of a text could be a character: how many from there on; 0: nowhere. */
static uint32_t last_begin(const uint8_t *text, uint32_t size)
{
    for (uint32_t count = 1; count <= size && count <= UTF8_MAX; count++) {
        const uint8_t *first = text + size - count;

        if ((*first & 0xC0) != 0x80) {
            return sound_part(first, count) == count ? count : 0;
        }
    }
    return 0;
}

uint32_t utf8_last(const uint8_t *text, uint32_t size)
{
    uint32_t count = last_begin(text, size);

    return count == 0 ? 1 : count;
}

uint32_t utf8_unfinished(const uint8_t *text, uint32_t size)
{
    uint32_t count = last_begin(text, size);

    return count != 0 && count < size_of(text[size - count]) ? count : 0;
}

static uint32_t decode(const uint8_t *bytes, uint32_t size)
{
    uint32_t unicode = size == 1 ? bytes[0] : bytes[0] & (0xFFU >> (size + 1));

    for (uint32_t i = 1; i < size; i++) {
        unicode = unicode << 6 | (bytes[i] & 0x3F);
    }
    return unicode;
}

uint32_t utf8_read(struct utf8_reader *reader, uint8_t byte, uint32_t characters_out[UTF8_MAX])
{
    uint32_t found = 0;

    reader->bytes[reader->count++] = byte;
    if (sound_part(reader->bytes, reader->count) < reader->count) {
        while (reader->count > 1) {      /* they are no character with this byte, which may begin one */
            characters_out[found++] = UTF8_BROKEN;
            reader->count--;
        }
        reader->bytes[0] = byte;
    }
    if (reader->count == size_of(reader->bytes[0])) {
        bool is_broken = reader->count == 1 && byte >= 0x80;
        characters_out[found++] = is_broken ? UTF8_BROKEN : decode(reader->bytes, reader->count);
        reader->count = 0;
    }
    return found;
}
