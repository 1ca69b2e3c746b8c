#include "module_image.h"

#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/system.h>

#include "elf.h"
#include "test.h"

static status_t own_module(module_index_t *index_out)
{
    struct module_information information;

    for (module_index_t index = 0;; index++) {
        status_t status = module_information(index, &information);

        if (status != OK) {
            return status;
        }
        if (information.process == process_page()->id) {
            *index_out = index;
            return OK;
        }
    }
}

/* The kernel has loaded this image: its headers are fine. */
static uint32_t loaded_size(const uint8_t *bytes)
{
    const struct elf_header *header = (const struct elf_header *)bytes;
    const struct elf_program_header *segments = (const struct elf_program_header *)(bytes + header->program_headers_offset);
    uint32_t size = 0;

    for (uint32_t i = 0; i < header->program_header_count; i++) {
        uint32_t end = segments[i].offset + segments[i].file_size;

        size = segments[i].type == ELF_SEGMENT_LOAD && end > size ? end : size;
    }
    return size;
}

status_t module_image_map(struct module_image *image_out)
{
    module_index_t index;
    uint32_t address;

    status_t status = own_module(&index);
    if (status == OK) {
        status = module_map(index, &address);
    }
    if (status == OK) {
        image_out->bytes = (const void *)address;
        image_out->size = loaded_size(image_out->bytes);
    }
    return status;
}

const void *module_map_named(const char *name, uint32_t *size_out)
{
    struct module_information module;
    module_index_t index = 0;
    uint32_t address;

    while (module_information(index, &module) == OK && strcmp(module.name, name) != 0) {
        index++;
    }
    EXPECT_OK(module_map(index, &address));
    *size_out = module.size;
    return (const void *)address;
}
