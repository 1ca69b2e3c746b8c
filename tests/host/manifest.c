/* Manifests in images: what is there is found, and nothing that an image says leads outside it. */
#include <ternion/manifest.h>

#include <stdlib.h>
#include <string.h>

#include "elf_image.h"
#include "test.h"

#define ROUNDS 30000
#define NOTES 0x2700U            /* where the notes of elf_image_good lie */
#define NOTE_SEGMENT 2

MANIFEST_PCI(PCI_MATCHES({ .vendor = 0x1234, .device = 0x11E8, .interface = 0xFF, .is_used = 1 }, { .class = 2, .is_used = 1 }),
             .role = ROLE_NETWORK, .partners = ROLE_BIT(ROLE_BUS), .irqs = IRQ_BIT(5), .ports = { { 0x300, 0x31F } });

/* A note of somebody else: its name and description are not whole words. */
static const uint8_t foreign_note[] = { 5, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 'O', 't', 'h', 'e', 'r', 0, 0, 0, 1, 2, 3, 0 };

static uint8_t bytes[ELF_IMAGE_SIZE_MAX];

/* Writes the image out with these notes in its note segment; returns its size. */
static uint32_t image_with(const void *notes, uint32_t size)
{
    struct elf_image image = elf_image_good();

    image.segments[NOTE_SEGMENT].file_size = size;
    image.size = NOTES + size;
    (void)elf_image_write(&image, bytes);
    memcpy(bytes + NOTES, notes, size);
    return image.size;
}

/* Reads from memory that ends where the image does, so that the sanitizer sees each step over it. */
static status_t read(uint32_t size, struct manifest *manifest_out)
{
    uint8_t *copy = malloc(size + 1);

    memcpy(copy, bytes, size);
    uint8_t *exact = realloc(copy, size == 0 ? 1 : size);
    memset(manifest_out, 0x5A, sizeof *manifest_out);
    status_t status = manifest_read(exact, size, manifest_out);
    free(exact);

    static const struct manifest nothing;
    CHECK(status == OK || memcmp(manifest_out, &nothing, sizeof nothing) == 0);
    CHECK(status == OK || status == NOT_FOUND || status == BAD_IMAGE);
    return status;
}

static void a_manifest_is_found(void)
{
    struct manifest manifest;

    CHECK_EQUAL(read(image_with(&manifest_note, sizeof manifest_note), &manifest), OK);
    CHECK(memcmp(&manifest, &manifest_note.manifest, sizeof manifest) == 0);
    CHECK_EQUAL(manifest.access.role, ROLE_NETWORK);
    CHECK_EQUAL(manifest.access.ports[0].last, 0x31F);
    CHECK_EQUAL(manifest.pci[0].device, 0x11E8);
    CHECK_EQUAL(manifest.pci[1].class, 2);
    CHECK_EQUAL(manifest.pci[2].is_used, 0);
}

static void a_manifest_behind_another_note_is_found(void)
{
    uint8_t notes[sizeof foreign_note + sizeof manifest_note];
    struct manifest manifest;

    memcpy(notes, foreign_note, sizeof foreign_note);
    memcpy(notes + sizeof foreign_note, &manifest_note, sizeof manifest_note);
    CHECK_EQUAL(read(image_with(notes, sizeof notes), &manifest), OK);
    CHECK(memcmp(&manifest, &manifest_note.manifest, sizeof manifest) == 0);
}

static void a_manifest_in_a_second_note_segment_is_found(void)
{
    struct elf_image image = elf_image_good();
    struct manifest manifest;

    image.segments[1] = image.segments[NOTE_SEGMENT];
    image.segments[1].file_size = sizeof foreign_note;
    image.segments[NOTE_SEGMENT].offset += sizeof foreign_note;
    image.segments[NOTE_SEGMENT].file_size = sizeof manifest_note;
    image.size = NOTES + sizeof foreign_note + sizeof manifest_note;
    (void)elf_image_write(&image, bytes);
    memcpy(bytes + NOTES, foreign_note, sizeof foreign_note);
    memcpy(bytes + NOTES + sizeof foreign_note, &manifest_note, sizeof manifest_note);
    CHECK_EQUAL(read(image.size, &manifest), OK);
}

