/* Images that are damaged by mistake or made up by malice: process_spawn says what is wrong, and nothing else happens. */
#include <ternion/clock.h>
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall_table.h>

#include "files.h"
#include "tiny_image.h"

#define PATIENCE_NS (50 * MILLISECOND)
#define RANDOM_IMAGES 3000U
#define SEED 20000101U

/* Starts an image, and ends it if it does not end: what a damaged program does is its own affair. The status. */
static status_t try_image(const void *image, uint32_t size, elf_reason_t *reason_out)
{
    process_id_t id;
    struct event event;

    status_t status = tiny_spawn(image, size, &id, reason_out);
    if (status != OK) {
        return status;
    }
    if (event_wait(&event, clock_after(PATIENCE_NS)) == TIMED_OUT) {
        status_t ended = process_terminate(id, 0);
        EXPECT(ended == OK || ended == BAD_ID);
        EXPECT_OK(event_wait(&event, clock_after(PATIENCE_NS)));
    }
    EXPECT_EQUAL(EVENT_PROCESS_EXITED, event.kind);
    EXPECT_EQUAL(id, event.id);
    return OK;
}

/* Does the answer fit together? A damaged image may be too large for its grant, but asks for nothing else. */
static void expect_sound(status_t status, elf_reason_t reason, const char *what, uint32_t where)
{
    bool sound = status == BAD_IMAGE ? reason > ELF_FINE && reason < ELF_REASON_COUNT
                                     : reason == ELF_FINE && (status == OK || status == OVER_QUOTA);

    if (!sound) {
        EXPECT_NOT("%s %u: %s, reason %u", what, where, status_name(status), reason);
    }
}

static void whole_image_runs(void)
{
    struct tiny_image image = tiny_image();
    process_id_t id;

    EXPECT_OK(tiny_spawn(&image, sizeof image, &id, NULL));
    EXPECT_EQUAL(TINY_EXIT, test_wait_exit(id));
}

/* ---- Each reason ---- */

static void damage_magic(struct tiny_image *image)
{
    image->header.identification[3] = 'X';
}

static void damage_class(struct tiny_image *image)
{
    image->header.identification[4] = 2;
}

static void damage_byte_order(struct tiny_image *image)
{
    image->header.identification[5] = 2;
}

static void damage_machine(struct tiny_image *image)
{
    image->header.machine = 62;
}

static void damage_type(struct tiny_image *image)
{
    image->header.type = 3;
}

static void damage_dynamic(struct tiny_image *image)
{
    image->segments[1].type = ELF_SEGMENT_DYNAMIC;
}

static void damage_interpreter(struct tiny_image *image)
{
    image->segments[1].type = ELF_SEGMENT_INTERPRETER;
    image->segments[1].file_size = 16;
}

static void damage_version(struct tiny_image *image)
{
    image->header.version = 0;
}

static void damage_header_size(struct tiny_image *image)
{
    image->header.header_size = 0;
}

static void damage_entry_size(struct tiny_image *image)
{
    image->header.program_header_size = 0;
}

static void damage_count_most(struct tiny_image *image)
{
    image->header.program_header_count = 0xFFFF;
}

static void damage_count_none(struct tiny_image *image)
{
    image->header.program_header_count = 0;
}

static void damage_notes_only(struct tiny_image *image)
{
    image->segments[0].type = ELF_SEGMENT_NOTE;
    image->segments[1].type = ELF_SEGMENT_NOTE;
}

static void damage_table_offset(struct tiny_image *image)
{
    image->header.program_headers_offset = TINY_SIZE - 4;
}

static void damage_table_offset_most(struct tiny_image *image)
{
    image->header.program_headers_offset = 0xFFFFFFF0;
}

static void damage_segment_offset(struct tiny_image *image)
{
    image->segments[0].offset = 0xFFFFF000;
}

static void damage_file_size(struct tiny_image *image)
{
    image->segments[0].file_size = TINY_SIZE + 1;
    image->segments[0].memory_size = TINY_SIZE + 1;
}

static void damage_file_over_memory(struct tiny_image *image)
{
    image->segments[0].memory_size = TINY_SIZE - 1;
}

static void damage_wrap(struct tiny_image *image)
{
    image->segments[1].virtual_address = 0xFFFFF000;
    image->segments[1].memory_size = 0x2000;
}

static void damage_memory_most(struct tiny_image *image)
{
    image->segments[1].memory_size = 0xFFFFFFFF;
}

static void damage_page_zero(struct tiny_image *image)
{
    image->segments[0].virtual_address = 0;
}

static void damage_fact_pages(struct tiny_image *image)
{
    image->segments[1].virtual_address = SYSTEM_PAGE;
}

