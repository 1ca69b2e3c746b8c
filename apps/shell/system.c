#include "system.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ternion/libc.h>
#include <ternion/process.h>
#include <ternion/syscall.h>
#include <ternion/system.h>
#include <ternion/tasks.h>

#include "shell.h"

#define CLASS_PREFIX_SIZE 2U    /* a\ */

/*
 * The same that system and popen of the C library use. Such shells are a\sh: only the supervisor starts a\shell, who owns a
 * terminal.
 */
const char *system_shell_path(void)
{
    return "/boot/bin/sh";
}

/* The kernel looks at the image first, and then at the name, which is taken: so nothing is started. */
static elf_reason_t reason_of(const void *image, uint32_t size)
{
    elf_reason_t reason = ELF_FINE;
    process_id_t id;
    const char *name = process_name() + CLASS_PREFIX_SIZE;
    struct spawn spawn = {
        .class = process_page()->class,
        .name = name,
        .name_size = (uint32_t)strlen(name),
        .image = image,
        .image_size = size,
    };

    (void)process_spawn(&spawn, &id, &reason);
    return reason;
}

const char *system_image_reason(const char *path)
{
    struct stat description;
    uint32_t address;
    elf_reason_t reason = ELF_TRUNCATED;
    int descriptor = open(path, O_RDONLY);

    if (descriptor >= 0 && fstat(descriptor, &description) == 0 && description.st_size > 0) {
        uint32_t pages = (uint32_t)((description.st_size + PAGE_SIZE - 1) / PAGE_SIZE);
        if (memory_allocate(pages, 0, &address) == OK) {
            ssize_t size = read(descriptor, (void *)address, (size_t)description.st_size);
            reason = reason_of((void *)address, size > 0 ? (uint32_t)size : 0);
            (void)memory_free(address, pages);
        }
    }
    if (descriptor >= 0) {
        (void)close(descriptor);
    }
    return elf_reason_meaning(reason);
}

int system_ask(enum system_request request, pid_t pid, int number, bool with_tree)
{
    uint32_t flags = with_tree ? TASKS_TREE : 0;
    process_id_t id = (process_id_t)pid;
    struct process_information information;

    switch (request) {
    case SYSTEM_END:
        return status_errno(tasks_end(id, (uint32_t)number, flags));
    case SYSTEM_SLEEP:
        return status_errno(tasks_sleep(id, flags));
    case SYSTEM_LOOK:
        return process_information(id, &information) == OK ? 0 : ESRCH;
    default:
        return status_errno(tasks_wake(id, flags));
    }
}
