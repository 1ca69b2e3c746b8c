#include "tiny_image.h"

#include <ternion/format.h>
#include <ternion/string.h>
#include <ternion/system.h>

#define FRAMES_OF_TINY 64U

_Static_assert(sizeof(struct tiny_image) == TINY_SIZE, "the tiny image has no gaps");

struct tiny_image tiny_image(void)
{
    uint32_t code = PROGRAM_BASE + offsetof(struct tiny_image, code);
    struct tiny_image image = {
        .header = {
            .identification = { 0x7F, 'E', 'L', 'F', 1, 1, 1 }, /* 32 bits, little-endian, version 1 */
            .type = 2,           /* executable */
            .machine = 3,        /* i386 */
            .version = 1,
            .entry = code,
            .program_headers_offset = offsetof(struct tiny_image, segments),
            .header_size = sizeof(struct elf_header),
            .program_header_size = sizeof(struct elf_program_header),
            .program_header_count = 2,
        },
        .segments = {
            {
                .type = ELF_SEGMENT_LOAD, .offset = 0, .virtual_address = PROGRAM_BASE, .file_size = TINY_SIZE,
                .memory_size = TINY_SIZE, .flags = ELF_READ | ELF_EXECUTE, .align = PAGE_SIZE,
            },
            {
                .type = ELF_SEGMENT_LOAD, .offset = 0, .virtual_address = PROGRAM_BASE + PAGE_SIZE, .file_size = 0,
                .memory_size = PAGE_SIZE, .flags = ELF_READ | ELF_WRITE, .align = PAGE_SIZE,
            },
        },
        .code = {
            0xB8, SYSCALL_PROCESS_EXIT, 0, 0, 0, /* mov eax, number */
            0xBB, TINY_EXIT, 0, 0, 0,            /* mov ebx, code */
            0xCD, 0x80,                          /* int 80h */
        },
    };

    return image;
}

static struct spawn with_name(struct spawn spawn, char *buffer, size_t size)
{
    static uint32_t started;

    if (spawn.name == NULL) {
        spawn.name_size = (uint32_t)format_text(buffer, size, "i%x.%u", process_page()->id, ++started);
        spawn.name = buffer;
    }
    return spawn;
}

status_t tiny_spawn(const void *image, uint32_t size, process_id_t *id_out, elf_reason_t *reason_out)
{
    char name[NAME_SIZE_MAX + 1];
    elf_reason_t reason;
    struct spawn spawn = {
        .class = CLASS_APPLICATION, .flags = SPAWN_WATCH, .image = image, .image_size = size,
        .grant = { .limits = { [RESOURCE_FRAMES] = FRAMES_OF_TINY, [RESOURCE_PROCESSES] = 1, [RESOURCE_THREADS] = 4 } },
    };

    spawn = with_name(spawn, name, sizeof name);
    return process_spawn(&spawn, id_out, reason_out == NULL ? &reason : reason_out);
}

status_t tiny_spawn_as(struct spawn spawn, process_id_t *id_out)
{
    struct tiny_image image = tiny_image();
    char name[NAME_SIZE_MAX + 1];
    elf_reason_t reason;

    if (spawn.image == NULL) {
        spawn.image = &image;
        spawn.image_size = sizeof image;
    }
    spawn = with_name(spawn, name, sizeof name);
    return process_spawn(&spawn, id_out, &reason);
}
