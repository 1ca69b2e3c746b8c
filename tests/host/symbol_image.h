/* Makes small programs with a symbol table, as s\debug reads them: text, symbols, strings. */
#pragma once

#include <stdint.h>

#define IMAGE_SIZE_MAX 0x4000U
#define IMAGE_TEXT_OFFSET 0x1000U
#define IMAGE_TEXT_ADDRESS 0x00200000U
#define IMAGE_SYMBOLS_MAX 32U

/* System V ABI, figures 4-3, 5-1, 4-8, 4-15; aligned, so these can be written as they are. */
struct image_header {
    uint8_t identification[16];
    uint16_t type, machine;
    uint32_t version, entry, program_headers, section_headers, flags;
    uint16_t header_size, program_header_size, program_header_count;
    uint16_t section_header_size, section_header_count, section_names;
};
struct image_segment {
    uint32_t type, offset, virtual_address, physical_address, file_size, memory_size, flags, align;
};
struct image_section {
    uint32_t name, type, flags, address, offset, size, link, information, align, entry_size;
};
struct image_symbol {
    uint32_t name, value, size;
    uint8_t information, other;
    uint16_t section;
};

#define GLOBAL_FUNCTION 0x12U    /* information of a symbol: binding, type */
#define LOCAL_FUNCTION 0x02U
#define GLOBAL_LABEL 0x10U
#define LOCAL_LABEL 0x00U
#define GLOBAL_OBJECT 0x11U

/* A program whose text is given. The parts lie in `bytes`, and can be changed there. */
struct symbol_image {
    uint8_t bytes[IMAGE_SIZE_MAX];
    uint32_t size;
    struct image_header *header;
    struct image_segment *segments;  /* data, then text */
    struct image_section *sections;  /* nothing, text, symbols, strings */
    struct image_symbol *symbols;
    uint32_t symbol_count;
};

/* Makes one without symbols, of so many bytes of text, all 90h. */
void symbol_image_make(struct symbol_image *image, uint32_t text_size);

/* Adds a symbol of the text's section. */
void symbol_image_add(struct symbol_image *image, const char *name, uint32_t address, uint32_t size, uint8_t information);

/* The text's bytes. */
uint8_t *symbol_image_text(struct symbol_image *image);
