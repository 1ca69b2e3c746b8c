#include "symbol_image.h"

#include <string.h>

#include "test.h"

#define SEGMENTS_OFFSET 0x40U
#define SECTIONS_OFFSET 0x100U
#define SYMBOLS_OFFSET 0x200U
#define STRINGS_OFFSET 0x800U

enum { SECTION_NOTHING, SECTION_TEXT, SECTION_SYMBOLS, SECTION_STRINGS, SECTION_COUNT };

void symbol_image_make(struct symbol_image *image, uint32_t text_size)
{
    CHECK(text_size <= IMAGE_SIZE_MAX - IMAGE_TEXT_OFFSET);
    memset(image, 0, sizeof *image);
    image->size = IMAGE_TEXT_OFFSET + text_size;
    image->header = (struct image_header *)image->bytes;
    image->segments = (struct image_segment *)(image->bytes + SEGMENTS_OFFSET);
    image->sections = (struct image_section *)(image->bytes + SECTIONS_OFFSET);
    image->symbols = (struct image_symbol *)(image->bytes + SYMBOLS_OFFSET);
    *image->header = (struct image_header){
        .identification = "\x7F" "ELF\x01\x01\x01", .type = 2, .machine = 3, .version = 1, .entry = IMAGE_TEXT_ADDRESS,
        .program_headers = SEGMENTS_OFFSET, .section_headers = SECTIONS_OFFSET, .header_size = sizeof *image->header,
        .program_header_size = sizeof *image->segments, .program_header_count = 2,
        .section_header_size = sizeof *image->sections, .section_header_count = SECTION_COUNT,
    };
    image->segments[0] = (struct image_segment){ .type = 1, .virtual_address = 0x00300000, .file_size = 16, .flags = 6 };
    image->segments[1] = (struct image_segment){ .type = 1, .offset = IMAGE_TEXT_OFFSET, .virtual_address = IMAGE_TEXT_ADDRESS,
                                                 .file_size = text_size, .memory_size = text_size, .flags = 5 };
    image->sections[SECTION_TEXT] = (struct image_section){ .type = 1, .address = IMAGE_TEXT_ADDRESS, .offset = IMAGE_TEXT_OFFSET,
                                                            .size = text_size };
    image->sections[SECTION_SYMBOLS] = (struct image_section){ .type = 2, .offset = SYMBOLS_OFFSET, .link = SECTION_STRINGS,
                                                               .entry_size = sizeof *image->symbols };
    image->sections[SECTION_STRINGS] = (struct image_section){ .type = 3, .offset = STRINGS_OFFSET, .size = 1 };
    memset(image->bytes + IMAGE_TEXT_OFFSET, 0x90, text_size);
}

void symbol_image_add(struct symbol_image *image, const char *name, uint32_t address, uint32_t size, uint8_t information)
{
    struct image_section *strings = &image->sections[SECTION_STRINGS];
    uint32_t name_size = (uint32_t)strlen(name) + 1;

    CHECK(image->symbol_count < IMAGE_SYMBOLS_MAX && STRINGS_OFFSET + strings->size + name_size <= IMAGE_TEXT_OFFSET);
    memcpy(image->bytes + STRINGS_OFFSET + strings->size, name, name_size);
    image->symbols[image->symbol_count++] = (struct image_symbol){ .name = strings->size, .value = address, .size = size,
                                                                   .information = information, .section = SECTION_TEXT };
    strings->size += name_size;
    image->sections[SECTION_SYMBOLS].size = image->symbol_count * sizeof *image->symbols;
}

uint8_t *symbol_image_text(struct symbol_image *image)
{
    return image->bytes + IMAGE_TEXT_OFFSET;
}
