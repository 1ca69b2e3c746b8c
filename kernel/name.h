/* Names of processes: prefix and text; unique among the living. Called with interrupts off. */
#pragma once

#include <abi/status.h>
#include <abi/types.h>

#include <stdbool.h>

struct process;

#define NAME_PREFIX_SIZE 2U      /* bytes of d\, s\, a\ */

void names_initialise(void);

/* Writes prefix and text, and a NUL, to name_out. OK, or BAD_NAME: empty, too long, or not printable ASCII without spaces and backslashes. */
[[nodiscard]] status_t name_make(process_class_t class, const char *text, uint32_t text_size,
                                 char name_out[NAME_SIZE_MAX + 1], uint32_t *size_out);

/* The class that a name's prefix stands for; CLASS_COUNT if it has none. For the boot list's lines. */
[[nodiscard]] process_class_t name_class(const char *name, uint32_t size);

/* The living process with this name, or NULL. */
[[nodiscard]] struct process *name_find(const char *name, uint32_t size);

/* Makes the process known by its name, which nobody else has; or unknown. */
void name_add(struct process *process);
void name_remove(struct process *process);
