/* The manifest in an ELF image: what the program says that it needs. Portable; trusts nothing in the image. */
#pragma once

#include <abi/grant.h>
#include <abi/process.h>
#include <abi/status.h>

#include <stdbool.h>

struct elf_program;
struct elf_source;

/*
 * Looks for the manifest among the notes of a program that elf_parse has read. *access_out is set if there is one.
 * OK; BAD_IMAGE: it is damaged, or of another version; BAD_ADDRESS from the source.
 */
[[nodiscard]] status_t manifest_find(const struct elf_source *source, const struct elf_program *program, struct access *access_out,
                                     bool *is_there_out);
