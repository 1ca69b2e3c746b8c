#include "symbols.h"

#include <stddef.h>

#include <ternion/string.h>

/* ELF header, program header, section header, symbol: System V ABI, figures 4-3, 5-1, 4-8, 4-15. */
struct elf_header {
    uint8_t identification[16];
    uint16_t type, machine;
    uint32_t version, entry, program_headers, section_headers, flags;
    uint16_t header_size, program_header_size, program_header_count;
    uint16_t section_header_size, section_header_count, section_names;
};

struct elf_segment {
    uint32_t type, offset, virtual_address, physical_address, file_size, memory_size, flags, align;
};

struct elf_section {
    uint32_t name, type, flags, address, offset, size, link, information, align, entry_size;
};

struct elf_symbol {
    uint32_t name, value, size;
    uint8_t information, other;
    uint16_t section;
};

#define MAGIC "\x7F" "ELF\x01\x01\x01"   /* 32 bits, little-endian, version 1 */
#define TYPE_EXECUTABLE 2U
#define MACHINE_386 3U
#define SEGMENT_LOAD 1U
#define SEGMENT_INTERPRETER 3U
#define SEGMENT_EXECUTABLE 1U            /* in flags */
#define SECTION_SYMBOLS 2U
#define SECTION_STRINGS 3U
#define SECTION_UNDEFINED 0U             /* in a symbol */
#define SECTION_RESERVED 0xFF00U         /* from here on: absolute, common */
#define SYMBOL_TYPE(information) ((information) & 15U)
#define SYMBOL_BINDING(information) ((information) >> 4)
#define SYMBOL_NO_TYPE 0U
#define SYMBOL_FUNCTION 2U
#define SYMBOL_LOCAL 0U

/* Does this lie in the image? */
static bool is_inside(const struct symbols *symbols, uint32_t offset, uint64_t size)
{
    return offset <= symbols->size && size <= symbols->size - offset;
}

/* Copies what may not be aligned. False: it does not lie in the image. */
static bool copy(const struct symbols *symbols, uint32_t table, uint32_t index, void *to, uint32_t size)
{
    uint64_t offset = table + (uint64_t)index * size;

    if (offset > UINT32_MAX || !is_inside(symbols, (uint32_t)offset, size)) {
        return false;
    }
    memcpy(to, symbols->image + offset, size);
    return true;
}

static bool header_is_good(const struct elf_header *header)
{
    return memcmp(header->identification, MAGIC, sizeof MAGIC - 1) == 0 && header->type == TYPE_EXECUTABLE
        && header->machine == MACHINE_386 && header->program_header_size == sizeof(struct elf_segment);
}

static bool find_text(struct symbols *symbols, const struct elf_header *header)
{
    struct elf_segment segment;

    for (uint32_t i = 0; i < header->program_header_count; i++) {
        if (!copy(symbols, header->program_headers, i, &segment, sizeof segment)) {
            return false;
        }
        if (segment.type == SEGMENT_LOAD && (segment.flags & SEGMENT_EXECUTABLE) != 0) {
            symbols->text_first = segment.virtual_address;
            symbols->text_offset = segment.offset;
            return is_inside(symbols, segment.offset, segment.file_size) && segment.file_size != 0
                && !__builtin_add_overflow(segment.virtual_address, segment.file_size, &symbols->text_end);
        }
    }
    return false;
}

static void find_library_name(struct symbols *symbols, const struct elf_header *header)
{
    struct elf_segment segment;

    for (uint32_t i = 0; i < header->program_header_count && copy(symbols, header->program_headers, i, &segment, sizeof segment); i++) {
        if (segment.type == SEGMENT_INTERPRETER && is_inside(symbols, segment.offset, segment.file_size)
            && memchr(symbols->image + segment.offset, '\0', segment.file_size) != NULL) {
            symbols->library_name = (const char *)symbols->image + segment.offset;
            return;
        }
    }
}

