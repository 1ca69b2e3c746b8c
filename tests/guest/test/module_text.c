/* What a program that came with the kernel has in common with its boot module: pages that nobody can write. */
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/system.h>

#include "elf.h"
#include "files.h"

#define MODULE "vfs.elf"
#define SPAWNS 4

/* The bytes of a module, mapped. */
static const uint8_t *find(uint32_t *size_out)
{
    struct module_information module;
    module_index_t index = 0;
    uint32_t address;

    while (module_information(index, &module) == OK && strcmp(module.name, MODULE) != 0) {
        index++;
    }
    EXPECT_OK(module_map(index, &address));
    *size_out = module.size;
    return (const uint8_t *)address;
}

/* Pages of segments that are only read, and entire in the image. */
static uint32_t pages_in_common(const uint8_t *bytes, uint32_t size)
{
    const struct elf_header *header = (const struct elf_header *)bytes;
    const struct elf_program_header *segment = (const struct elf_program_header *)(bytes + header->program_headers_offset);
    uint32_t count = 0;

    for (uint32_t i = 0; i < header->program_header_count; i++, segment++) {
        if (segment->type == ELF_SEGMENT_LOAD && (segment->flags & ELF_WRITE) == 0) {
            uint32_t first = segment->offset / PAGE_SIZE;
            uint32_t end = PAGES(segment->offset + segment->file_size);

            EXPECT_EQUAL(segment->memory_size, segment->file_size);
            count += (end < size / PAGE_SIZE ? end : size / PAGE_SIZE) - first;
        }
    }
    return count;
}

static uint32_t frames_at_start(const uint8_t *bytes, uint32_t size)
{
    struct spawn spawn = { .class = CLASS_APPLICATION, .flags = SPAWN_WATCH, .name = "text", .name_size = 4, .image = bytes, .image_size = size };
    struct process_information information;
    elf_reason_t reason;
    process_id_t id;

    EXPECT_OK(process_spawn(&spawn, &id, &reason));
    EXPECT_OK(process_information(id, &information));
    EXPECT_OK(process_terminate(id, 0));
    (void)test_wait_exit(id);
    return information.frames;
}

/*
 * The frames of a process that has not run yet. It is of a lower class; but a class that has starved has a tick now and then, and one
 * that has run has more frames: the least of a few counts.
 */
static uint32_t frames_of(const uint8_t *bytes, uint32_t size)
{
    uint32_t least = UINT32_MAX;

    for (uint32_t i = 0; i < SPAWNS; i++) {
        uint32_t frames = frames_at_start(bytes, size);

        least = frames < least ? frames : least;
    }
    return least;
}

static void text_of_modules_is_not_copied(void)
{
    uint32_t size, address;
    const uint8_t *bytes = find(&size);
    uint32_t common = pages_in_common(bytes, size);

    EXPECT(common > 10);
    EXPECT_OK(memory_allocate(PAGES(size), 0, &address));
    memcpy((void *)address, bytes, size);
    EXPECT_EQUAL(common, frames_of((const uint8_t *)address, size) - frames_of(bytes, size));
    EXPECT_OK(memory_free(address, PAGES(size)));
}

static void text_of_modules_does_not_become_writable(void)
{
    uint32_t size;
    uint32_t address = (uint32_t)find(&size);

    EXPECT_EQUAL(BAD_ARGUMENT, memory_protect(address, 1, 0));
    EXPECT_OK(memory_free(address, PAGES(size)));
}

const struct test module_text_tests[] = {
    TEST(CLASS_DRIVER, text_of_modules_is_not_copied),
    TEST(CLASS_DRIVER, text_of_modules_does_not_become_writable),
};
const uint32_t module_text_test_count = COUNT(module_text_tests);
const struct role module_text_roles[] = {};
const uint32_t module_text_role_count = COUNT(module_text_roles);