static void damage_stack(struct tiny_image *image)
{
    image->segments[1].virtual_address = STACK_TOP - PAGE_SIZE;
}

static void damage_kernel(struct tiny_image *image)
{
    image->segments[1].virtual_address = USER_END;
}

static void damage_into_kernel(struct tiny_image *image)
{
    image->segments[1].virtual_address = USER_END - PAGE_SIZE;
    image->segments[1].memory_size = PAGE_SIZE + 1;
}

static void damage_alignment(struct tiny_image *image)
{
    image->segments[0].virtual_address += 16;
}

static void damage_overlap(struct tiny_image *image)
{
    image->segments[1].virtual_address = PROGRAM_BASE + TINY_SIZE;
}

static void damage_inclusion(struct tiny_image *image)
{
    image->segments[1].virtual_address = PROGRAM_BASE;
    image->segments[1].memory_size = 0x10000;
}

static void damage_rights(struct tiny_image *image)
{
    image->segments[0].flags |= ELF_WRITE;
}

static void damage_entry_zero(struct tiny_image *image)
{
    image->header.entry = 0;
}

static void damage_entry_data(struct tiny_image *image)
{
    image->header.entry = PROGRAM_BASE + PAGE_SIZE;
}

static void damage_entry_behind(struct tiny_image *image)
{
    image->header.entry = PROGRAM_BASE + TINY_SIZE;
}

static void damage_entry_kernel(struct tiny_image *image)
{
    image->header.entry = USER_END + 0x100000;
}

/* A note that is the manifest by its name, and has another size. System V ABI, chapter 5, "Note Section". */
static void damage_manifest(struct tiny_image *image)
{
    static const struct {
        uint32_t name_size, description_size, type;
        char name[sizeof MANIFEST_NOTE_NAME];
        uint32_t description;
    } note = { sizeof MANIFEST_NOTE_NAME, sizeof note.description, MANIFEST_NOTE_TYPE, MANIFEST_NOTE_NAME, 0 };

    memcpy(image->code + sizeof image->code - sizeof note, &note, sizeof note);
    image->segments[1] = (struct elf_program_header){
        .type = ELF_SEGMENT_NOTE, .offset = TINY_SIZE - sizeof note, .file_size = sizeof note,
    };
}

static const struct damage {
    void (*inflict)(struct tiny_image *image);
    elf_reason_t reason;
} damages[] = {
    { damage_magic, ELF_NOT_ELF },
    { damage_class, ELF_NOT_I386 }, { damage_byte_order, ELF_NOT_I386 }, { damage_machine, ELF_NOT_I386 },
    { damage_type, ELF_NOT_EXECUTABLE }, { damage_dynamic, ELF_NOT_EXECUTABLE }, { damage_interpreter, ELF_NO_LIBRARY },
    { damage_version, ELF_BAD_HEADER }, { damage_header_size, ELF_BAD_HEADER }, { damage_entry_size, ELF_BAD_HEADER },
    { damage_count_most, ELF_BAD_HEADER },
    { damage_count_none, ELF_NO_SEGMENT }, { damage_notes_only, ELF_NO_SEGMENT },
    { damage_table_offset, ELF_TRUNCATED }, { damage_table_offset_most, ELF_TRUNCATED },
    { damage_segment_offset, ELF_TRUNCATED }, { damage_file_size, ELF_TRUNCATED },
    { damage_file_over_memory, ELF_BAD_SEGMENT_SIZE }, { damage_wrap, ELF_BAD_SEGMENT_SIZE },
    { damage_memory_most, ELF_BAD_SEGMENT_SIZE },
    { damage_page_zero, ELF_BAD_SEGMENT_ADDRESS }, { damage_fact_pages, ELF_BAD_SEGMENT_ADDRESS },
    { damage_stack, ELF_BAD_SEGMENT_ADDRESS }, { damage_kernel, ELF_BAD_SEGMENT_ADDRESS },
    { damage_into_kernel, ELF_BAD_SEGMENT_ADDRESS },
    { damage_alignment, ELF_UNALIGNED_SEGMENT },
    { damage_overlap, ELF_OVERLAP }, { damage_inclusion, ELF_OVERLAP },
    { damage_rights, ELF_WRITABLE_TEXT },
    { damage_entry_zero, ELF_BAD_ENTRY }, { damage_entry_data, ELF_BAD_ENTRY }, { damage_entry_behind, ELF_BAD_ENTRY },
    { damage_entry_kernel, ELF_BAD_ENTRY },
    { damage_manifest, ELF_BAD_MANIFEST },
};

