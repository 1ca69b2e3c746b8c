#include "fat_entry.h"

#include <ternion/calendar.h>
#include <ternion/string.h>

enum { ATTRIBUTES = 11, CASE = 12, CHECKSUM = 13, CLUSTER_HIGH = 20, TIME = 22, DATE = 24, CLUSTER_LOW = 26, SIZE = 28 };

#define ATTRIBUTE_LABEL 0x08U
#define ATTRIBUTE_DIRECTORY 0x10U
#define ATTRIBUTE_LONG 0x0FU
#define ATTRIBUTE_LONG_MASK 0x3FU
#define CASE_BASE 0x08U              /* the name before the dot is in small letters (Windows NT) */
#define CASE_EXTENSION 0x10U
#define LAST_PART 0x40U
#define PART_UNITS 13U
#define PARTS_MAX 20U

static uint32_t little_16(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8;
}

uint32_t fat_entry_cluster(const uint8_t *entry)
{
    return little_16(entry + CLUSTER_HIGH) << 16 | little_16(entry + CLUSTER_LOW);
}

uint32_t fat_entry_size(const uint8_t *entry)
{
    return little_16(entry + SIZE) | little_16(entry + SIZE + 2) << 16;
}

int64_t fat_entry_time(const uint8_t *entry)
{
    uint32_t date = little_16(entry + DATE), time = little_16(entry + TIME);
    struct calendar_time calendar = { 1980 + (int32_t)(date >> 9), date >> 5 & 15, date & 31, time >> 11, time >> 5 & 63, 2 * (time & 31) };
    bool is_possible = calendar.month >= 1 && calendar.month <= 12 && calendar.day >= 1 && calendar.hours < 24 && calendar.minutes < 60;

    return is_possible ? calendar_seconds(&calendar) : 0;
}

static void put_16(uint8_t *bytes, uint32_t value)
{
    bytes[0] = (uint8_t)value;
    bytes[1] = (uint8_t)(value >> 8);
}

void fat_entry_fill(uint8_t entry[FAT_ENTRY_SIZE], const char *name, bool is_directory)
{
    memset(entry, 0, FAT_ENTRY_SIZE);
    memcpy(entry, name, 11);
    entry[ATTRIBUTES] = is_directory ? ATTRIBUTE_DIRECTORY : 0x20;      /* to be archived */
}

int64_t fat_time_bounded(int64_t time_s)
{
    const int64_t first = 315532800;             /* 1980-01-01 */
    const int64_t last = 4354819198;             /* 2107-12-31, 23:59:58 */

    return time_s < first ? first : time_s > last ? last : time_s & ~1LL;
}

void fat_entry_set(uint8_t entry[FAT_ENTRY_SIZE], uint32_t cluster, uint32_t size, int64_t time_s)
{
    struct calendar_time time;

    calendar_from_seconds(fat_time_bounded(time_s), &time);
    put_16(entry + CLUSTER_LOW, cluster);
    put_16(entry + CLUSTER_HIGH, cluster >> 16);
    put_16(entry + SIZE, size);
    put_16(entry + SIZE + 2, size >> 16);
    put_16(entry + TIME, time.hours << 11 | time.minutes << 5 | time.seconds / 2);
    put_16(entry + DATE, (uint32_t)(time.year - 1980) << 9 | time.month << 5 | time.day);
}

bool fat_entry_is_part(const uint8_t *entry)
{
    return (entry[ATTRIBUTES] & ATTRIBUTE_LONG_MASK) == ATTRIBUTE_LONG;
}

bool fat_entry_is_inside(const uint8_t *entry)
{
    return fat_entry_is_part(entry) && (entry[0] & LAST_PART) == 0;
}

bool fat_entry_is_label(const uint8_t *entry)
{
    return (entry[ATTRIBUTES] & ATTRIBUTE_LABEL) != 0 && !fat_entry_is_part(entry);
}

void fat_entry_replace(uint8_t entry[FAT_ENTRY_SIZE], const uint8_t other[FAT_ENTRY_SIZE])
{
    uint8_t letters = entry[CASE];

    memcpy(entry + ATTRIBUTES, other + ATTRIBUTES, FAT_ENTRY_SIZE - ATTRIBUTES);
    entry[CASE] = letters;
}

/* ---- Long names ---- */

uint8_t fat_entry_part_checksum(const uint8_t *entry)
{
    return entry[CHECKSUM];
}

uint8_t fat_entry_checksum(const uint8_t *entry)
{
    uint8_t sum = 0;

    for (uint32_t i = 0; i < 11; i++) {
        sum = (uint8_t)((sum << 7 | sum >> 1) + entry[i]);
    }
    return sum;
}

/* Parts come last first. One that does not fit those before it ends the name: then the short name counts. */
static void take_part(const uint8_t *entry, struct fat_name *name)
{
    static const uint8_t places[PART_UNITS] = { 1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30 };
    uint32_t number = entry[0] & ~LAST_PART;

    if ((entry[0] & LAST_PART) && number >= 1 && number <= PARTS_MAX) {
        name->is_long = true;
        name->parts_left = number;
        name->unit_count = number * PART_UNITS;
        name->checksum = entry[CHECKSUM];
    }
    if (!name->is_long || number == 0 || number != name->parts_left || entry[CHECKSUM] != name->checksum) {
        name->is_long = false;
        return;
    }
    name->parts_left--;
    for (uint32_t i = 0; i < PART_UNITS; i++) {
        name->units[name->parts_left * PART_UNITS + i] = (uint16_t)little_16(entry + places[i]);
    }
}

