#include "manifest.h"

#include "access.h"
#include "elf.h"
#include "string.h"

#define NOTES_MAX 8U             /* that are looked at */

/* System V ABI, chapter 5, "Note Section"; name and description follow, each filled up to a whole word. */
struct note {
    uint32_t name_size;
    uint32_t description_size;
    uint32_t type;
    char name[sizeof MANIFEST_NOTE_NAME];
};

/* To a whole word; what wraps around is too long for any image. */
static uint32_t words_of(uint32_t size)
{
    return size > UINT32_MAX - 3 ? UINT32_MAX : (size + 3) & ~3U;
}

static bool is_manifest(const struct note *note)
{
    return note->type == MANIFEST_NOTE_TYPE && note->name_size == sizeof note->name
        && memcmp(note->name, MANIFEST_NOTE_NAME, sizeof note->name) == 0;
}

/* The access behind the head of the manifest's note. */
static status_t access_read(const struct elf_source *source, const struct note *note, uint32_t offset, uint32_t left, struct access *access_out)
{
    struct access access;

    if (note->description_size != sizeof(struct manifest) || left < sizeof(struct manifest)) {
        return BAD_IMAGE;
    }
    status_t status = source->read(source, offset, &access, sizeof access);
    if (status == OK && !access_is_valid(&access)) {
        status = BAD_IMAGE;
    }
    if (status == OK) {
        *access_out = access;
    }
    return status;
}

status_t manifest_find(const struct elf_source *source, const struct elf_program *program, struct access *access_out, bool *is_there_out)
{
    uint32_t at = program->notes_offset;
    uint32_t left = program->notes_size;
    struct note note;

    *is_there_out = false;
    for (uint32_t i = 0; i < NOTES_MAX && left >= sizeof note; i++) {
        status_t status = source->read(source, at, &note, sizeof note);

        if (status != OK) {
            return status;
        }
        if (is_manifest(&note)) {
            *is_there_out = true;
            return access_read(source, &note, at + (uint32_t)sizeof note, left - (uint32_t)sizeof note, access_out);
        }
        uint32_t head = (uint32_t)offsetof(struct note, name);
        uint32_t name = words_of(note.name_size);
        uint32_t description = words_of(note.description_size);
        if (name > left - head || description > left - head - name) {
            return OK;           /* whatever it is, it is none of ours */
        }
        at += head + name + description;
        left -= head + name + description;
    }
    return OK;
}
