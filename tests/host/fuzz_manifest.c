/* Fuzzes the way from an image to its manifest: what comes out of it makes sense, and nothing outside the notes was read. */
#include <string.h>

#include <abi/system.h>

#include "access.h"
#include "elf_image.h"
#include "fuzz.h"
#include "manifest_notes.h"
#include "test.h"

struct fuzz_source {
    struct elf_source source;
    const uint8_t *bytes;
};

static status_t read_bytes(const struct elf_source *source, uint32_t offset, void *to, uint32_t size)
{
    CHECK(offset <= source->size && size <= source->size - offset);
    memcpy(to, ((const struct fuzz_source *)source)->bytes + offset, size);
    return OK;
}

static int try(const uint8_t *bytes, size_t size)
{
    struct fuzz_source source = { { .read = read_bytes, .size = (uint32_t)size }, bytes };
    struct access access = { .rights = 0 };
    struct elf_program program;
    enum elf_reason reason;
    bool is_there;

    if (elf_parse(&source.source, &program, &reason) != OK) {
        return 0;
    }
    status_t status = notes_find(bytes, (uint32_t)size, program.notes_offset, program.notes_size, &access, &is_there);
    CHECK(status != OK || !is_there || access_is_valid(&access));
    CHECK(status == OK || is_there);
    return 0;
}

/* A small program whose second segment are notes: the manifest alone, or behind others. */
static size_t seed(uint32_t number, uint8_t *bytes)
{
    static const struct manifest manifest = { .access = { .partners = PARTNERS_ALL, .ports = { { 0x60, 0x64 } }, .irqs = IRQ_BIT(1) } };
    struct elf_image image = elf_image_good();
    uint32_t head = sizeof image.header + 2 * sizeof image.segments[0];
    struct notes notes = notes_none();

    if (number == 4) {
        return 0;
    }
    for (uint32_t i = 0; i < number; i++) {
        notes_add(&notes, "GNU", 4, i, NULL, i * 5);
    }
    notes_add_manifest(&notes, &manifest);
    uint32_t size = head + notes.size;
    image.header.program_header_count = 2;
    image.segments[0].offset = 0;
    image.segments[0].file_size = size;
    image.segments[1] = (struct elf_image_segment){ .type = 4, .offset = head, .file_size = notes.size };
    memcpy(bytes, &image.header, sizeof image.header);
    memcpy(bytes + sizeof image.header, image.segments, 2 * sizeof image.segments[0]);
    memcpy(bytes + head, notes.bytes, notes.size);
    return size;
}

int main(int argc, char **argv)
{
    static const struct fuzzer fuzzer = { "any_notes_give_no_manifest_or_one_that_makes_sense", 6, 1024, try, seed };

    return fuzz(&fuzzer, argc, argv);
}