static bool put(struct fat_name *name, uint32_t byte)
{
    if (name->size == sizeof name->text || byte == 0 || byte == '/') {
        return false;
    }
    name->text[name->size++] = (char)byte;
    return true;
}

/* As UTF-8. A half of a pair that stands alone is written as it is. */
static bool put_character(struct fat_name *name, uint32_t character)
{
    if (character < 0x80) {
        return put(name, character);
    }
    if (character < 0x800) {
        return put(name, 0xC0 | character >> 6) && put(name, 0x80 | (character & 0x3F));
    }
    if (character < 0x10000) {
        return put(name, 0xE0 | character >> 12) && put(name, 0x80 | (character >> 6 & 0x3F)) && put(name, 0x80 | (character & 0x3F));
    }
    return put(name, 0xF0 | character >> 18) && put(name, 0x80 | (character >> 12 & 0x3F)) && put(name, 0x80 | (character >> 6 & 0x3F))
        && put(name, 0x80 | (character & 0x3F));
}

static bool long_name(struct fat_name *name)
{
    for (uint32_t i = 0; i < name->unit_count && name->units[i] != 0; i++) {
        uint32_t unit = name->units[i];
        uint32_t next = i + 1 < name->unit_count ? name->units[i + 1] : 0;

        if (unit >= 0xD800 && unit < 0xDC00 && next >= 0xDC00 && next < 0xE000) {
            unit = 0x10000 + ((unit - 0xD800) << 10) + (next - 0xDC00);
            i++;
        }
        if (!put_character(name, unit)) {
            return false;
        }
    }
    return name->size != 0;
}

/* ---- Short names ---- */

/* A part of a short name, without the spaces at its end. */
static void put_short(struct fat_name *name, const uint8_t *text, uint32_t size, bool is_small)
{
    while (size > 0 && text[size - 1] == ' ') {
        size--;
    }
    for (uint32_t i = 0; i < size; i++) {
        bool is_capital = text[i] >= 'A' && text[i] <= 'Z';

        name->short_text[name->short_size++] = (char)(is_small && is_capital ? text[i] + 32 : text[i]);
    }
}

/* Into short_text. False: it has bytes that no name can have. */
static bool short_name(const uint8_t *entry, struct fat_name *name)
{
    uint8_t text[11];

    memcpy(text, entry, sizeof text);
    text[0] = text[0] == 0x05 ? 0xE5 : text[0];      /* the specification: E5h would mean that it is free */
    name->short_size = 0;
    put_short(name, text, 8, (entry[CASE] & CASE_BASE) != 0);
    if (text[8] != ' ') {
        name->short_text[name->short_size++] = '.';
        put_short(name, text + 8, 3, (entry[CASE] & CASE_EXTENSION) != 0);
    }
    return name->short_size != 0 && memchr(name->short_text, '/', name->short_size) == NULL
        && memchr(name->short_text, '\0', name->short_size) == NULL;
}

/* ---- Entries ---- */

static bool is_dots(const struct fat_name *name)
{
    return (name->size == 1 && name->text[0] == '.') || (name->size == 2 && memcmp(name->text, "..", 2) == 0);
}

/* The name of an entry that is no part of a name. */
static bool take_name(const uint8_t *entry, struct fat_name *name)
{
    bool is_long = name->is_long && name->parts_left == 0 && name->checksum == fat_entry_checksum(entry);
    bool has_short = short_name(entry, name);

    name->is_long = false;
    name->size = 0;
    name->part_count = is_long ? name->unit_count / PART_UNITS : 0;
    if (!is_long || !long_name(name)) {
        name->size = name->short_size;
        memcpy(name->text, name->short_text, name->short_size);
        return has_short && !is_dots(name);
    }
    return !is_dots(name);
}

enum fat_entry_kind fat_entry_take(const uint8_t entry[FAT_ENTRY_SIZE], struct fat_name *name)
{
    uint32_t attributes = entry[ATTRIBUTES];

    if (entry[0] == 0) {
        return FAT_ENTRY_LAST;
    }
    if (entry[0] == 0xE5) {
        name->is_long = false;
        return FAT_ENTRY_NOTHING;
    }
    if ((attributes & ATTRIBUTE_LONG_MASK) == ATTRIBUTE_LONG) {
        take_part(entry, name);
        return FAT_ENTRY_NOTHING;
    }
    if ((attributes & ATTRIBUTE_LABEL) || !take_name(entry, name)) {
        name->is_long = false;
        return FAT_ENTRY_NOTHING;
    }
    return (attributes & ATTRIBUTE_DIRECTORY) ? FAT_ENTRY_DIRECTORY : FAT_ENTRY_FILE;
}

static uint8_t capital(char letter)
{
    return (uint8_t)(letter >= 'a' && letter <= 'z' ? letter - 32 : letter);
}

static bool is_same(const char *left, const char *right, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        if (capital(left[i]) != capital(right[i])) {
            return false;
        }
    }
    return true;
}

bool fat_name_is(const struct fat_name *name, const char *text, uint32_t size)
{
    return (name->size == size && is_same(name->text, text, size)) || (name->short_size == size && is_same(name->short_text, text, size));
}
