/* Programs that were linked to a library, which is a boot module: they have its text and data, or do not start, and the reason is said. */
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/system.h>

#include "files.h"
#include "module_image.h"
#include "tiny_image.h"

#define LIBRARY "lib/libc"
#define MARK_MAX 64U             /* bytes that the kernel compares */
#define ABOVE 0x00800000U        /* where the programs here begin: behind the library */
#define LETTER_OF_ELF 1U         /* in the first page of every image: 'E' */

struct library {
    const uint8_t *bytes;
    const struct elf_program_header *text, *data, *mark;
};

static struct library library(void)
{
    uint32_t size;
    struct library library = { .bytes = module_map_named(LIBRARY, &size) };

    const struct elf_header *header = (const struct elf_header *)library.bytes;
    const struct elf_program_header *segment = (const struct elf_program_header *)(library.bytes + header->program_headers_offset);
    for (uint32_t i = 0; i < header->program_header_count; i++, segment++) {
        if (segment->type == ELF_SEGMENT_INTERPRETER) {
            library.mark = segment;
        } else if (segment->type == ELF_SEGMENT_LOAD && (segment->flags & ELF_WRITE) == 0) {
            library.text = segment;
        } else if (segment->type == ELF_SEGMENT_LOAD) {
            library.data = segment;
        }
    }
    EXPECT(library.mark != NULL && library.text != NULL && library.data != NULL);
    return library;
}

/* A program that was linked to what has this mark. */
static struct tiny_image program(const void *mark, uint32_t mark_size)
{
    struct tiny_image image = tiny_image();

    image.header.entry += ABOVE - PROGRAM_BASE;
    image.segments[0].virtual_address = ABOVE;
    image.segments[1] = (struct elf_program_header){
        .type = ELF_SEGMENT_INTERPRETER, .offset = TINY_SIZE - mark_size, .file_size = mark_size,
    };
    memcpy((uint8_t *)&image + TINY_SIZE - mark_size, mark, mark_size);
    return image;
}

static struct tiny_image good_program(const struct library *library)
{
    return program(library->bytes + library->mark->offset, library->mark->file_size);
}

/* Its code: two instructions (of three bytes at most, NOP before them) at one address, then the end with what is in EBX. */
static void set_code(struct tiny_image *image, const uint8_t first[3], const uint8_t second[3], uint32_t address)
{
    static const uint8_t end[] = { 0xB8, SYSCALL_PROCESS_EXIT, 0, 0, 0, 0xCD, 0x80 }; /* mov eax, number; int 80h */

    memcpy(image->code, first, 3);
    memcpy(image->code + 3, &address, sizeof address);
    memcpy(image->code + 7, second, 3);
    memcpy(image->code + 10, &address, sizeof address);
    memcpy(image->code + 14, end, sizeof end);
}

static const uint8_t increment[3] = { 0x90, 0xFF, 0x05 };  /* inc dword [address] */
static const uint8_t read_byte[3] = { 0x0F, 0xB6, 0x1D };  /* movzx ebx, byte [address] */

static uint32_t run(const struct tiny_image *image)
{
    process_id_t id;

    EXPECT_OK(tiny_spawn(image, sizeof *image, &id, NULL));
    return test_wait_exit(id);
}

static void expect_refused(const struct tiny_image *image, elf_reason_t reason_expected)
{
    elf_reason_t reason;
    process_id_t id;

    EXPECT_STATUS(BAD_IMAGE, tiny_spawn(image, sizeof *image, &id, &reason));
    EXPECT_EQUAL(reason_expected, reason);
}

static void program_has_its_library(void)
{
    struct library library_of_all = library();
    struct tiny_image image = good_program(&library_of_all);

    EXPECT_EQUAL(TINY_EXIT, run(&image));
    set_code(&image, read_byte, read_byte, library_of_all.text->virtual_address + LETTER_OF_ELF);
    EXPECT_EQUAL('E', run(&image));
}

static void text_of_a_library_is_written_by_nobody(void)
{
    struct library library_of_all = library();
    struct tiny_image image = good_program(&library_of_all);

    set_code(&image, increment, read_byte, library_of_all.text->virtual_address);
    EXPECT_EQUAL(EXIT_FAULT | 14, run(&image));
}

static void data_of_a_library_is_each_programs_own(void)
{
    struct library library_of_all = library();
    struct tiny_image image = good_program(&library_of_all);
    uint32_t last_word = (library_of_all.data->virtual_address + library_of_all.data->memory_size - 4) & ~3U;

    EXPECT(library_of_all.data->memory_size > library_of_all.data->file_size + 4);
    set_code(&image, increment, read_byte, last_word);
    EXPECT_EQUAL(1, run(&image));
    EXPECT_EQUAL(1, run(&image));
}

