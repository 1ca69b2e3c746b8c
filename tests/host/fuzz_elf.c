/* Fuzzes the ELF loader: whatever it takes must be safe to load, as a program and as a library. */
#include <string.h>

#include <abi/system.h>

#include "elf_image.h"
#include "fuzz.h"

static int try(const uint8_t *bytes, size_t size)
{
    static uint8_t program[ELF_IMAGE_SIZE_MAX];
    struct elf_image image = elf_image_with_library();
    enum elf_reason reason;

    (void)elf_image_check(bytes, size, &reason);
    /* The mark of a library that has none. */
    elf_image_write_mark(&image, (const char[ELF_MARK_MAX]){ 0 }, program);
    (void)elf_image_check_library(program, image.size, bytes, size, &reason);
    return 0;
}

/* Small, so that the fuzzer's changes hit what matters: the segments begin with the headers. */
static size_t seed(uint32_t number, uint8_t *bytes)
{
    struct elf_image image = elf_image_good();
    size_t size = sizeof image.header + 6 * sizeof image.segments[0];

    if (number == 6) {
        return 0;
    }
    image.header.program_header_count = (uint16_t)(number + 1);
    image.segments[0].offset = 0;
    image.segments[0].file_size = (uint32_t)size;
    for (uint32_t i = 1; i < 6; i++) {
        image.segments[i] = (struct elf_image_segment){
            .type = i == 3 ? 4 : 1, .virtual_address = PROGRAM_BASE + i * 0x4000 + (i == 2 ? 0x34 : 0),
            .offset = i == 2 ? 0x34 : 0, .file_size = i == 4 ? 0 : 0x20, .memory_size = 0x2000 * i, .flags = i % 2 == 0 ? 6 : 4,
        };
    }
    memcpy(bytes, &image.header, sizeof image.header);
    memcpy(bytes + sizeof image.header, image.segments, size - sizeof image.header);
    return size;
}

int main(int argc, char **argv)
{
    static const struct fuzzer fuzzer = { "any_bytes_are_refused_or_can_be_loaded_safely", 6, 1024, try, seed };

    return fuzz(&fuzzer, argc, argv);
}
