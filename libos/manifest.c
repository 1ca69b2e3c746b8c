#include <stdbool.h>

#include <ternion/manifest.h>
#include <ternion/string.h>

/* ELF header and program header: System V ABI, figures 4-3 and 5-1. */
struct elf_header {
    uint8_t identification[16];
    uint16_t type;
    uint16_t machine;
    uint32_t version;
    uint32_t entry;
    uint32_t program_headers_offset;
    uint32_t section_headers_offset;
    uint32_t flags;
    uint16_t header_size;
    uint16_t program_header_size;
    uint16_t program_header_count;
    uint16_t section_header_size;
    uint16_t section_header_count;
    uint16_t section_names_index;
};

struct elf_program_header {
    uint32_t type;
    uint32_t offset;
    uint32_t virtual_address;
    uint32_t physical_address;
    uint32_t file_size;
    uint32_t memory_size;
    uint32_t flags;
    uint32_t align;
};

/* Name and description follow, each padded to whole words. */
struct note_header {
    uint32_t name_size;
    uint32_t description_size;
    uint32_t type;
};

/* Magic number, 32 bits, little-endian, current version. */
static const uint8_t identification[] = { 0x7F, 'E', 'L', 'F', 1, 1, 1 };

#define TYPE_EXECUTABLE 2
#define MACHINE_386 3
#define SEGMENT_NOTE 4U

struct bytes {
    const uint8_t *first;
    uint32_t size;
};

/* Cuts a part out of bytes. False: it does not lie in them entire. */
static bool bytes_part(const struct bytes *bytes, uint32_t offset, uint32_t size, struct bytes *part_out)
{
    if (offset > bytes->size || size > bytes->size - offset) {
        return false;
    }
    *part_out = (struct bytes){ bytes->first + offset, size };
    return true;
}

/* Copies a structure, which may lie at any address, from the front of bytes. False: they are too few. */
static bool bytes_copy(const struct bytes *bytes, uint32_t offset, void *structure_out, uint32_t size)
{
    struct bytes part;

    if (!bytes_part(bytes, offset, size, &part)) {
        return false;
    }
    memcpy(structure_out, part.first, size);
    return true;
}

/* Takes a part with its padding off the front. False: they are too few. The padding behind the last may be missing. */
static bool bytes_take(struct bytes *bytes, uint32_t size, struct bytes *taken_out)
{
    if (!bytes_part(bytes, 0, size, taken_out)) {
        return false;
    }
    uint32_t padded = size + (-size & 3);
    if (padded < size || padded > bytes->size) {
        padded = bytes->size;
    }
    bytes->first += padded;
    bytes->size -= padded;
    return true;
}

/* Looks through the notes of a segment for the one of a type, whose description has this size. */
static status_t read_notes(struct bytes notes, uint32_t type, void *description_out, uint32_t size)
{
    while (notes.size >= sizeof(struct note_header)) {
        struct note_header header;
        struct bytes front, name, description;

        if (!bytes_take(&notes, sizeof header, &front) || !bytes_copy(&front, 0, &header, sizeof header)
            || !bytes_take(&notes, header.name_size, &name) || !bytes_take(&notes, header.description_size, &description)) {
            return BAD_IMAGE;
        }
        if (header.type != type || name.size != sizeof MANIFEST_NOTE_NAME
            || memcmp(name.first, MANIFEST_NOTE_NAME, name.size) != 0) {
            continue;
        }
        if (description.size != size) {
            return BAD_IMAGE;
        }
        memcpy(description_out, description.first, size);
        return OK;
    }
    return NOT_FOUND;
}

static bool is_executable(const struct elf_header *header)
{
    return memcmp(header->identification, identification, sizeof identification) == 0
        && header->type == TYPE_EXECUTABLE && header->machine == MACHINE_386
        && (header->program_header_count == 0 || header->program_header_size == sizeof(struct elf_program_header));
}

status_t note_read(const void *image, uint32_t size, uint32_t type, void *description_out, uint32_t description_size)
{
    struct bytes file = { image, size }, table, notes;
    struct elf_header header;

    memset(description_out, 0, description_size);
    if (!bytes_copy(&file, 0, &header, sizeof header) || !is_executable(&header)
        || !bytes_part(&file, header.program_headers_offset,
                       header.program_header_count * (uint32_t)sizeof(struct elf_program_header), &table)) {
        return BAD_IMAGE;
    }
    for (uint32_t i = 0; i < header.program_header_count; i++) {
        struct elf_program_header segment;

        if (!bytes_copy(&table, i * (uint32_t)sizeof segment, &segment, sizeof segment)) {
            return BAD_IMAGE;
        }
        if (segment.type != SEGMENT_NOTE) {
            continue;
        }
        if (!bytes_part(&file, segment.offset, segment.file_size, &notes)) {
            return BAD_IMAGE;
        }
        status_t status = read_notes(notes, type, description_out, description_size);
        if (status != NOT_FOUND) {
            return status;
        }
    }
    return NOT_FOUND;
}

status_t manifest_read(const void *image, uint32_t size, struct manifest *manifest_out)
{
    return note_read(image, size, MANIFEST_NOTE_TYPE, manifest_out, sizeof *manifest_out);
}
