#include "elf.h"

#include <abi/system.h>

#include "string.h"

/* ELF header: System V ABI, figure 4-3. */
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

/* Program header: figure 5-1. */
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

static const uint8_t magic[4] = { 0x7F, 'E', 'L', 'F' };

#define IDENTIFICATION_CLASS 4
#define IDENTIFICATION_DATA 5
#define IDENTIFICATION_VERSION 6
#define CLASS_32 1
#define DATA_LITTLE_ENDIAN 1
#define VERSION_CURRENT 1
#define TYPE_EXECUTABLE 2
#define MACHINE_386 3
#define SEGMENT_LOAD 1
#define SEGMENT_DYNAMIC 2
#define SEGMENT_INTERPRETER 3
#define SEGMENT_NOTE 4
#define FLAG_EXECUTE 1
#define FLAG_WRITE 2

static uint32_t page_down(uint32_t address)
{
    return address & ~(PAGE_SIZE - 1);
}

static enum elf_reason check_header(const struct elf_header *header)
{
    if (memcmp(header->identification, magic, sizeof magic) != 0) {
        return ELF_NOT_ELF;
    }
    if (header->identification[IDENTIFICATION_CLASS] != CLASS_32
        || header->identification[IDENTIFICATION_DATA] != DATA_LITTLE_ENDIAN || header->machine != MACHINE_386) {
        return ELF_NOT_I386;
    }
    if (header->type != TYPE_EXECUTABLE) {
        return ELF_NOT_EXECUTABLE;
    }
    if (header->identification[IDENTIFICATION_VERSION] != VERSION_CURRENT || header->version != VERSION_CURRENT
        || header->header_size < sizeof *header || header->program_header_size != sizeof(struct elf_program_header)
        || header->program_header_count > ELF_PROGRAM_HEADERS_MAX) {
        return ELF_BAD_HEADER;
    }
    return ELF_FINE;
}

static enum elf_reason check_segment(const struct elf_program_header *header, uint32_t image_size)
{
    if (header->file_size > header->memory_size || header->virtual_address + header->memory_size < header->virtual_address) {
        return ELF_BAD_SEGMENT_SIZE;
    }
    if (header->offset > image_size || header->file_size > image_size - header->offset) {
        return ELF_TRUNCATED;
    }
    if (header->virtual_address < PROGRAM_BASE || header->virtual_address + header->memory_size > USER_END) {
        return ELF_BAD_SEGMENT_ADDRESS;
    }
    if (header->file_size != 0 && header->virtual_address % PAGE_SIZE != header->offset % PAGE_SIZE) {
        return ELF_UNALIGNED_SEGMENT;
    }
    if ((header->flags & (FLAG_WRITE | FLAG_EXECUTE)) == (FLAG_WRITE | FLAG_EXECUTE)) {
        return ELF_WRITABLE_TEXT;
    }
    return ELF_FINE;
}

/* Do two segments, neither of them empty, have a page in common? */
static bool share_a_page(const struct elf_segment *one, const struct elf_segment *other)
{
    return page_down(one->address) <= page_down(other->address + other->memory_size - 1)
        && page_down(other->address) <= page_down(one->address + one->memory_size - 1);
}

static enum elf_reason add_segment(struct elf_program *program, const struct elf_program_header *header, const struct elf_source *source)
{
    struct elf_segment segment = {
        .source = source,
        .address = header->virtual_address,
        .memory_size = header->memory_size,
        .file_offset = header->offset,
        .file_size = header->file_size,
        .writable = (header->flags & FLAG_WRITE) != 0,
        .executable = (header->flags & FLAG_EXECUTE) != 0,
    };

    if (program->segment_count == ELF_SEGMENTS_MAX) {
        return ELF_TOO_MANY_SEGMENTS;
    }
    for (uint32_t i = 0; i < program->segment_count; i++) {
        if (share_a_page(&program->segments[i], &segment)) {
            return ELF_OVERLAP;
        }
    }
    program->segments[program->segment_count++] = segment;
    if (segment.address + segment.memory_size > program->end) {
        program->end = segment.address + segment.memory_size;
    }
    return ELF_FINE;
}

/* Where the first part of a kind lies in the file. */
static enum elf_reason take_place(const struct elf_program_header *header, uint32_t image_size, uint32_t *offset, uint32_t *size)
{
    if (*size == 0) {
        if (header->offset > image_size || header->file_size > image_size - header->offset) {
            return ELF_TRUNCATED;
        }
        *offset = header->offset;
        *size = header->file_size;
    }
    return ELF_FINE;
}

