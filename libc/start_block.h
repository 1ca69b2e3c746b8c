/*
 * What a spawner gives a program of the C library beside its image: arguments, environment, open files, the working directory.
 * They lie in shared memory that the new process joins when it starts: its one argument of the kernel's says which. Portable.
 *
 * The block: a header, the descriptors, then the strings, each ended by a NUL: arguments, environment, working directory.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <abi/types.h>

#include "libc/passed_file.h"

#define START_MAGIC 0x7472434CU      /* "LCrt" */
#define START_SIZE_MAX 0x100000U     /* bytes of a block: 1 MB of arguments and environment */

/* state: tells the spawner that it may give back what it holds for the new process. */
enum start_state { START_WAITS, START_TAKEN };

struct start_descriptor {
    uint32_t number;
    struct passed_file file;
};

struct start_header {
    uint32_t magic;
    uint32_t state;                  /* enum start_state; the only field that changes */
    uint32_t size;                   /* bytes of the whole block */
    uint32_t argument_count;
    uint32_t environment_count;
    uint32_t descriptor_count;
    uint32_t terminal[3];            /* that belongs to the process: number and key; key 0: none */
};

struct start_contents {
    char *const *arguments;          /* ended by NULL */
    char *const *environment;        /* ended by NULL */
    const struct start_descriptor *descriptors;
    uint32_t descriptor_count;
    const char *directory;
    uint32_t terminal[3];
};

/* Bytes that the block takes; 0: more than START_SIZE_MAX. */
uint32_t start_block_size(const struct start_contents *contents);

/* Writes the block: start_block_size bytes, aligned to 4. */
void start_block_write(const struct start_contents *contents, uint32_t size, void *block);

/* A block taken apart. The strings stay in it. */
struct start_view {
    uint32_t argument_count;
    uint32_t environment_count;
    const struct start_descriptor *descriptors;
    uint32_t descriptor_count;
    char *strings;                   /* the first argument */
    const uint32_t *terminal;
};

/* Looks whether bytes are a sound block, which the caller alone can change. False: they are none. */
bool start_block_read(void *block, uint32_t size, struct start_view *view_out);

/* Makes an array of count pointers, and NULL behind them, to strings that follow each other; the string behind the last. */
char *start_strings(char *strings, uint32_t count, char **array_out);

/* ---- The one argument of the kernel's: where the block is ---- */

#define START_REFERENCE_SIZE 36U     /* bytes, the NUL included */

struct start_reference {
    shared_id_t id;
    object_key_t key;
};

void start_reference_write(const struct start_reference *reference, char text[START_REFERENCE_SIZE]);

/* False: the text is an ordinary argument. */
bool start_reference_read(const char *text, size_t size, struct start_reference *reference_out);
