/* Directory entries of FAT: the specification, "FAT Directory Structure" and "FAT Long Directory Entries". */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define FAT_ENTRY_SIZE 32U

enum fat_entry_kind {
    FAT_ENTRY_LAST,              /* there are no more */
    FAT_ENTRY_NOTHING,           /* go on: it is free, or a part of a long name, or a label */
    FAT_ENTRY_FILE,
    FAT_ENTRY_DIRECTORY,
};

/* What a file or directory is called, and the parts of a long name before it. All zeroes to begin with. */
struct fat_name {
    uint32_t size;               /* bytes: 1 to 255 */
    char text[255];
    uint32_t short_size;         /* of the short name */
    char short_text[12];
    /* Of the parts: */
    uint32_t part_count;         /* of the name that was taken: entries before its own; 0: it is the short one */
    uint32_t parts_left;         /* until the first one; 0: all have come */
    uint32_t unit_count;
    uint8_t checksum;
    bool is_long;
    uint16_t units[260];         /* UTF-16 */
};

/* Takes the next entry of a directory. With the kinds FILE and DIRECTORY name->text is the name. */
enum fat_entry_kind fat_entry_take(const uint8_t entry[FAT_ENTRY_SIZE], struct fat_name *name);

uint32_t fat_entry_cluster(const uint8_t *entry);
uint32_t fat_entry_size(const uint8_t *entry);
int64_t fat_entry_time(const uint8_t *entry);

/* The time that an entry can hold which is next to this one: 1980 to 2107, two seconds apart. */
int64_t fat_time_bounded(int64_t time_s);

/* A fresh entry with a short name of 11 bytes. */
void fat_entry_fill(uint8_t entry[FAT_ENTRY_SIZE], const char *name, bool is_directory);

/* Sets first cluster, size and time. */
void fat_entry_set(uint8_t entry[FAT_ENTRY_SIZE], uint32_t cluster, uint32_t size, int64_t time_s);

/* Is it a part of a long name? */
bool fat_entry_is_part(const uint8_t *entry);

/* Is it a part that does not stand first? */
bool fat_entry_is_inside(const uint8_t *entry);

/* Is it the disk's label, which is nobody's name? */
bool fat_entry_is_label(const uint8_t *entry);

/* Of a short name: the specification, "ChkSum"; and what a part says of the entry that it is for. */
uint8_t fat_entry_checksum(const uint8_t *name);
uint8_t fat_entry_part_checksum(const uint8_t *entry);

/* Makes an entry another file's, which keeps the name. */
void fat_entry_replace(uint8_t entry[FAT_ENTRY_SIZE], const uint8_t other[FAT_ENTRY_SIZE]);

/* Is it what somebody looks for? Small and capital letters of ASCII are the same. */
bool fat_name_is(const struct fat_name *name, const char *text, uint32_t size);
