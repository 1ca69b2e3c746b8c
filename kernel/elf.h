/*
 * Reads and checks ELF32 executables (System V ABI, edition 4.1, chapters 4 and 5, and its i386
 * supplement). Trusts nothing in them: what comes out lies within the image and within the
 * memory that programs may use.
 *
 * Portable. The image is read once, in small pieces, through a source: nobody can
 * change a piece between check and use.
 */
#pragma once

#include <abi/process.h>
#include <abi/status.h>
#include <abi/types.h>

#include <stdbool.h>
#include <stdint.h>

#define ELF_SEGMENTS_MAX 8U
#define ELF_PROGRAM_HEADERS_MAX 32U
/* Bytes of what a program and its library have in common: see elf_mark. */
#define ELF_MARK_MAX 64U

/* Where an image comes from. */
struct elf_source {
    /* Copies bytes of the image; the range lies within `size`. OK or BAD_ADDRESS. */
    status_t (*read)(const struct elf_source *source, uint32_t offset, void *to, uint32_t size);
    uint32_t size;               /* bytes of the image */
    /* A frame that holds a page of the image from this offset on, or its last bytes, for ever and as it is; 0: there is none. NULL: nowhere. */
    physical_t (*frame)(const struct elf_source *source, uint32_t offset);
};

struct elf_segment {
    const struct elf_source *source;
    uint32_t address;            /* of its first byte */
    uint32_t memory_size;        /* bytes; what the file does not have is zero */
    uint32_t file_offset;
    uint32_t file_size;
    bool writable;
    bool executable;
};

struct elf_program {
    uint32_t entry;
    uint32_t end;                /* first address behind all segments */
    uint32_t notes_offset;       /* of the first segment of notes in the file */
    uint32_t notes_size;         /* bytes; 0: there is none */
    uint32_t mark_offset;        /* of the mark in the file */
    uint32_t mark_size;          /* bytes; 0: it needs no library */
    uint32_t segment_count;
    struct elf_segment segments[ELF_SEGMENTS_MAX];
};

/* OK; BAD_IMAGE with a reason; or BAD_ADDRESS from the source. Only with OK there is a program. */
[[nodiscard]] status_t elf_parse(const struct elf_source *source, struct elf_program *program_out, enum elf_reason *reason_out);

/*
 * The mark of a program that was linked to a library: what its PT_INTERP segment holds, and zeroes. The name of the boot module that the
 * library is, a NUL, and what tells one build of it from another. OK; BAD_IMAGE; or BAD_ADDRESS from the source.
 */
[[nodiscard]] status_t elf_mark(const struct elf_source *source, const struct elf_program *program, char mark[static ELF_MARK_MAX]);

/*
 * The segments of a library become the program's, too; its notes and its entry point do not count. Statuses as above. BAD_IMAGE without a
 * reason: its own mark is not this one.
 */
[[nodiscard]] status_t elf_add_library(const struct elf_source *library, const char mark[static ELF_MARK_MAX], struct elf_program *program,
                                       enum elf_reason *reason_out);
