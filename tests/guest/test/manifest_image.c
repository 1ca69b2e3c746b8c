#include "manifest_image.h"

#include <abi/syscall_numbers.h>
#include <abi/system.h>
#include <ternion/string.h>

#include "test.h"

#define WORD(value) (uint8_t)(value), (uint8_t)((value) >> 8), (uint8_t)((value) >> 16), (uint8_t)((value) >> 24)
#define MOV_EAX 0xB8
#define MOV_EBX 0xBB
#define MOV_EDX 0xBA
#define SYSTEM_CALL 0xCD, 0x80

static struct manifest_image image_of(const struct access *access, const uint8_t *code, size_t size)
{
    struct manifest_image image = {
        .header = {
            .identification = { 0x7F, 'E', 'L', 'F', 1, 1, 1 },
            .type = 2,
            .machine = 3,
            .version = 1,
            .entry = PROGRAM_BASE + offsetof(struct manifest_image, code),
            .program_headers_offset = offsetof(struct manifest_image, segments),
            .header_size = sizeof(struct elf_header),
            .program_header_size = sizeof(struct elf_program_header),
            .program_header_count = 2,
        },
        .segments = {
            {
                .type = ELF_SEGMENT_LOAD, .virtual_address = PROGRAM_BASE, .file_size = sizeof image, .memory_size = sizeof image,
                .flags = ELF_READ | ELF_EXECUTE, .align = PAGE_SIZE,
            },
            { .type = ELF_SEGMENT_NOTE, .offset = offsetof(struct manifest_image, note), .file_size = sizeof image.note },
        },
        .note = { sizeof MANIFEST_NOTE_NAME, sizeof(struct manifest), MANIFEST_NOTE_TYPE, MANIFEST_NOTE_NAME, { .access = *access } },
    };

    EXPECT(size <= sizeof image.code);
    memcpy(image.code, code, size);
    return image;
}

struct manifest_image manifest_image_call(const struct access *access, uint32_t number, uint32_t ebx, uint32_t edx)
{
    const uint8_t code[] = {
        MOV_EAX, WORD(number), MOV_EBX, WORD(ebx), MOV_EDX, WORD(edx), SYSTEM_CALL,
        0x89, 0xC3,                                  /* mov ebx, eax */
        MOV_EAX, WORD(SYSCALL_PROCESS_EXIT), SYSTEM_CALL,
    };

    return image_of(access, code, sizeof code);
}

struct manifest_image manifest_image_port(const struct access *access, uint16_t port)
{
    const uint8_t code[] = {
        MOV_EDX, WORD((uint32_t)port), 0xEC,         /* in al, dx */
        0x0F, 0xB6, 0xD8,                            /* movzx ebx, al */
        MOV_EAX, WORD(SYSCALL_PROCESS_EXIT), SYSTEM_CALL,
    };

    return image_of(access, code, sizeof code);
}