static void an_image_without_a_manifest_has_none(void)
{
    struct manifest_note other = manifest_note;
    struct manifest manifest;

    CHECK_EQUAL(read(image_with(foreign_note, sizeof foreign_note), &manifest), NOT_FOUND);
    CHECK_EQUAL(read(image_with(foreign_note, 0), &manifest), NOT_FOUND);
    other.type = MANIFEST_NOTE_TYPE + 1;
    CHECK_EQUAL(read(image_with(&other, sizeof other), &manifest), NOT_FOUND);
    other = manifest_note;
    other.name[0] = 't';
    CHECK_EQUAL(read(image_with(&other, sizeof other), &manifest), NOT_FOUND);
}

static void damaged_notes_are_refused(void)
{
    static const uint32_t sizes[] = { 1, sizeof(struct manifest) - 1, sizeof(struct manifest) + 1, 0x7FFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF };
    struct manifest manifest;

    for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct manifest_note note = manifest_note;

        note.description_size = sizes[i];
        CHECK_EQUAL(read(image_with(&note, sizeof note), &manifest), BAD_IMAGE);
        note = manifest_note;
        note.name_size = sizes[i];
        CHECK(read(image_with(&note, sizeof note), &manifest) != OK);
    }
    for (uint32_t size = sizeof manifest_note - 1; size > 12; size--) {
        CHECK_EQUAL(read(image_with(&manifest_note, size), &manifest), BAD_IMAGE);
    }
}

static void what_is_no_executable_is_refused(void)
{
    uint32_t size = image_with(&manifest_note, sizeof manifest_note);
    struct manifest manifest;

    for (uint32_t cut = 0; cut < size; cut += cut < 0x200 ? 1 : 97) {
        CHECK(read(cut, &manifest) == BAD_IMAGE);
    }
    for (uint32_t at = 0; at < 7; at++) {
        bytes[at] ^= 0x10;
        CHECK_EQUAL(read(size, &manifest), BAD_IMAGE);
        bytes[at] ^= 0x10;
    }
    CHECK_EQUAL(read(size, &manifest), OK);
    memset(bytes, 0, sizeof bytes);
    CHECK_EQUAL(read(sizeof bytes, &manifest), BAD_IMAGE);
}

static void segments_outside_the_image_are_refused(void)
{
    static const uint32_t edges[] = { 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFF000, 0xFFFFFFFF };
    struct manifest manifest;

    for (unsigned i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        struct elf_image image = elf_image_good();

        image.segments[NOTE_SEGMENT].offset = edges[i];
        (void)elf_image_write(&image, bytes);
        CHECK_EQUAL(read(image.size, &manifest), BAD_IMAGE);
        image = elf_image_good();
        image.segments[NOTE_SEGMENT].file_size = edges[i];
        (void)elf_image_write(&image, bytes);
        CHECK_EQUAL(read(image.size, &manifest), BAD_IMAGE);
        image = elf_image_good();
        image.header.program_headers = edges[i];
        (void)elf_image_write(&image, bytes);
        CHECK_EQUAL(read(image.size, &manifest), BAD_IMAGE);
    }
}

static void any_changed_bytes_are_survived(void)
{
    uint32_t size = image_with(&manifest_note, sizeof manifest_note);
    struct manifest manifest;

    for (uint32_t round = 0; round < ROUNDS; round++) {
        uint8_t saved[4];
        uint32_t at[4];

        for (int i = 0; i < 4; i++) {
            at[i] = random_one_in(2) ? random_below(0xA0) : NOTES + random_below(size - NOTES);
            saved[i] = bytes[at[i]];
            bytes[at[i]] = (uint8_t)random_edgy();
        }
        (void)read(size, &manifest);
        for (int i = 3; i >= 0; i--) {
            bytes[at[i]] = saved[i];
        }
    }
    CHECK_EQUAL(read(size, &manifest), OK);
}

static const struct test tests[] = {
    TEST(a_manifest_is_found),
    TEST(a_manifest_behind_another_note_is_found),
    TEST(a_manifest_in_a_second_note_segment_is_found),
    TEST(an_image_without_a_manifest_has_none),
    TEST(damaged_notes_are_refused),
    TEST(what_is_no_executable_is_refused),
    TEST(segments_outside_the_image_are_refused),
    TEST(any_changed_bytes_are_survived),
};
TEST_MAIN(tests)