static void damaged_images_are_refused_with_the_reason(void)
{
    for (uint32_t i = 0; i < COUNT(damages); i++) {
        struct tiny_image image = tiny_image();
        elf_reason_t reason;

        damages[i].inflict(&image);
        status_t status = try_image(&image, sizeof image, &reason);
        if (status != BAD_IMAGE || reason != damages[i].reason) {
            EXPECT_NOT("damage %u: %s, reason %u (%s) instead of %u", i, status_name(status), reason, elf_reason_meaning(reason),
                       damages[i].reason);
        }
    }
}

static void many_segments_are_refused(void)
{
    struct {
        struct elf_header header;
        struct elf_program_header segments[64];
    } image = { .header = tiny_image().header };
    uint32_t most = 0;

    image.header.entry = PROGRAM_BASE;
    for (uint32_t count = 1; count <= COUNT(image.segments); count++) {
        elf_reason_t reason;

        image.segments[count - 1] = (struct elf_program_header){
            .type = ELF_SEGMENT_LOAD, .virtual_address = PROGRAM_BASE + (count - 1) * PAGE_SIZE,
            .file_size = count == 1 ? sizeof(struct elf_header) : 0, .memory_size = PAGE_SIZE, .flags = ELF_READ | ELF_EXECUTE,
        };
        image.header.program_header_count = (uint16_t)count;
        status_t status = try_image(&image, sizeof image, &reason);
        if (status == OK) {
            EXPECT_EQUAL(most + 1, count);
            most = count;
        } else {
            EXPECT_EQUAL(BAD_IMAGE, status);
            EXPECT(reason == ELF_TOO_MANY_SEGMENTS || reason == ELF_BAD_HEADER);
        }
    }
    EXPECT(most >= 4 && most < COUNT(image.segments));
}

/* Each reason of the list must have been met: by the damages above, or by many_segments_are_refused. */
static void every_reason_has_its_damage(void)
{
    for (elf_reason_t reason = ELF_FINE + 1; reason < ELF_REASON_COUNT; reason++) {
        bool found = reason == ELF_TOO_MANY_SEGMENTS;

        for (uint32_t i = 0; i < COUNT(damages); i++) {
            found |= damages[i].reason == reason;
        }
        if (!found) {
            EXPECT_NOT("no damage gives reason %u: %s", reason, elf_reason_meaning(reason));
        }
    }
}

/* ---- Every byte ---- */

/* The image ends where its memory ends: who reads a byte too far gets BAD_ADDRESS. */
static void image_cut_short_at_any_byte_is_refused(void)
{
    struct tiny_image image = tiny_image();
    uint32_t address;

    EXPECT_OK(memory_allocate(2, 0, &address));
    EXPECT_OK(memory_free(address + PAGE_SIZE, 1));
    for (uint32_t size = 0; size < sizeof image; size++) {
        void *copy = (void *)(address + PAGE_SIZE - size);
        elf_reason_t reason;

        memcpy(copy, &image, size);
        status_t status = try_image(copy, size, &reason);
        if (status != BAD_IMAGE || reason != ELF_TRUNCATED) {
            EXPECT_NOT("cut to %u bytes: %s, reason %u", size, status_name(status), reason);
        }
    }
}

static void real_image_cut_short_at_any_page_is_refused(void)
{
    const void *image;
    uint32_t size;
    elf_reason_t reason;

    test_image(&image, &size);
    for (uint32_t cut = 1; cut < size; cut += cut < PAGE_SIZE ? 61 : PAGE_SIZE / 2 + 1) {
        EXPECT_STATUS(BAD_IMAGE, try_image(image, cut, &reason));
        EXPECT_EQUAL(ELF_TRUNCATED, reason);
    }
    EXPECT_STATUS(BAD_IMAGE, try_image(image, size - 1, &reason));
}

/* An image of which a page vanishes: what was loaded of it goes too. */
static void image_with_a_hole_is_refused(void)
{
    struct test_ledger before;
    const void *image;
    uint32_t size, copy;
    process_id_t id;

    test_image(&image, &size);
    EXPECT(size > 3 * PAGE_SIZE);
    EXPECT_OK(memory_allocate(PAGES(size), 0, &copy));
    memcpy((void *)copy, image, size);
    EXPECT_OK(memory_free(copy + 2 * PAGE_SIZE, 1));
    test_ledger_take(&before);
    struct spawn spawn = { .class = CLASS_APPLICATION, .image = (const void *)copy, .image_size = size, .grant.source = ACCESS_SAME };
    EXPECT_STATUS(BAD_ADDRESS, tiny_spawn_as(spawn, &id));
    test_ledger_expect_same(&before);
}