/* 0: it has ended already. A driver's time comes first, but others have a tick now and then. */
static uint32_t frames_at_start(const struct tiny_image *image)
{
    struct process_information information;
    process_id_t id;

    EXPECT_OK(tiny_spawn(image, sizeof *image, &id, NULL));
    status_t status = process_information(id, &information);
    (void)test_wait_exit(id);
    return status == OK ? information.frames : 0;
}

static uint32_t frames_of(const struct tiny_image *image)
{
    for (;;) {
        uint32_t frames = frames_at_start(image);

        if (frames > 0) {
            return frames;
        }
    }
}

static void text_of_a_library_is_in_memory_once(void)
{
    struct library library_of_all = library();
    const struct elf_program_header *data = library_of_all.data;
    struct tiny_image alone = good_program(&library_of_all);
    struct tiny_image both = alone;
    uint32_t data_pages = PAGES(data->virtual_address % PAGE_SIZE + data->memory_size);

    alone.segments[1].type = ELF_SEGMENT_NOTE;
    /* Page tables are the same: the library's is the stack's, too. */
    EXPECT_EQUAL(frames_of(&alone) + data_pages, frames_of(&both));
    EXPECT(library_of_all.text->memory_size > 20 * PAGE_SIZE);
}

static void any_other_mark_is_refused(void)
{
    struct library library_of_all = library();
    const uint8_t *mark = library_of_all.bytes + library_of_all.mark->offset;
    char longer[MARK_MAX + 1] = "";

    for (uint32_t i = 0; i < library_of_all.mark->file_size; i++) {
        struct tiny_image image = good_program(&library_of_all);

        ((uint8_t *)&image)[TINY_SIZE - library_of_all.mark->file_size + i] ^= 0x20;
        expect_refused(&image, ELF_NO_LIBRARY);
    }
    EXPECT(library_of_all.mark->file_size < MARK_MAX);
    memcpy(longer, mark, library_of_all.mark->file_size);
    struct tiny_image zeroes = program(longer, MARK_MAX);
    EXPECT_EQUAL(TINY_EXIT, run(&zeroes));
    struct tiny_image too_long = program(longer, MARK_MAX + 1);
    expect_refused(&too_long, ELF_NO_LIBRARY);
    struct tiny_image too_short = program(mark, library_of_all.mark->file_size - 1);
    expect_refused(&too_short, ELF_NO_LIBRARY);
}

static void what_is_no_library_is_refused(void)
{
    static const char program_name[] = "a\\log", text_name[] = "init.list", without_mark[] = "vfs.elf";
    struct tiny_image image = program(program_name, sizeof program_name);

    expect_refused(&image, ELF_NO_LIBRARY);
    image = program(text_name, sizeof text_name);
    expect_refused(&image, ELF_NOT_ELF);
    image = program(without_mark, sizeof without_mark);
    expect_refused(&image, ELF_NO_LIBRARY);
}

static void program_cannot_lie_where_its_library_does(void)
{
    struct library library_of_all = library();
    struct tiny_image image = good_program(&library_of_all);

    image.segments[0].virtual_address = library_of_all.data->virtual_address & ~(PAGE_SIZE - 1);
    image.header.entry = image.segments[0].virtual_address + offsetof(struct tiny_image, code);
    expect_refused(&image, ELF_OVERLAP);
}

static void refused_programs_leave_nothing(void)
{
    struct library library_of_all = library();
    struct tiny_image image = good_program(&library_of_all);
    struct test_ledger before;

    test_ledger_take(&before);
    image.segments[1].file_size--;
    expect_refused(&image, ELF_NO_LIBRARY);
    image.segments[1].file_size++;
    image.segments[0].virtual_address = PROGRAM_BASE;
    image.header.entry = PROGRAM_BASE + offsetof(struct tiny_image, code);
    expect_refused(&image, ELF_OVERLAP);
    test_ledger_expect_same(&before);
}

const struct test libraries_tests[] = {
    TEST(CLASS_SERVER, program_has_its_library),
    TEST(CLASS_SERVER, text_of_a_library_is_written_by_nobody),
    TEST(CLASS_SERVER, data_of_a_library_is_each_programs_own),
    TEST(CLASS_DRIVER, text_of_a_library_is_in_memory_once),
    TEST(CLASS_SERVER, any_other_mark_is_refused),
    TEST(CLASS_SERVER, what_is_no_library_is_refused),
    TEST(CLASS_SERVER, program_cannot_lie_where_its_library_does),
    TEST(CLASS_SERVER, refused_programs_leave_nothing),
};
const uint32_t libraries_test_count = COUNT(libraries_tests);
const struct role libraries_roles[] = {};
const uint32_t libraries_role_count = COUNT(libraries_roles);
