/* Processes from ELF images in memory. Called with interrupts off; opens interrupt windows. */
#pragma once

#include <abi/process.h>
#include <abi/status.h>

struct elf_source;
struct process;

struct spawn_request {
    process_class_t class;
    const char *name;            /* with prefix, and a NUL */
    uint32_t name_size;          /* bytes without it */
    const char *arguments;       /* kernel memory */
    uint32_t arguments_size;
    const struct grant *grant;
    const struct elf_source *image;
    struct process *parent;      /* NULL: the kernel */
};

/* A new process whose first thread is ready. Statuses of process_spawn. */
[[nodiscard]] status_t spawn(const struct spawn_request *request, struct process **process_out, enum elf_reason *reason_out);
