/* The ELF loader: every reason to refuse, every length, and damage of all kinds. */
#include "elf.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <abi/system.h>

#include "elf_image.h"
#include "test.h"

#define MUTATIONS 20000U         /* of each image */

static uint8_t bytes[ELF_IMAGE_SIZE_MAX];

static enum elf_reason reason_of(const struct elf_image *image)
{
    enum elf_reason reason;
    uint32_t size = elf_image_write(image, bytes);
    status_t status = elf_image_check(bytes, size, &reason);

    CHECK_EQUAL(status, reason == ELF_FINE ? OK : BAD_IMAGE);
    return reason;
}

/* What the loader says of the good image after one change. */
#define CHECK_REASON(change, reason) \
    do { \
        struct elf_image image = elf_image_good(); \
        struct elf_image_header *header = &image.header; \
        struct elf_image_segment *text = &image.segments[0]; \
        struct elf_image_segment *data = &image.segments[1]; \
        (void)header, (void)text, (void)data; \
        change; \
        CHECK_EQUAL(reason_of(&image), reason); \
    } while (0)

static void good_image_is_taken_as_it_is(void)
{
    struct elf_image image = elf_image_good();

    CHECK_EQUAL(reason_of(&image), ELF_FINE);
    CHECK_REASON(header->program_headers = 0x2700; header->program_header_count = 2, ELF_FINE);
    CHECK_REASON(header->header_size = 64, ELF_FINE);
    CHECK_REASON(text->memory_size = 0x1000 - 1; text->file_size = 0x11, ELF_FINE);
    CHECK_REASON(data->virtual_address = USER_END - 0x3000, ELF_FINE);
    CHECK_REASON(data->file_size = 0; data->offset = 0x123, ELF_FINE);
    CHECK_REASON(data->memory_size = 0; data->file_size = 0; data->flags = 7, ELF_FINE);
    CHECK_REASON(header->entry = PROGRAM_BASE + 0xFFF, ELF_FINE);
    CHECK_REASON(data->virtual_address = PROGRAM_BASE; text->virtual_address = PROGRAM_BASE + 0x3000;
                 header->entry = text->virtual_address, ELF_FINE);
}

static void each_fault_of_the_header_has_its_reason(void)
{
    for (uint32_t i = 0; i < 4; i++) {
        CHECK_REASON(header->identification[i] ^= 1, ELF_NOT_ELF);
    }
    CHECK_REASON(header->identification[4] = 2, ELF_NOT_I386);
    CHECK_REASON(header->identification[5] = 2, ELF_NOT_I386);
    CHECK_REASON(header->machine = 62, ELF_NOT_I386);
    CHECK_REASON(header->machine = 6, ELF_NOT_I386);
    for (uint16_t type = 0; type < 6; type++) {
        CHECK_REASON(header->type = type, type == 2 ? ELF_FINE : ELF_NOT_EXECUTABLE);
    }
    CHECK_REASON(header->identification[6] = 0, ELF_BAD_HEADER);
    CHECK_REASON(header->version = 2, ELF_BAD_HEADER);
    CHECK_REASON(header->header_size = 51, ELF_BAD_HEADER);
    CHECK_REASON(header->program_header_size = 31, ELF_BAD_HEADER);
    CHECK_REASON(header->program_header_size = 56, ELF_BAD_HEADER);
    CHECK_REASON(header->program_header_count = ELF_PROGRAM_HEADERS_MAX + 1, ELF_BAD_HEADER);
    CHECK_REASON(header->program_header_count = UINT16_MAX, ELF_BAD_HEADER);
    CHECK_REASON(header->program_header_count = 0, ELF_NO_SEGMENT);
    CHECK_REASON(header->program_headers = UINT32_MAX - 10, ELF_TRUNCATED);
    CHECK_REASON(header->program_headers = image.size - 3 * 32 + 1, ELF_TRUNCATED);
    CHECK_REASON(header->entry = PROGRAM_BASE - 1, ELF_BAD_ENTRY);
    CHECK_REASON(header->entry = PROGRAM_BASE + 0x1000, ELF_BAD_ENTRY);
    CHECK_REASON(header->entry = 0, ELF_BAD_ENTRY);
}

