#include "fat_alias.h"

#include <stdbool.h>

#include <ternion/string.h>

#define PART_UNITS 13U

/* ---- UTF-8 ---- */

/* The next character; its bytes are skipped. False: that is no UTF-8. */
static bool take_character(const char **at, const char *end, uint32_t *character_out)
{
    uint32_t byte = (uint8_t)*(*at)++;
    uint32_t more = byte < 0x80 ? 0 : byte >= 0xC2 && byte < 0xE0 ? 1 : byte >= 0xE0 && byte < 0xF0 ? 2 : byte >= 0xF0 && byte < 0xF5 ? 3 : 4;
    static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };

    if (more == 4 || (uint32_t)(end - *at) < more) {
        return false;
    }
    uint32_t character = more == 0 ? byte : byte & (0x3FU >> more);
    for (uint32_t i = 0; i < more; i++) {
        uint32_t next = (uint8_t)*(*at)++;

        if ((next & 0xC0) != 0x80) {
            return false;
        }
        character = character << 6 | (next & 0x3F);
    }
    *character_out = character;
    return character >= least[more] && character < 0x110000 && (character < 0xD800 || character >= 0xE000);
}

/* The specification, "Long Directory Entries": what long names may not have. */
static bool is_forbidden(uint32_t character)
{
    return character < 0x20 || (character < 0x80 && strchr("\"*/:<>?\\|\x7F", (int)character) != NULL);
}

/* ---- Short names ---- */

static bool is_short_character(char letter)
{
    return (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') || (letter > ' ' && strchr("$%'-_@~`!(){}^#&", letter) != NULL);
}

/* Where the extension begins: behind the last dot that is not the first letter; size: there is none. */
static uint32_t extension_of(const char *name, uint32_t size)
{
    for (uint32_t i = size; i > 1; i--) {
        if (name[i - 1] == '.') {
            return i;
        }
    }
    return size;
}

static bool fits_short(const char *name, uint32_t size)
{
    uint32_t extension = extension_of(name, size);
    uint32_t base = extension == size ? size : extension - 1;
    bool fits = base >= 1 && base <= 8 && size - extension <= 3 && (extension == size || extension < size);

    for (uint32_t i = 0; i < size && fits; i++) {
        fits = is_short_character(name[i]) || (i == base && name[i] == '.');
    }
    return fits;
}

/* Letters of a part of the name that short names can have, as many as fit. */
static uint32_t put_letters(const char *from, uint32_t size, uint8_t *to, uint32_t most)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < size && count < most; i++) {
        char letter = from[i] >= 'a' && from[i] <= 'z' ? (char)(from[i] - 32) : from[i];

        if (letter != ' ' && letter != '.') {
            to[count++] = is_short_character(letter) ? (uint8_t)letter : '_';
        }
    }
    return count;
}

void fat_alias_make(const struct fat_long_name *long_name, uint32_t attempt, uint8_t alias[11])
{
    uint32_t extension = extension_of(long_name->text, long_name->size);
    uint32_t base = extension == long_name->size ? extension : extension - 1;
    uint32_t hash = 2166136261U;

    memset(alias, ' ', 11);
    (void)put_letters(long_name->text + extension, long_name->size - extension, alias + 8, 3);
    if (long_name->parts == 0) {
        (void)put_letters(long_name->text, base, alias, 8);
        return;
    }
    for (uint32_t i = 0; i < long_name->size; i++) {
        hash = (hash ^ (uint8_t)long_name->text[i]) * 16777619U;     /* FNV-1a */
    }
    /* Two letters and four digits of a hash: no directory is gone through a thousand times for FILE~1 to FILE~999. */
    uint32_t count = put_letters(long_name->text, base, alias, 2);
    for (uint32_t digit = 0; digit < 4; digit++) {
        alias[count++] = (uint8_t)"0123456789ABCDEF"[(hash + attempt * 2654435761U) >> (16 + 4 * digit) & 15];
    }
    alias[count++] = '~';
    alias[count] = (uint8_t)('1' + attempt % 9);
}

/* ---- Long names ---- */

status_t fat_alias_parse(const char *name, uint32_t size, struct fat_long_name *long_name_out)
{
    const char *at = name, *end = name + size;

    *long_name_out = (struct fat_long_name){ .text = name, .size = size };
    if (name[size - 1] == '.' || name[size - 1] == ' ') {
        return BAD_NAME;
    }
    while (at < end) {
        uint32_t character;

        if (!take_character(&at, end, &character) || is_forbidden(character)) {
            return BAD_NAME;
        }
        if (character >= 0x10000) {
            long_name_out->units[long_name_out->unit_count++] = (uint16_t)(0xD800 + ((character - 0x10000) >> 10));
            character = 0xDC00 + ((character - 0x10000) & 0x3FF);
        }
        long_name_out->units[long_name_out->unit_count++] = (uint16_t)character;
    }
    long_name_out->parts = fits_short(name, size) ? 0 : (long_name_out->unit_count + PART_UNITS - 1) / PART_UNITS;
    return OK;
}

void fat_alias_part(const struct fat_long_name *long_name, uint32_t part, const uint8_t alias[11], uint8_t entry[FAT_ENTRY_SIZE])
{
    static const uint8_t places[PART_UNITS] = { 1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30 };

    memset(entry, 0, FAT_ENTRY_SIZE);
    entry[0] = (uint8_t)((part + 1) | (part + 1 == long_name->parts ? 0x40 : 0));
    entry[11] = 0x0F;
    entry[13] = fat_entry_checksum(alias);
    for (uint32_t i = 0; i < PART_UNITS; i++) {
        uint32_t number = part * PART_UNITS + i;
        uint32_t unit = number < long_name->unit_count ? long_name->units[number] : number == long_name->unit_count ? 0 : 0xFFFF;

        entry[places[i]] = (uint8_t)unit;
        entry[places[i] + 1] = (uint8_t)(unit >> 8);
    }
}
