/* Reads init.list; its format stands at the head of that file. */
#pragma once

#include <abi/device.h>
#include <abi/process.h>

#include "words.h"

#define PROGRAM_ARGUMENTS_MAX 256U
#define PROGRAM_NEEDS_MAX 8U
#define NEED_NAME_MAX (NAME_SIZE_MAX > DEVICE_NAME_MAX ? NAME_SIZE_MAX : DEVICE_NAME_MAX)

enum restart { RESTART_ALWAYS, RESTART_NEVER, RESTART_ON_FAILURE };

/* One line of the list. */
struct program {
    unsigned line;
    process_class_t class;
    char name[NAME_SIZE_MAX + 1];    /* with the prefix */
    const char *name_text;           /* behind the prefix; points into name */
    char image[NAME_SIZE_MAX + 1];
    enum restart restart;
    struct grant grant;              /* its limits */
    uint32_t need_count;
    char needs[PROGRAM_NEEDS_MAX][NEED_NAME_MAX + 1]; /* processes, with their prefix, or devices */
    bool has_arguments;
    uint32_t arguments_size;
    char arguments[PROGRAM_ARGUMENTS_MAX]; /* as process_spawn takes them */
};

struct list {
    struct text text;
};

void list_open(struct list *list, const char *text, size_t size);

/*
 * Reads the next line that says something. What is wrong with others is said to the log.
 * program_out->name_text points into *program_out: copy it with program_copy. False: that was the last.
 */
bool list_next(struct list *list, struct program *program_out);

void program_copy(struct program *copy, const struct program *program);
