/* Makes the notes of an image, good ones and bad ones. System V ABI, chapter 5, "Note Section". */
#pragma once

#include <abi/grant.h>
#include <abi/status.h>

#include <stdbool.h>
#include <stdint.h>

#define NOTES_SIZE_MAX 4096U

struct notes {
    uint32_t size;               /* bytes */
    uint8_t bytes[NOTES_SIZE_MAX];
};

struct notes notes_none(void);

/* One note more: its name's first bytes, and its description (NULL: any bytes), each filled up to a whole word. */
void notes_add(struct notes *notes, const char *name, uint32_t name_size, uint32_t type, const void *description, uint32_t size);

void notes_add_manifest(struct notes *notes, const struct manifest *manifest);

/*
 * Has the kernel look for the manifest in the notes of an image. Fails the test if it reads outside the notes, or if it changes
 * its output although it finds none. Returns its status.
 */
status_t notes_find(const uint8_t *image, uint32_t image_size, uint32_t notes_offset, uint32_t notes_size, struct access *access_out,
                    bool *is_there_out);
