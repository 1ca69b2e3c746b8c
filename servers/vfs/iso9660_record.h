/* Directory records of ISO 9660 (ECMA-119, 9.1), and the names in them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define ISO_RECORD_MIN 34U       /* bytes of one whose name is a byte */
#define ISO_RECORD_MAX 256U      /* room for any: a byte says how long it is */

struct iso_name {
    uint32_t size;               /* bytes, 1 to 255; neither '/' nor NUL is among them */
    char text[255];
};

static inline uint32_t iso_little_32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* All of these take records of ISO_RECORD_MIN bytes at least, and as many as their first byte says; the rest is not believed. */

/* Has it an identifier of its own? Not: it is the directory itself, or its parent, or is cut short. */
bool iso_record_is_entry(const uint8_t *record);

/* The identifier as a name. False: it is none that can be. */
bool iso_record_name(const uint8_t *record, bool is_joliet, struct iso_name *name_out);

/* Is it the directory's record of itself? */
bool iso_record_is_self(const uint8_t *record);

bool iso_record_is_directory(const uint8_t *record);

/* A part of a file, which goes on with the next record (ECMA-119, 9.1.6). */
bool iso_record_goes_on(const uint8_t *record);

/* "." and ".." are not shown. */
bool iso_name_is_dots(const struct iso_name *name);

uint32_t iso_record_extent(const uint8_t *record);
uint32_t iso_record_size(const uint8_t *record);
int64_t iso_record_time(const uint8_t *record);

/* What is behind the identifier. */
const uint8_t *iso_record_system_use(const uint8_t *record, uint32_t *size_out);
