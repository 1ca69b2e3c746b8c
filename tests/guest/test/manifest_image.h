/* A small program with a manifest, made in memory. What it does is a few bytes of code; it ends with what that leaves in EBX. */
#pragma once

#include <abi/grant.h>

#include "elf.h"

#define MANIFEST_CODE_MAX 64U

struct manifest_image {
    struct elf_header header;
    struct elf_program_header segments[2]; /* the whole file, read and executed; the notes */
    uint8_t code[MANIFEST_CODE_MAX];
    struct {
        uint32_t name_size, description_size, type;
        char name[sizeof MANIFEST_NOTE_NAME];
        struct manifest manifest;
    } note;
};

/* A program that makes one system call of two arguments, and ends with its status. */
struct manifest_image manifest_image_call(const struct access *access, uint32_t number, uint32_t ebx, uint32_t edx);

/* One that reads a byte from a port, and ends with that. */
struct manifest_image manifest_image_port(const struct access *access, uint16_t port);
