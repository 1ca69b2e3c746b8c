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

/*
 * All of these take records of ISO_RECORD_MIN bytes at least, and as many as their first byte says; the rest is not believed.
 * iso_record_name: false: it is the directory itself, its parent, or has no name that can be.
 */
bool iso_record_name(const uint8_t *record, bool is_joliet, struct iso_name *name_out);
bool iso_record_is_directory(const uint8_t *record);
bool iso_record_has_susp(const uint8_t *record);
uint32_t iso_record_extent(const uint8_t *record);
uint32_t iso_record_size(const uint8_t *record);
int64_t iso_record_time(const uint8_t *record);