static void each_fault_of_a_segment_has_its_reason(void)
{
    CHECK_REASON(text->memory_size = text->file_size - 1, ELF_BAD_SEGMENT_SIZE);
    CHECK_REASON(data->memory_size = -data->virtual_address, ELF_BAD_SEGMENT_SIZE);
    CHECK_REASON(data->memory_size = UINT32_MAX, ELF_BAD_SEGMENT_SIZE);
    CHECK_REASON(text->offset = image.size + 1, ELF_TRUNCATED);
    CHECK_REASON(text->offset = UINT32_MAX - 0xFFF, ELF_TRUNCATED);
    CHECK_REASON(data->offset = image.size - 0x6FF, ELF_TRUNCATED);
    CHECK_REASON(text->virtual_address = PROGRAM_BASE - 0x1000, ELF_BAD_SEGMENT_ADDRESS);
    CHECK_REASON(text->virtual_address = 0, ELF_BAD_SEGMENT_ADDRESS);
    CHECK_REASON(data->virtual_address = USER_END, ELF_BAD_SEGMENT_ADDRESS);
    CHECK_REASON(data->virtual_address = USER_END - 0x2000, ELF_BAD_SEGMENT_ADDRESS);
    CHECK_REASON(data->memory_size = USER_END - data->virtual_address + 1, ELF_BAD_SEGMENT_ADDRESS);
    CHECK_REASON(data->virtual_address += 4, ELF_UNALIGNED_SEGMENT);
    CHECK_REASON(text->flags = 7, ELF_WRITABLE_TEXT);
    CHECK_REASON(text->flags = 4, ELF_BAD_ENTRY);
    CHECK_REASON(text->file_size = 0x10, ELF_BAD_ENTRY);
    CHECK_REASON(text->type = 6, ELF_BAD_ENTRY);
    CHECK_REASON(text->type = 2, ELF_NOT_EXECUTABLE);
    CHECK_REASON(image.segments[2].type = 3, ELF_FINE);
    CHECK_REASON(image.segments[2].type = 3; image.segments[2].offset = image.size, ELF_TRUNCATED);
    CHECK_REASON(header->program_header_count = 1; text->type = 4, ELF_NO_SEGMENT);
}

static void segments_with_a_page_in_common_are_refused(void)
{
    CHECK_REASON(data->virtual_address = text->virtual_address, ELF_OVERLAP);
    CHECK_REASON(text->memory_size = 0x1001, ELF_OVERLAP);
    CHECK_REASON(data->virtual_address = text->virtual_address + 0xFFC; data->offset = 0x1FFC, ELF_OVERLAP);
    CHECK_REASON(data->virtual_address = PROGRAM_BASE; text->virtual_address = PROGRAM_BASE + 0x2FFF; text->offset = 0xFFF,
                 ELF_OVERLAP);
    CHECK_REASON(data->memory_size = USER_END - data->virtual_address; image.segments[2] = *data;
                 image.segments[2].virtual_address = USER_END - 1; image.segments[2].file_size = 0;
                 image.segments[2].memory_size = 1, ELF_OVERLAP);
}

static void as_many_segments_as_the_kernel_takes_and_no_more(void)
{
    for (uint32_t count = 1; count <= ELF_PROGRAM_HEADERS_MAX; count++) {
        struct elf_image image = elf_image_good();

        image.header.program_header_count = (uint16_t)count;
        for (uint32_t i = 1; i < count; i++) {
            image.segments[i] = (struct elf_image_segment){ 1, 0x1000, PROGRAM_BASE + i * 0x1000, 0, 1, 0x1000, 4, 0x1000 };
        }
        CHECK_EQUAL(reason_of(&image), count <= ELF_SEGMENTS_MAX ? ELF_FINE : ELF_TOO_MANY_SEGMENTS);
    }
}

