/* The smallest program: it ends with TINY_EXIT. Made in memory, to be damaged, or to be started often. */
#pragma once

#include <abi/syscall_numbers.h>

#include "elf.h"
#include "test.h"

#define TINY_EXIT 42U
#define TINY_SIZE 256U

struct tiny_image {
    struct elf_header header;
    struct elf_program_header segments[2]; /* the whole file, read and executed; a page of zeroes, read and written */
    uint8_t code[TINY_SIZE - sizeof(struct elf_header) - 2 * sizeof(struct elf_program_header)];
};

struct tiny_image tiny_image(void);

/*
 * Starts any image as an application, with a name of its own and a grant of little, and watches it.
 *   reason_out   why BAD_IMAGE; may be NULL
 */
[[nodiscard]] status_t tiny_spawn(const void *image, uint32_t size, process_id_t *id_out, elf_reason_t *reason_out);

/* The same with all that the caller says, but with the tiny image where there is none. */
[[nodiscard]] status_t tiny_spawn_as(struct spawn spawn, process_id_t *id_out);
