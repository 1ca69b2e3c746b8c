#include "elf_image.h"

#include <stdlib.h>
#include <string.h>

#include <abi/system.h>

#include "test.h"

struct memory_source {
    struct elf_source source;
    const uint8_t *bytes;
};

struct elf_image elf_image_good(void)
{
    struct elf_image image = {
        .header = {
            .identification = { 0x7F, 'E', 'L', 'F', 1, 1, 1 },
            .type = 2, .machine = 3, .version = 1,
            .entry = PROGRAM_BASE + 0x10,
            .program_headers = sizeof image.header,
            .header_size = sizeof image.header,
            .program_header_size = sizeof image.segments[0],
            .program_header_count = 3,
        },
        .size = 0x2800,
    };
    image.segments[0] = (struct elf_image_segment){ 1, 0x1000, PROGRAM_BASE, 0, 0x1000, 0x1000, 5, 0x1000 };
    image.segments[1] = (struct elf_image_segment){ 1, 0x2000, PROGRAM_BASE + 0x1000, 0, 0x700, 0x3000, 6, 0x1000 };
    image.segments[2] = (struct elf_image_segment){ 4, 0x2700, 0, 0, 0x100, 0, 4, 4 };
    return image;
}

uint32_t elf_image_write(const struct elf_image *image, uint8_t bytes[ELF_IMAGE_SIZE_MAX])
{
    uint32_t table = image->header.program_header_count * (uint32_t)sizeof image->segments[0];
    uint32_t at = image->header.program_headers;

    memset(bytes, 0x90, ELF_IMAGE_SIZE_MAX);
    memcpy(bytes, &image->header, sizeof image->header);
    if (table <= sizeof image->segments && at <= ELF_IMAGE_SIZE_MAX - sizeof image->segments) {
        memcpy(bytes + at, image->segments, table);
    }
    return image->size;
}

static status_t read_memory(const struct elf_source *source, uint32_t offset, void *to, uint32_t size)
{
    const struct memory_source *memory = (const struct memory_source *)source;

    CHECK(offset <= source->size && size <= source->size - offset);
    memcpy(to, memory->bytes + offset, size);
    return OK;
}

static void check_segment(const struct elf_segment *segment)
{
    uint64_t end = (uint64_t)segment->address + segment->memory_size;
    size_t size = segment->source->size;

    CHECK(segment->memory_size > 0 && segment->file_size <= segment->memory_size);
    CHECK((uint64_t)segment->file_offset + segment->file_size <= size);
    CHECK(segment->address >= PROGRAM_BASE && end <= USER_END);
    CHECK(!segment->writable || !segment->executable);
    CHECK(segment->file_size == 0 || segment->address % PAGE_SIZE == segment->file_offset % PAGE_SIZE);
}

static bool have_a_page_in_common(const struct elf_segment *one, const struct elf_segment *other)
{
    uint32_t one_last = (one->address + one->memory_size - 1) / PAGE_SIZE;
    uint32_t other_last = (other->address + other->memory_size - 1) / PAGE_SIZE;

    return one->address / PAGE_SIZE <= other_last && other->address / PAGE_SIZE <= one_last;
}

/* What spawn.c relies on. */
static void check_program(const struct elf_program *program, size_t size)
{
    bool entry_is_code = false;
    uint32_t end = 0;

    CHECK(program->segment_count > 0 && program->segment_count <= ELF_SEGMENTS_MAX);
    for (uint32_t i = 0; i < program->segment_count; i++) {
        const struct elf_segment *segment = &program->segments[i];

        check_segment(segment);
        for (uint32_t other = 0; other < i; other++) {
            CHECK(!have_a_page_in_common(segment, &program->segments[other]));
        }
        entry_is_code |= segment->executable && program->entry >= segment->address
            && program->entry < segment->address + segment->file_size;
        if (segment->address + segment->memory_size > end) {
            end = segment->address + segment->memory_size;
        }
    }
    CHECK(entry_is_code);
    CHECK((uint64_t)program->notes_offset + program->notes_size <= size);
    CHECK_EQUAL(program->end, end);
}

status_t elf_image_check(const uint8_t *bytes, size_t size, enum elf_reason *reason_out)
{
    struct memory_source memory = { { .read = read_memory, .size = (uint32_t)size }, bytes };
    struct elf_program program;
    struct elf_program untouched;

    memset(&program, 0x5A, sizeof program);
    memset(&untouched, 0x5A, sizeof untouched);
    *reason_out = ELF_REASON_COUNT;
    status_t status = elf_parse(&memory.source, &program, reason_out);
    if (status == OK) {
        CHECK_EQUAL(*reason_out, ELF_FINE);
        check_program(&program, size);
    } else {
        CHECK_EQUAL(status, BAD_IMAGE);
        CHECK(*reason_out > ELF_FINE && *reason_out < ELF_REASON_COUNT);
        CHECK(memcmp(&program, &untouched, sizeof program) == 0);
    }
    return status;
}

#define MARK_OFFSET 0x2600U

struct elf_image elf_image_with_library(void)
{
    struct elf_image image = elf_image_good();

    image.header.entry += 0x100000;
    image.segments[0].virtual_address += 0x100000;
    image.segments[1].virtual_address += 0x100000;
    image.header.program_header_count = 4;
    image.segments[3] = (struct elf_image_segment){ 3, MARK_OFFSET, 0, 0, ELF_MARK_MAX, 0, 4, 1 };
    return image;
}

struct elf_image elf_image_library(uint32_t address)
{
    struct elf_image image = elf_image_with_library();

    image.header.entry = 0;
    image.segments[0].virtual_address = address;
    image.segments[1].virtual_address = address + 0x1000;
    return image;
}

void elf_image_write_mark(const struct elf_image *image, const char mark[ELF_MARK_MAX], uint8_t bytes[ELF_IMAGE_SIZE_MAX])
{
    (void)elf_image_write(image, bytes);
    memcpy(bytes + MARK_OFFSET, mark, ELF_MARK_MAX);
}

status_t elf_image_check_library(const uint8_t *program, size_t program_size, const uint8_t *library, size_t library_size,
                                 enum elf_reason *reason_out)
{
    struct memory_source first = { { .read = read_memory, .size = (uint32_t)program_size }, program };
    struct memory_source second = { { .read = read_memory, .size = (uint32_t)library_size }, library };
    struct elf_program both, alone;
    char mark[ELF_MARK_MAX];

    memset(&both, 0x5A, sizeof both);
    CHECK_EQUAL(elf_parse(&first.source, &both, reason_out), OK);
    memcpy(&alone, &both, sizeof both);
    status_t status = elf_mark(&first.source, &both, mark);
    CHECK_EQUAL(status, both.mark_size > ELF_MARK_MAX ? BAD_IMAGE : OK);
    if (status == OK) {
        status = elf_add_library(&second.source, mark, &both, reason_out);
    }
    if (status == OK) {
        CHECK_EQUAL(*reason_out, ELF_FINE);
        CHECK(both.segment_count >= alone.segment_count && both.entry == alone.entry);
        CHECK(both.notes_offset == alone.notes_offset && both.notes_size == alone.notes_size);
        check_program(&both, program_size);
    } else {
        CHECK_EQUAL(status, BAD_IMAGE);
        CHECK(memcmp(&both, &alone, sizeof both) == 0);
    }
    return status;
}