/* A table and its strings, both inside the image. */
static bool table_is_good(const struct symbols *symbols, const struct elf_header *header, const struct elf_section *table,
                          struct elf_section *strings_out)
{
    return table->type == SECTION_SYMBOLS && table->entry_size == sizeof(struct elf_symbol)
        && is_inside(symbols, table->offset, table->size) && table->link < header->section_header_count
        && copy(symbols, header->section_headers, table->link, strings_out, sizeof *strings_out)
        && strings_out->type == SECTION_STRINGS && is_inside(symbols, strings_out->offset, strings_out->size);
}

static void find_table(struct symbols *symbols, const struct elf_header *header)
{
    struct elf_section section, strings;

    if (header->section_header_size != sizeof section) {
        return;
    }
    for (uint32_t i = 0; i < header->section_header_count; i++) {
        if (copy(symbols, header->section_headers, i, &section, sizeof section)
            && table_is_good(symbols, header, &section, &strings)) {
            symbols->table = section.offset;
            symbols->count = section.size / sizeof(struct elf_symbol);
            symbols->names = strings.offset;
            symbols->names_size = strings.size;
            return;
        }
    }
}

bool symbols_open(const void *image, uint32_t size, struct symbols *symbols_out)
{
    struct symbols symbols = { .image = image, .size = size };
    struct elf_header header;

    *symbols_out = (struct symbols){ 0 };
    if (!copy(&symbols, 0, 0, &header, sizeof header) || !header_is_good(&header) || !find_text(&symbols, &header)) {
        return false;
    }
    find_library_name(&symbols, &header);
    find_table(&symbols, &header);
    *symbols_out = symbols;
    return true;
}

/* The name, or NULL if it is empty or runs out of the strings. */
static const char *name_of(const struct symbols *symbols, const struct elf_symbol *symbol)
{
    if (symbol->name >= symbols->names_size) {
        return NULL;
    }
    const char *name = (const char *)symbols->image + symbols->names + symbol->name;
    return *name != '\0' && memchr(name, '\0', symbols->names_size - symbol->name) != NULL ? name : NULL;
}

/* A label of assembly counts if other files can see it. */
static bool is_function(const struct symbols *symbols, const struct elf_symbol *symbol)
{
    uint32_t type = SYMBOL_TYPE(symbol->information);

    return (type == SYMBOL_FUNCTION || (type == SYMBOL_NO_TYPE && SYMBOL_BINDING(symbol->information) != SYMBOL_LOCAL))
        && symbol->section != SECTION_UNDEFINED && symbol->section < SECTION_RESERVED
        && symbol->value >= symbols->text_first && symbol->value < symbols->text_end;
}

/* One without a size reaches up to the next one. */
static bool reaches(const struct elf_symbol *symbol, uint32_t address)
{
    return symbol->value <= address && (symbol->size == 0 || address - symbol->value < symbol->size);
}

const struct symbols *symbols_with_text(const struct symbols *symbols, uint32_t address)
{
    if (symbols->library != NULL && address >= symbols->library->text_first && address < symbols->library->text_end) {
        return symbols->library;
    }
    return address >= symbols->text_first && address < symbols->text_end ? symbols : NULL;
}

bool symbols_find(const struct symbols *all, uint32_t address, struct symbol *symbol_out)
{
    const struct symbols *symbols = symbols_with_text(all, address);
    struct elf_symbol symbol;
    bool found = false;

    if (symbols == NULL || symbols->image == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < symbols->count && copy(symbols, symbols->table, i, &symbol, sizeof symbol); i++) {
        const char *name = is_function(symbols, &symbol) && reaches(&symbol, address) ? name_of(symbols, &symbol) : NULL;

        if (name != NULL && (!found || symbol.value > symbol_out->address)) {
            *symbol_out = (struct symbol){ name, symbol.value };
            found = true;
        }
    }
    return found;
}
