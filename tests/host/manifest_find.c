/* The manifest in an image: found where it is, refused where it is damaged, and nothing outside the notes is read. */
#include "manifest.h"

#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "elf.h"
#include "manifest_notes.h"
#include "test.h"

#define ROUNDS 200000U
#define NOTES_SEEN 8U            /* that the kernel looks at */

static struct notes notes;

/* In a block of its own, so that the address sanitizer sees a read behind its end. */
static status_t find(const struct notes *some, struct access *access_out, bool *is_there_out)
{
    uint8_t *copy = malloc(some->size + 1);

    memcpy(copy, some->bytes, some->size);
    status_t status = notes_find(copy, some->size, 0, some->size, access_out, is_there_out);
    free(copy);
    return status;
}

static void expect(status_t expected, bool is_there)
{
    struct access access;
    bool found;

    CHECK_EQUAL(find(&notes, &access, &found), expected);
    CHECK_EQUAL(found, is_there);
}

static struct manifest manifest_good(void)
{
    return (struct manifest){ .access = {
        .rights = RIGHT_DMA, .role = ROLE_STORAGE, .partners = PARTNERS_ALL, .irqs = IRQ_BIT(14), .ports = { { 0x1F0, 0x1F7 } },
    } };
}

static void manifest_is_found_and_comes_as_it_is(void)
{
    struct manifest manifest = manifest_good();
    struct access access;
    bool is_there;

    notes = notes_none();
    notes_add_manifest(&notes, &manifest);
    CHECK_EQUAL(find(&notes, &access, &is_there), OK);
    CHECK(is_there && memcmp(&access, &manifest.access, sizeof access) == 0);
}

static void image_without_notes_has_no_manifest(void)
{
    notes = notes_none();
    expect(OK, false);
    notes_add(&notes, "GNU", 4, 3, NULL, 20);
    expect(OK, false);
}

/* Notes of others stand in front of it: with names and descriptions of all sizes. */
static void manifest_is_found_behind_notes_of_others(void)
{
    struct manifest manifest = manifest_good();

    for (uint32_t name = 0; name < 20; name++) {
        for (uint32_t description = 0; description < 20; description++) {
            notes = notes_none();
            notes_add(&notes, "GNU GNU GNU GNU GNU GNU", name, 1, NULL, description);
            if (notes.size < 20) {
                notes_add(&notes, "x", 8, 1, NULL, 8);
            }
            notes_add_manifest(&notes, &manifest);
            expect(OK, true);
        }
    }
}

static void manifest_behind_many_notes_is_not_looked_for(void)
{
    struct manifest manifest = manifest_good();

    for (uint32_t others = 0; others < 12; others++) {
        notes = notes_none();
        for (uint32_t i = 0; i < others; i++) {
            notes_add(&notes, "other", 6, 1, NULL, 4);
        }
        notes_add_manifest(&notes, &manifest);
        expect(OK, others < NOTES_SEEN);
    }
}

/* Only this name, to the last byte, and this type. */
static void notes_that_look_alike_are_none(void)
{
    static const char *const names[] = { "ternion", "Ternio", "Ternion1", "TernionX", "Tern" };
    struct manifest manifest = manifest_good();

    for (uint32_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        notes = notes_none();
        notes_add(&notes, names[i], (uint32_t)strlen(names[i]) + 1, MANIFEST_NOTE_TYPE, &manifest, sizeof manifest);
        expect(OK, false);
    }
    notes = notes_none();
    notes_add(&notes, "TernionX", 8, MANIFEST_NOTE_TYPE, &manifest, sizeof manifest);    /* no NUL at its end */
    expect(OK, false);
    for (uint32_t type = 0; type < 4; type++) {
        notes = notes_none();
        notes_add(&notes, MANIFEST_NOTE_NAME, sizeof MANIFEST_NOTE_NAME, type, &manifest, sizeof manifest);
        expect(OK, type == MANIFEST_NOTE_TYPE);
    }
}

static void manifest_of_another_size_is_damaged(void)
{
    static uint8_t bytes[2 * sizeof(struct manifest)];
    struct manifest manifest = manifest_good();

    memcpy(bytes, &manifest, sizeof manifest);
    for (uint32_t size = 0; size < sizeof bytes; size++) {
        notes = notes_none();
        notes_add(&notes, MANIFEST_NOTE_NAME, sizeof MANIFEST_NOTE_NAME, MANIFEST_NOTE_TYPE, bytes, size);
        expect(size == sizeof manifest ? OK : BAD_IMAGE, true);
    }
}

static void manifest_that_is_cut_is_damaged_or_not_there(void)
{
    struct manifest manifest = manifest_good();

    notes = notes_none();
    notes_add(&notes, "other", 6, 1, NULL, 4);
    uint32_t before = notes.size;
    notes_add_manifest(&notes, &manifest);
    for (uint32_t size = notes.size - 1; size > 0; size--) {
        notes.size = size;
        expect(size < before + 20 ? OK : BAD_IMAGE, size >= before + 20);    /* 20: of a head with this name */
    }
}

static void access_that_makes_no_sense_is_refused_and_told_to_nobody(void)
{
    for (uint32_t word = 0; word < sizeof(struct access) / sizeof(uint32_t); word++) {
        for (uint32_t bit = 0; bit < 32; bit++) {
            struct manifest manifest = manifest_good();
            struct access access, untouched;
            bool is_there;

            ((uint32_t *)&manifest.access)[word] ^= 1U << bit;
            notes = notes_none();
            notes_add_manifest(&notes, &manifest);
            memset(&access, 0x5A, sizeof access);
            memset(&untouched, 0x5A, sizeof untouched);
            bool is_valid = access_is_valid(&manifest.access);
            CHECK_EQUAL(find(&notes, &access, &is_there), is_valid ? OK : BAD_IMAGE);
            CHECK(is_there && memcmp(&access, is_valid ? &manifest.access : &untouched, sizeof access) == 0);
        }
    }
}