/* In a block of its own, so that the address sanitizer sees a read behind its end. */
static status_t check_copy(const uint8_t *image, size_t size, enum elf_reason *reason_out)
{
    uint8_t *copy = malloc(size + 1);

    memcpy(copy, image, size);
    status_t status = elf_image_check(copy, size, reason_out);
    free(copy);
    return status;
}

static void image_cut_at_any_byte_is_refused_as_cut(void)
{
    struct elf_image image = elf_image_good();
    uint32_t whole = image.size; /* the end of the notes */
    enum elf_reason reason;

    elf_image_write(&image, bytes);
    for (uint32_t size = 0; size <= image.size; size++) {
        status_t status = check_copy(bytes, size, &reason);

        CHECK_EQUAL(status, size < whole ? BAD_IMAGE : OK);
        CHECK_EQUAL(reason, size < whole ? ELF_TRUNCATED : ELF_FINE);
    }
}

static uint32_t reads_before_fault;

static status_t read_until_fault(const struct elf_source *source, uint32_t offset, void *to, uint32_t size)
{
    CHECK(offset <= source->size && size <= source->size - offset);
    memcpy(to, bytes + offset, size);
    return reads_before_fault-- == 0 ? BAD_ADDRESS : OK;
}

static void memory_that_goes_away_meanwhile_is_a_bad_address(void)
{
    struct elf_image image = elf_image_good();
    struct elf_source source = { .read = read_until_fault, .size = elf_image_write(&image, bytes) };
    uint32_t fault = 0;

    for (;; fault++) {
        struct elf_program program = { .segment_count = 77 };
        enum elf_reason reason;

        reads_before_fault = fault;
        status_t status = elf_parse(&source, &program, &reason);
        CHECK_EQUAL(reason, ELF_FINE);
        if (status == OK) {
            break;
        }
        CHECK_EQUAL(status, BAD_ADDRESS);
        CHECK_EQUAL(program.segment_count, 77);
    }
    CHECK_EQUAL(fault, 4);       /* the header and three program headers */
}

static uint8_t times_read[ELF_IMAGE_SIZE_MAX];

static status_t read_counting(const struct elf_source *source, uint32_t offset, void *to, uint32_t size)
{
    (void)source;
    memcpy(to, bytes + offset, size);
    for (uint32_t i = offset; i < offset + size; i++) {
        times_read[i]++;
    }
    return OK;
}

static void no_byte_is_read_twice(void)
{
    struct elf_image image = elf_image_good();
    struct elf_source source = { .read = read_counting, .size = elf_image_write(&image, bytes) };
    struct elf_program program;
    enum elf_reason reason;

    CHECK_EQUAL(elf_parse(&source, &program, &reason), OK);
    for (uint32_t i = 0; i < image.size; i++) {
        CHECK(times_read[i] <= 1);
    }
}

/* Where the header and the program headers are, single bytes; there too, whole words to edges; anywhere, anything. */
static void mutate(uint8_t *image, uint32_t size)
{
    for (uint32_t i = 1 + random_below(4); i > 0; i--) {
        uint32_t at = random_one_in(8) ? random_below(size) : random_below(size < 340 ? size : 340);
        uint32_t value = random_one_in(2) ? random_edgy() : PROGRAM_BASE + random_edgy();

        if (random_one_in(2)) {
            image[at] = (uint8_t)random_next();
        } else if (at / 4 * 4 + 4 <= size) {
            memcpy(image + at / 4 * 4, &value, sizeof value);
        }
    }
}

static void damage(const uint8_t *image, uint32_t size)
{
    uint8_t *copy = malloc(size);
    uint32_t taken = 0;

    for (uint32_t round = 0; round < MUTATIONS; round++) {
        enum elf_reason reason;

        if (round % 4 == 0) {
            memcpy(copy, image, size);
        }
        mutate(copy, size);
        taken += elf_image_check(copy, size, &reason) == OK;
    }
    CHECK(taken > 0);            /* or else nothing that matters was tried */
    free(copy);
}

