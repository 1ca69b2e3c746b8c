/* From a name to entries: a long name in parts, and the short name beside it. */
#pragma once

#include <stdint.h>

#include <abi/status.h>

#include "fat_entry.h"

struct fat_long_name {
    const char *text;
    uint32_t size;               /* bytes of it */
    uint32_t parts;              /* 0: the short name says it all */
    uint32_t unit_count;
    uint16_t units[260];
};

/* Takes a name apart. Statuses: BAD_NAME: FAT cannot have it. */
[[nodiscard]] status_t fat_alias_parse(const char *name, uint32_t size, struct fat_long_name *long_name_out);

/* The short name, another one for each attempt. */
void fat_alias_make(const struct fat_long_name *long_name, uint32_t attempt, uint8_t alias[11]);

/* A part of the long name as an entry; part 0 holds its beginning. */
void fat_alias_part(const struct fat_long_name *long_name, uint32_t part, const uint8_t alias[11], uint8_t entry[FAT_ENTRY_SIZE]);