/* Sizes that wrap around lead nowhere. */
static void sizes_beyond_all_bounds_end_the_search(void)
{
    static const uint32_t sizes[] = { 0x7FFFFFFF, 0x80000000, 0xFFFFFFEC, 0xFFFFFFF0, 0xFFFFFFF4, 0xFFFFFFFC, 0xFFFFFFFD, 0xFFFFFFFF };
    struct manifest manifest = manifest_good();

    for (uint32_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        for (uint32_t field = 0; field < 2; field++) {
            notes = notes_none();
            notes_add(&notes, "other", 6, 1, NULL, 4);
            memcpy(notes.bytes + field * sizeof sizes[i], &sizes[i], sizeof sizes[i]);
            notes_add_manifest(&notes, &manifest);
            expect(OK, false);
        }
    }
}

/* Where the search comes to, told with numbers that cannot wrap. */
static status_t oracle(const uint8_t *bytes, uint64_t size, bool *is_there_out)
{
    uint64_t at = 0;

    *is_there_out = false;
    for (uint32_t seen = 0; seen < NOTES_SEEN && size - at >= 20; seen++) {
        uint32_t head[3];

        memcpy(head, bytes + at, sizeof head);
        if (head[0] == 8 && head[2] == MANIFEST_NOTE_TYPE && memcmp(bytes + at + 12, "Ternion", 8) == 0) {
            struct access access;

            *is_there_out = true;
            if (head[1] != sizeof(struct manifest) || size - at - 20 < sizeof(struct manifest)) {
                return BAD_IMAGE;
            }
            memcpy(&access, bytes + at + 20, sizeof access);
            return access_is_valid(&access) ? OK : BAD_IMAGE;
        }
        at += 12 + ((uint64_t)head[0] + 3) / 4 * 4 + ((uint64_t)head[1] + 3) / 4 * 4;
        if (at > size) {
            break;
        }
    }
    return OK;
}

static void some_notes(void)
{
    struct manifest manifest = manifest_good();

    notes = notes_none();
    for (uint32_t i = random_below(10); i > 0; i--) {
        notes_add(&notes, "some other name", random_below(16), random_below(3), NULL, random_below(30));
    }
    if (random_one_in(2)) {
        notes_add_manifest(&notes, &manifest);
    }
    for (uint32_t i = random_below(4); i > 0 && notes.size >= 4; i--) {
        uint32_t value = random_edgy();

        memcpy(notes.bytes + random_below(notes.size / 4) * 4, &value, sizeof value);
    }
    notes.size -= random_one_in(4) ? random_below(notes.size + 1) : 0;
}

static void random_notes_are_read_as_the_oracle_reads_them(void)
{
    uint32_t found = 0, damaged = 0;

    for (uint32_t i = 0; i < ROUNDS; i++) {
        struct access access;
        bool is_there, expected_there;

        some_notes();
        status_t expected = oracle(notes.bytes, notes.size, &expected_there);
        CHECK_EQUAL(find(&notes, &access, &is_there), expected);
        CHECK_EQUAL(is_there, expected_there);
        CHECK(!is_there || expected != OK || access_is_valid(&access));
        found += is_there && expected == OK;
        damaged += expected != OK;
    }
    CHECK(found > ROUNDS / 20 && damaged > ROUNDS / 200);
}

static uint32_t reads_before_fault;

static status_t read_until_fault(const struct elf_source *source, uint32_t offset, void *to, uint32_t size)
{
    CHECK(offset <= source->size && size <= source->size - offset);
    memcpy(to, notes.bytes + offset, size);
    return reads_before_fault-- == 0 ? BAD_ADDRESS : OK;
}

static void memory_that_goes_away_meanwhile_is_a_bad_address(void)
{
    struct manifest manifest = manifest_good();
    struct access access;
    bool is_there;

    notes = notes_none();
    notes_add(&notes, "other", 6, 1, NULL, 4);
    notes_add_manifest(&notes, &manifest);
    struct elf_source source = { .read = read_until_fault, .size = notes.size };
    struct elf_program program = { .notes_size = notes.size };
    for (uint32_t reads = 0; reads < 3; reads++) {
        reads_before_fault = reads;
        CHECK_EQUAL(manifest_find(&source, &program, &access, &is_there), BAD_ADDRESS);
    }
    reads_before_fault = 3;
    CHECK_EQUAL(manifest_find(&source, &program, &access, &is_there), OK);
}

static const struct test tests[] = {
    TEST(manifest_is_found_and_comes_as_it_is),
    TEST(image_without_notes_has_no_manifest),
    TEST(manifest_is_found_behind_notes_of_others),
    TEST(manifest_behind_many_notes_is_not_looked_for),
    TEST(notes_that_look_alike_are_none),
    TEST(manifest_of_another_size_is_damaged),
    TEST(manifest_that_is_cut_is_damaged_or_not_there),
    TEST(access_that_makes_no_sense_is_refused_and_told_to_nobody),
    TEST(sizes_beyond_all_bounds_end_the_search),
    TEST(random_notes_are_read_as_the_oracle_reads_them),
    TEST(memory_that_goes_away_meanwhile_is_a_bad_address),
};
TEST_MAIN(tests)