static void damaged_image_is_refused_or_can_be_loaded_safely(void)
{
    struct elf_image image = elf_image_good();
    uint32_t size = elf_image_write(&image, bytes);

    for (uint32_t i = 0; i < 8; i++) {
        damage(bytes, size);
    }
}

/* The programs that were built beside this one, if they were. */
static void damaged_programs_of_the_system_are_refused_or_can_be_loaded_safely(void)
{
    static uint8_t image[1U << 21];
    char folder[512];
    char path[1024];
    ssize_t length = readlink("/proc/self/exe", folder, sizeof folder - 32);
    enum elf_reason reason;

    CHECK(length > 0);
    folder[length] = '\0';
    strcpy(strrchr(folder, '/') + 1, "../../modules");
    DIR *modules = opendir(folder);
    for (struct dirent *entry; modules != NULL && (entry = readdir(modules)) != NULL;) {
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        FILE *file = strstr(entry->d_name, ".elf") == NULL ? NULL : fopen(path, "rb");
        if (file == NULL) {
            continue;
        }
        uint32_t size = (uint32_t)fread(image, 1, sizeof image, file);
        fclose(file);
        if (check_copy(image, size, &reason) != OK) {
            FAIL("%s is refused, reason %u", path, reason);
        }
        damage(image, size);
    }
    if (modules != NULL) {
        closedir(modules);
    }
}

#define MARK "lib/libc\0build 1"

static uint8_t library_bytes[ELF_IMAGE_SIZE_MAX];

/* What becomes of a program and a library with these marks. */
static status_t put_together(const struct elf_image *program, const struct elf_image *library, const char *mark, uint32_t size,
                             enum elf_reason *reason_out)
{
    char of_program[ELF_MARK_MAX] = MARK;
    char of_library[ELF_MARK_MAX] = "";

    memcpy(of_library, mark, size);
    elf_image_write_mark(program, of_program, bytes);
    elf_image_write_mark(library, of_library, library_bytes);
    return elf_image_check_library(bytes, program->size, library_bytes, library->size, reason_out);
}

/* What the loader says of the library after one change. */
#define CHECK_LIBRARY(change, wanted_status, wanted_reason) \
    do { \
        struct elf_image program = elf_image_with_library(); \
        struct elf_image library = elf_image_library(PROGRAM_BASE); \
        enum elf_reason reason; \
        change; \
        CHECK_EQUAL(put_together(&program, &library, MARK, sizeof MARK, &reason), wanted_status); \
        CHECK_EQUAL(reason, wanted_reason); \
    } while (0)

static void library_becomes_a_part_of_its_program(void)
{
    CHECK_LIBRARY((void)0, OK, ELF_FINE);
    CHECK_LIBRARY(library = elf_image_library(PROGRAM_BASE + 0x200000), OK, ELF_FINE);
    CHECK_LIBRARY(library.segments[2].type = 1; library.segments[2].memory_size = 0x100;
                  library.segments[2].virtual_address = USER_END - 0x900, OK, ELF_FINE);
}

/* Behind the mark so many empty pages. */
static void set_segments(struct elf_image *library, uint32_t count)
{
    library->segments[0] = library->segments[3];
    for (uint32_t i = 1; i <= count; i++) {
        library->segments[i] = (struct elf_image_segment){ 1, 0, PROGRAM_BASE + i * 0x1000, 0, 0, 1, 4, 0 };
    }
    library->header.program_header_count = (uint16_t)(1 + count);
}

