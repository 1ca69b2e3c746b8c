/* Makes ELF images, good ones and bad ones, and says what must hold of whatever the loader takes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf.h"

/* System V ABI, figures 4-3 and 5-1. */
struct elf_image_header {
    uint8_t identification[16];
    uint16_t type, machine;
    uint32_t version, entry, program_headers, section_headers, flags;
    uint16_t header_size, program_header_size, program_header_count;
    uint16_t section_header_size, section_header_count, section_names;
};

struct elf_image_segment {
    uint32_t type, offset, virtual_address, physical_address, file_size, memory_size, flags, align;
};

#define ELF_IMAGE_SEGMENTS_MAX 40U
#define ELF_IMAGE_SIZE_MAX 0x10000U

/* Header, then program headers, then whatever: the segments' bytes lie from 0x1000 on. */
struct elf_image {
    struct elf_image_header header;
    struct elf_image_segment segments[ELF_IMAGE_SEGMENTS_MAX];
    uint32_t size;               /* bytes of the file */
};

/* A program of text (read, execute), data (read, write, with a tail of zeroes) and a note. */
struct elf_image elf_image_good(void);

/* Writes the image out; returns its size. */
uint32_t elf_image_write(const struct elf_image *image, uint8_t bytes[ELF_IMAGE_SIZE_MAX]);

/*
 * Has the loader parse these bytes. Fails the test if it reads outside them, if what it takes could do harm, if it
 * changes its output although it refuses, or if it gives a status without its reason. Returns the status.
 */
status_t elf_image_check(const uint8_t *bytes, size_t size, enum elf_reason *reason_out);

/* A library at `address`, and the program that was linked to it: the good image far above. Both have the mark behind their segments. */
struct elf_image elf_image_library(uint32_t address);
struct elf_image elf_image_with_library(void);
void elf_image_write_mark(const struct elf_image *image, const char mark[ELF_MARK_MAX], uint8_t bytes[ELF_IMAGE_SIZE_MAX]);

/*
 * Has the loader put both together, as the kernel does; `program` is one that it takes. Fails the test as elf_image_check does.
 * Returns the status; ELF_FINE with BAD_IMAGE: the marks differ, or are too long.
 */
status_t elf_image_check_library(const uint8_t *program, size_t program_size, const uint8_t *library, size_t library_size,
                                 enum elf_reason *reason_out);
