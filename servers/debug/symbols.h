/*
 * The names of functions, from the symbol table of an ELF32 executable (System V ABI, chapter 4). The bytes may be anything:
 * nothing outside them is read. No system call, no memory of its own.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct symbols {
    const uint8_t *image;        /* NULL: none */
    uint32_t size;               /* bytes */
    uint32_t text_first;         /* addresses of the executable segment: first, and behind the last */
    uint32_t text_end;
    uint32_t text_offset;        /* where it stands in the image */
    uint32_t table;              /* offset of the symbol table; no symbols: all 0 */
    uint32_t count;
    uint32_t names;              /* offset of its strings */
    uint32_t names_size;
    const char *library_name;    /* in the image: of the boot module that it was linked to, or that it is itself; NULL: it is complete */
    const struct symbols *library;   /* set by the caller; NULL: there is none */
};

struct symbol {
    const char *name;            /* in the image; ended by a NUL */
    uint32_t address;            /* where the function begins */
};

/*
 * Reads the headers of an image, which must stay where it is.
 *   symbols_out   all zeroes unless true
 * False: it is no executable for the i386, or one without executable segment. One without a symbol table is fine.
 */
[[nodiscard]] bool symbols_open(const void *image, uint32_t size, struct symbols *symbols_out);

/* The image, or its library, in whose text an address lies; NULL: neither. */
const struct symbols *symbols_with_text(const struct symbols *symbols, uint32_t address);

/* The function that an address lies in, of the image or of its library. False: none that is known. */
[[nodiscard]] bool symbols_find(const struct symbols *symbols, uint32_t address, struct symbol *symbol_out);