static void any_flipped_byte_is_survived(void)
{
    static const uint8_t flips[] = { 0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xFF };
    uint32_t refused = 0;

    for (uint32_t at = 0; at < TINY_SIZE; at++) {
        for (uint32_t i = 0; i < COUNT(flips); i++) {
            struct tiny_image image = tiny_image();
            elf_reason_t reason;

            ((uint8_t *)&image)[at] ^= flips[i];
            status_t status = try_image(&image, sizeof image, &reason);
            expect_sound(status, reason, "flipped byte", at);
            refused += status == BAD_IMAGE;
        }
    }
    EXPECT(refused > TINY_SIZE);
}

static uint32_t random_next(uint32_t *state)
{
    *state = *state * 1664525U + 1013904223U;    /* Numerical Recipes, section 7.1 */
    return *state >> 8;
}

/* Values that lie at the edges of something, put into random words of the headers. */
static void damage_at_random(struct tiny_image *image, uint32_t *state)
{
    static const uint32_t edges[] = {
        0, 1, 0x34, 0xFF, 0x1000, 0xFFFF, PROGRAM_BASE - 1, PROGRAM_BASE, PROGRAM_BASE + PAGE_SIZE, USER_END - PAGE_SIZE,
        USER_END - 1, USER_END, 0xFFFFF000, 0xFFFFFFFF, SYSTEM_PAGE, 0x7FE00000,
    };
    uint32_t words = offsetof(struct tiny_image, code) / sizeof(uint32_t) - 4;

    for (uint32_t i = random_next(state) % 3 + 1; i > 0; i--) {
        uint32_t word = 4 + random_next(state) % words;

        memcpy((uint8_t *)image + word * sizeof(uint32_t), &edges[random_next(state) % COUNT(edges)], sizeof(uint32_t));
    }
}

static void random_headers_are_survived(void)
{
    uint32_t state = SEED;

    for (uint32_t i = 0; i < RANDOM_IMAGES; i++) {
        struct tiny_image image = tiny_image();
        elf_reason_t reason;

        damage_at_random(&image, &state);
        status_t status = try_image(&image, sizeof image, &reason);
        expect_sound(status, reason, "random image", i);
    }
}

/* ---- More than there is ---- */

static void image_that_needs_more_than_there_is_leaves_nothing(void)
{
    static const uint32_t sizes[] = { 0x100000, 0x10000000, USER_END - PROGRAM_BASE - PAGE_SIZE };
    struct test_ledger before;

    test_ledger_take(&before);
    for (uint32_t i = 0; i < COUNT(sizes); i++) {
        struct tiny_image image = tiny_image();
        elf_reason_t reason;

        image.segments[1].memory_size = sizes[i];
        EXPECT_STATUS(OVER_QUOTA, try_image(&image, sizeof image, &reason));
    }
    test_ledger_expect_same(&before);
}

/* The same without a grant that stops it early: the own quota, or the machine's memory, is the end. */
static void image_larger_than_the_machine_leaves_nothing(void)
{
    struct test_ledger before;
    struct tiny_image image = tiny_image();
    struct spawn spawn = { .class = CLASS_APPLICATION, .image = &image, .image_size = sizeof image };
    process_id_t id;

    test_ledger_take(&before);
    image.segments[1].memory_size = USER_END - PROGRAM_BASE - PAGE_SIZE;
    status_t status = tiny_spawn_as(spawn, &id);
    EXPECT(status == OVER_QUOTA || status == NO_MEMORY);
    test_ledger_expect_same(&before);
}

const struct test images_tests[] = {
    TEST(CLASS_APPLICATION, whole_image_runs),
    TEST(CLASS_APPLICATION, damaged_images_are_refused_with_the_reason),
    TEST(CLASS_SERVER, many_segments_are_refused),
    TEST(CLASS_APPLICATION, every_reason_has_its_damage),
    TEST(CLASS_APPLICATION, image_cut_short_at_any_byte_is_refused),
    TEST(CLASS_APPLICATION, real_image_cut_short_at_any_page_is_refused),
    TEST(CLASS_APPLICATION, image_with_a_hole_is_refused),
    TEST_WITHIN(30, CLASS_SERVER, any_flipped_byte_is_survived),
    TEST_WITHIN(30, CLASS_SERVER, random_headers_are_survived),
    TEST(CLASS_APPLICATION, image_that_needs_more_than_there_is_leaves_nothing),
    TEST(CLASS_APPLICATION, image_larger_than_the_machine_leaves_nothing),
};
const uint32_t images_test_count = COUNT(images_tests);
const struct role images_roles[] = {};
const uint32_t images_role_count = COUNT(images_roles);
