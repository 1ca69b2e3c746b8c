#include "manifest_notes.h"

#include <string.h>

#include "elf.h"
#include "manifest.h"
#include "test.h"

#define HEAD_SIZE 12U            /* of a note: three words */

struct notes_source {
    struct elf_source source;
    const uint8_t *image;
    uint32_t begin, end;         /* of the notes in it */
};

struct notes notes_none(void)
{
    return (struct notes){ .size = 0 };
}

static uint32_t words_of(uint32_t size)
{
    return (size + 3) / 4 * 4;
}

void notes_add(struct notes *notes, const char *name, uint32_t name_size, uint32_t type, const void *description, uint32_t size)
{
    const uint32_t head[] = { name_size, size, type };
    uint8_t *to = notes->bytes + notes->size;

    notes->size += HEAD_SIZE + words_of(name_size) + words_of(size);
    CHECK(notes->size <= sizeof notes->bytes);
    memcpy(to, head, HEAD_SIZE);
    memset(to + HEAD_SIZE, 0xD5, words_of(name_size) + words_of(size));
    memcpy(to + HEAD_SIZE, name, name_size < strlen(name) + 1 ? name_size : strlen(name) + 1);
    if (description != NULL) {
        memcpy(to + HEAD_SIZE + words_of(name_size), description, size);
    }
}

void notes_add_manifest(struct notes *notes, const struct manifest *manifest)
{
    notes_add(notes, MANIFEST_NOTE_NAME, sizeof MANIFEST_NOTE_NAME, MANIFEST_NOTE_TYPE, manifest, sizeof *manifest);
}

static status_t read_notes(const struct elf_source *source, uint32_t offset, void *to, uint32_t size)
{
    const struct notes_source *notes = (const struct notes_source *)source;

    CHECK(offset >= notes->begin && offset <= notes->end && size <= notes->end - offset);
    memcpy(to, notes->image + offset, size);
    return OK;
}

status_t notes_find(const uint8_t *image, uint32_t image_size, uint32_t notes_offset, uint32_t notes_size, struct access *access_out,
                    bool *is_there_out)
{
    struct notes_source source = { { .read = read_notes, .size = image_size }, image, notes_offset, notes_offset + notes_size };
    struct elf_program program = { .notes_offset = notes_offset, .notes_size = notes_size };
    struct access before = *access_out;

    *is_there_out = true;
    status_t status = manifest_find(&source.source, &program, access_out, is_there_out);
    if (status != OK || !*is_there_out) {
        CHECK(memcmp(access_out, &before, sizeof before) == 0);
    }
    CHECK(status == OK || status == BAD_IMAGE);
    return status;
}