/* One program header, checked and taken over if it is to be loaded. */
static enum elf_reason take_program_header(struct elf_program *program, const struct elf_program_header *header, const struct elf_source *source)
{
    enum elf_reason reason;

    switch (header->type) {
    case SEGMENT_DYNAMIC:
        return ELF_NOT_EXECUTABLE;
    case SEGMENT_INTERPRETER:
        return take_place(header, source->size, &program->mark_offset, &program->mark_size);
    case SEGMENT_NOTE:
        return take_place(header, source->size, &program->notes_offset, &program->notes_size);
    case SEGMENT_LOAD:
        if (header->memory_size == 0) {
            return ELF_FINE;
        }
        reason = check_segment(header, source->size);
        return reason != ELF_FINE ? reason : add_segment(program, header, source);
    default:
        return ELF_FINE;
    }
}

static enum elf_reason check_entry(const struct elf_program *program)
{
    if (program->segment_count == 0) {
        return ELF_NO_SEGMENT;
    }
    for (uint32_t i = 0; i < program->segment_count; i++) {
        const struct elf_segment *segment = &program->segments[i];

        if (segment->executable && program->entry - segment->address < segment->file_size) {
            return ELF_FINE;
        }
    }
    return ELF_BAD_ENTRY;
}

static status_t refuse(enum elf_reason reason, enum elf_reason *reason_out)
{
    *reason_out = reason;
    return reason == ELF_FINE ? OK : BAD_IMAGE;
}

/* What the headers of one file say, beside what is known from another. Places in the file are its own. */
static status_t take_headers(const struct elf_source *source, struct elf_program *program, enum elf_reason *reason_out)
{
    struct elf_header header;

    program->notes_offset = program->notes_size = 0;
    program->mark_offset = program->mark_size = 0;
    if (source->size < sizeof header) {
        return refuse(ELF_TRUNCATED, reason_out);
    }
    status_t status = source->read(source, 0, &header, sizeof header);
    if (status != OK) {
        return status;
    }
    enum elf_reason reason = check_header(&header);
    if (reason != ELF_FINE) {
        return refuse(reason, reason_out);
    }
    uint32_t table_size = header.program_header_count * (uint32_t)sizeof(struct elf_program_header);
    if (header.program_headers_offset > source->size || table_size > source->size - header.program_headers_offset) {
        return refuse(ELF_TRUNCATED, reason_out);
    }

    program->entry = header.entry;
    for (uint32_t i = 0; i < header.program_header_count; i++) {
        struct elf_program_header program_header;

        status = source->read(source, header.program_headers_offset + i * (uint32_t)sizeof program_header,
                              &program_header, sizeof program_header);
        if (status != OK) {
            return status;
        }
        reason = take_program_header(program, &program_header, source);
        if (reason != ELF_FINE) {
            return refuse(reason, reason_out);
        }
    }
    return OK;
}

status_t elf_parse(const struct elf_source *source, struct elf_program *program_out, enum elf_reason *reason_out)
{
    struct elf_program program = { .segment_count = 0 };

    *reason_out = ELF_FINE;
    status_t status = take_headers(source, &program, reason_out);
    if (status == OK) {
        status = refuse(check_entry(&program), reason_out);
    }
    if (status == OK) {
        *program_out = program;
    }
    return status;
}

status_t elf_mark(const struct elf_source *source, const struct elf_program *program, char mark[static ELF_MARK_MAX])
{
    memset(mark, 0, ELF_MARK_MAX);
    return program->mark_size > ELF_MARK_MAX ? BAD_IMAGE : source->read(source, program->mark_offset, mark, program->mark_size);
}

status_t elf_add_library(const struct elf_source *library, const char mark[static ELF_MARK_MAX], struct elf_program *program,
                         enum elf_reason *reason_out)
{
    struct elf_program both = *program;
    char own_mark[ELF_MARK_MAX];

    status_t status = take_headers(library, &both, reason_out);
    if (status == OK) {
        status = elf_mark(library, &both, own_mark);
    }
    if (status == OK && memcmp(mark, own_mark, ELF_MARK_MAX) != 0) {
        status = BAD_IMAGE;
    }
    if (status == OK) {
        memcpy(program->segments, both.segments, sizeof both.segments);
        program->segment_count = both.segment_count;
        program->end = both.end;
    }
    return status;
}
