/* The note in its image by which a program of the C library is known: beside a manifest's, of another type. */
#pragma once

#include <stdint.h>

#include <ternion/manifest.h>

#define LIBC_NOTE_TYPE 2U
#define LIBC_NOTE_VERSION 2U    /* of libc/start_block.h */

struct libc_note {
    uint32_t name_size;
    uint32_t description_size;
    uint32_t type;
    char name[sizeof MANIFEST_NOTE_NAME];
    uint32_t version;
};

#define LIBC_NOTE \
    static const struct libc_note libc_note __attribute__((section(".note.ternion"), used, aligned(4))) = { \
        sizeof MANIFEST_NOTE_NAME, sizeof(uint32_t), LIBC_NOTE_TYPE, MANIFEST_NOTE_NAME, LIBC_NOTE_VERSION }