static void library_is_checked_like_a_program(void)
{
    CHECK_LIBRARY(library = elf_image_library(program.segments[0].virtual_address), BAD_IMAGE, ELF_OVERLAP);
    CHECK_LIBRARY(library.segments[1].memory_size = 0x100000, BAD_IMAGE, ELF_OVERLAP);
    CHECK_LIBRARY(library.segments[0].flags = 7, BAD_IMAGE, ELF_WRITABLE_TEXT);
    CHECK_LIBRARY(library.segments[0].offset = library.size, BAD_IMAGE, ELF_TRUNCATED);
    CHECK_LIBRARY(library.size = 51, BAD_IMAGE, ELF_TRUNCATED);
    CHECK_LIBRARY(library.header.machine = 6, BAD_IMAGE, ELF_NOT_I386);
    CHECK_LIBRARY(library.segments[2].type = 2, BAD_IMAGE, ELF_NOT_EXECUTABLE);
    CHECK_LIBRARY(set_segments(&library, ELF_SEGMENTS_MAX - 2), OK, ELF_FINE);
    CHECK_LIBRARY(set_segments(&library, ELF_SEGMENTS_MAX - 1), BAD_IMAGE, ELF_TOO_MANY_SEGMENTS);
}

static void library_of_another_mark_is_refused(void)
{
    struct elf_image program = elf_image_with_library();
    struct elf_image library = elf_image_library(PROGRAM_BASE);
    enum elf_reason reason;

    for (uint32_t i = 0; i < ELF_MARK_MAX; i++) {
        char mark[ELF_MARK_MAX] = MARK;

        CHECK_EQUAL(put_together(&program, &library, mark, sizeof mark, &reason), OK);
        mark[i] ^= 1;
        CHECK_EQUAL(put_together(&program, &library, mark, sizeof mark, &reason), BAD_IMAGE);
        CHECK_EQUAL(reason, ELF_FINE);
    }
    CHECK_LIBRARY(library.segments[3].type = 6, BAD_IMAGE, ELF_FINE);
    CHECK_LIBRARY(library.segments[3].file_size--; library.segments[3].offset++, BAD_IMAGE, ELF_FINE);
    CHECK_LIBRARY(library.segments[3].file_size++, BAD_IMAGE, ELF_FINE);
    CHECK_LIBRARY(program.segments[3].file_size++, BAD_IMAGE, ELF_FINE);
    /* Zeroes at its end do not count. */
    CHECK_LIBRARY(program.segments[3].file_size = sizeof MARK, OK, ELF_FINE);
}

static void damaged_library_is_refused_or_can_be_loaded_safely(void)
{
    struct elf_image program = elf_image_with_library();
    struct elf_image library = elf_image_library(PROGRAM_BASE);
    uint8_t *copy = malloc(library.size);
    char mark[ELF_MARK_MAX] = MARK;
    uint32_t taken = 0;

    elf_image_write_mark(&program, mark, bytes);
    elf_image_write_mark(&library, mark, library_bytes);
    for (uint32_t round = 0; round < 4 * MUTATIONS; round++) {
        enum elf_reason reason;

        if (round % 4 == 0) {
            memcpy(copy, library_bytes, library.size);
        }
        mutate(copy, library.size);
        taken += elf_image_check_library(bytes, program.size, copy, library.size, &reason) == OK;
    }
    CHECK(taken > 0);
    free(copy);
}

static const struct test tests[] = {
    TEST(good_image_is_taken_as_it_is),
    TEST(each_fault_of_the_header_has_its_reason),
    TEST(each_fault_of_a_segment_has_its_reason),
    TEST(segments_with_a_page_in_common_are_refused),
    TEST(as_many_segments_as_the_kernel_takes_and_no_more),
    TEST(image_cut_at_any_byte_is_refused_as_cut),
    TEST(memory_that_goes_away_meanwhile_is_a_bad_address),
    TEST(no_byte_is_read_twice),
    TEST(damaged_image_is_refused_or_can_be_loaded_safely),
    TEST(library_becomes_a_part_of_its_program),
    TEST(library_is_checked_like_a_program),
    TEST(library_of_another_mark_is_refused),
    TEST(damaged_library_is_refused_or_can_be_loaded_safely),
    TEST(damaged_programs_of_the_system_are_refused_or_can_be_loaded_safely),
};
TEST_MAIN(tests)
