#include "iso9660_record.h"

#include <ternion/calendar.h>
#include <ternion/string.h>

/* Offsets of ECMA-119, 9.1. */
enum { EXTENT = 2, SIZE = 10, TIME = 18, FLAGS = 25, NAME_SIZE = 32, NAME = 33 };

#define FLAG_DIRECTORY 2U
#define FLAG_GOES_ON 128U

bool iso_record_is_directory(const uint8_t *record)
{
    return (record[FLAGS] & FLAG_DIRECTORY) != 0;
}

uint32_t iso_record_extent(const uint8_t *record)
{
    return iso_little_32(record + EXTENT);
}

uint32_t iso_record_size(const uint8_t *record)
{
    return iso_little_32(record + SIZE);
}

int64_t iso_record_time(const uint8_t *record)
{
    const uint8_t *time = record + TIME;
    bool is_possible = time[1] >= 1 && time[1] <= 12 && time[2] >= 1 && time[2] <= 31 && time[3] < 24 && time[4] < 60 && time[5] < 60;
    struct calendar_time calendar = { 1900 + time[0], time[1], time[2], time[3], time[4], time[5] };

    return is_possible ? calendar_seconds(&calendar) - (int64_t)(int8_t)time[6] * 15 * 60 : 0;
}

/* ---- Names ---- */

static bool put(struct iso_name *name, uint32_t byte)
{
    if (name->size == sizeof name->text || byte == 0 || byte == '/') {
        return false;
    }
    name->text[name->size++] = (char)byte;
    return true;
}

/* UCS-2, big end first, as UTF-8. */
static bool put_wide(struct iso_name *name, uint32_t character)
{
    if (character < 0x80) {
        return put(name, character);
    }
    if (character < 0x800) {
        return put(name, 0xC0 | character >> 6) && put(name, 0x80 | (character & 0x3F));
    }
    return put(name, 0xE0 | character >> 12) && put(name, 0x80 | (character >> 6 & 0x3F)) && put(name, 0x80 | (character & 0x3F));
}

static bool joliet_name(const uint8_t *text, uint32_t size, struct iso_name *name)
{
    for (uint32_t i = 0; i + 1 < size; i += 2) {
        uint32_t character = (uint32_t)text[i] << 8 | text[i + 1];

        if (character == ';') {
            break;
        }
        if (!put_wide(name, character)) {
            return false;
        }
    }
    return name->size != 0;
}

/* "README.TXT;1" is readme.txt, "FILE.;1" is file. */
static bool short_name(const uint8_t *text, uint32_t size, struct iso_name *name)
{
    for (uint32_t i = 0; i < size && text[i] != ';'; i++) {
        if (!put(name, text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 32U : text[i])) {
            return false;
        }
    }
    if (name->size > 1 && name->text[name->size - 1] == '.') {
        name->size--;
    }
    return name->size != 0;
}

bool iso_name_is_dots(const struct iso_name *name)
{
    return (name->size == 1 && name->text[0] == '.') || (name->size == 2 && memcmp(name->text, "..", 2) == 0);
}

bool iso_record_is_entry(const uint8_t *record)
{
    uint32_t size = record[NAME_SIZE];

    return size != 0 && NAME + size <= record[0] && (size != 1 || record[NAME] > 1);
}

bool iso_record_is_self(const uint8_t *record)
{
    return iso_record_is_directory(record) && record[NAME_SIZE] == 1 && record[NAME] == 0;
}

bool iso_record_goes_on(const uint8_t *record)
{
    return (record[FLAGS] & FLAG_GOES_ON) != 0 && !iso_record_is_directory(record);
}

bool iso_record_name(const uint8_t *record, bool is_joliet, struct iso_name *name_out)
{
    name_out->size = 0;
    return is_joliet ? joliet_name(record + NAME, record[NAME_SIZE], name_out) : short_name(record + NAME, record[NAME_SIZE], name_out);
}

const uint8_t *iso_record_system_use(const uint8_t *record, uint32_t *size_out)
{
    uint32_t begin = NAME + record[NAME_SIZE] + (record[NAME_SIZE] % 2 == 0);

    *size_out = begin < record[0] ? record[0] - begin : 0;
    return record + begin;
}
