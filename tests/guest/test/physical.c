/* Physical memory and boot modules: what a driver may map, and what nobody may. */
#include <ternion/memory.h>
#include <ternion/system.h>

#include "files.h"

#define PAGE_FAULT_EXIT (EXIT_FAULT | 14U)

static volatile uint32_t *word_at(uint32_t address)
{
    return (volatile uint32_t *)address;
}

/* ---- Physical memory ---- */

static void expect_refused(uint32_t physical, uint32_t pages, status_t expected)
{
    uint32_t address;
    status_t status = physical_map(physical, pages, PHYSICAL_READ_ONLY, &address);

    if (status != expected) {
        EXPECT_NOT("mapping %u physical pages at 0x%x: status %u instead of %u", pages, physical, status, expected);
    }
}

/* Table of interrupt vectors, BIOS data, boot loader, kernel, modules, frames of processes, page tables: all is RAM. */
static void every_page_of_ram_is_refused_to_drivers(void)
{
    uint32_t ram_end = 0x100000 + (system_page()->frames_total - 256) * PAGE_SIZE;

    for (uint32_t physical = 0; physical < 0x9F000; physical += PAGE_SIZE) {
        expect_refused(physical, 1, NOT_ALLOWED);
    }
    for (uint32_t physical = 0x100000; physical < ram_end; physical += PAGE_SIZE) {
        expect_refused(physical, 1, NOT_ALLOWED);
    }
}

static void ranges_that_reach_into_ram_are_refused(void)
{
    expect_refused(0, 0x100, NOT_ALLOWED);
    expect_refused(0x9E000, 3, NOT_ALLOWED);
    expect_refused(0xFF000, 2, NOT_ALLOWED);
    expect_refused(0xA0000, 0x7FE00, NOT_ALLOWED);
    expect_refused(0, 0x100000, NOT_ALLOWED);
    expect_refused(0x80000000, 0x80001, BAD_ARGUMENT);
    expect_refused(0xFFFFF000, 2, BAD_ARGUMENT);
    expect_refused(0xA0000, 0xFFFFF, BAD_ARGUMENT);
    expect_refused(0xA0000, 0xFFFFFFFF, BAD_ARGUMENT);
    expect_refused(0xA0000, 0, BAD_ARGUMENT);
    expect_refused(0xA0001, 1, BAD_ARGUMENT);
    expect_refused(0xFFFFFFFF, 1, BAD_ARGUMENT);
}

static void video_memory_and_rom_can_be_mapped(void)
{
    uint32_t video, rom, same;

    EXPECT_OK(physical_map(0xA0000, 0x60, PHYSICAL_UNCACHED, &video));
    EXPECT_OK(physical_map(0xF0000, 16, PHYSICAL_READ_ONLY, &rom));
    EXPECT_EQUAL(0xEA, *(volatile uint8_t *)(rom + 0xFFF0)); /* the processor's first instruction: a far jump */
    EXPECT_EQUAL(0xEA, *(volatile uint8_t *)(video + 0x5FFF0));
    EXPECT_OK(physical_map(0xB8000, 8, 0, &same));
    uint32_t there = 0xB8000 - 0xA0000 + 0x7FF0;
    uint32_t old = *word_at(video + there);
    *word_at(same + 0x7FF0) = 0x07420741;
    EXPECT_EQUAL(0x07420741, *word_at(video + there));
    *word_at(video + there) = old;
    EXPECT_STATUS(BUSY, process_downgrade(CLASS_APPLICATION));
    EXPECT_OK(memory_free(video, 0x60));
    EXPECT_OK(memory_free(rom, 16));
    EXPECT_STATUS(BUSY, process_downgrade(CLASS_APPLICATION));
    EXPECT_OK(memory_free(same, 8));
    EXPECT_OK(process_downgrade(CLASS_APPLICATION));
}

static void physical_writer_of_rom(int argc, char **argv)
{
    uint32_t address;

    (void)argc;
    (void)argv;
    EXPECT_OK(physical_map(0xF0000, 1, PHYSICAL_READ_ONLY, &address));
    EXPECT_STATUS(BAD_ARGUMENT, memory_protect(address, 1, 0));
    EXPECT_STATUS(BAD_ADDRESS, system_statistics((struct system_statistics *)address));
    *word_at(address) = 0;
}

static void read_only_mapping_stays_read_only(void)
{
    process_id_t id;

    EXPECT_OK(test_spawn(CLASS_DRIVER, "physical_writer_of_rom", &id, NULL));
    EXPECT_EQUAL(PAGE_FAULT_EXIT, test_wait_exit(id));
}

static void addresses_above_ram_can_be_mapped(void)
{
    uint32_t low, high;

    EXPECT_OK(physical_map(0xFEE00000, 1, PHYSICAL_UNCACHED, &low));
    EXPECT_OK(physical_map(0xFFFFF000, 1, PHYSICAL_READ_ONLY, &high));
    EXPECT_EQUAL(0, low % PAGE_SIZE);
    EXPECT_OK(memory_free(low, 1));
    EXPECT_OK(memory_free(high, 1));
}

static void unknown_flags_of_physical_map_are_refused(void)
{
    uint32_t address;

    for (uint32_t flags = 8; flags != 0; flags <<= 1) {
        EXPECT_STATUS(BAD_ARGUMENT, physical_map(0xB8000, 1, flags, &address));
    }
    EXPECT_STATUS(BAD_ARGUMENT, physical_map(0xB8000, 1, PHYSICAL_UNCACHED | PHYSICAL_WRITE_COMBINING, &address));
}

/* ---- Boot modules ---- */

/* Maps the modules, and then writes to the one with the number in the argument. */
static void physical_writer_of_modules(int argc, char **argv)
{
    uint32_t address;

    EXPECT_OK(module_map(test_number(argv[argc - 1]), &address));
    EXPECT_STATUS(BAD_ARGUMENT, memory_protect(address, 1, 0));
    EXPECT_STATUS(BAD_ADDRESS, system_statistics((struct system_statistics *)address));
    EXPECT_OK(memory_protect(address, 1, MEMORY_READ_ONLY));
    *word_at(address) = 0;
}

static void boot_modules_are_mapped_read_only(void)
{
    struct module_information information;
    module_index_t index;

    for (index = 0; module_information(index, &information) == OK; index++) {
        process_id_t id;

        EXPECT_OK(test_spawn(CLASS_SERVER, "physical_writer_of_modules", &id, test_digits(index).text, NULL));
        EXPECT_EQUAL(PAGE_FAULT_EXIT, test_wait_exit(id));
    }
    EXPECT(index > 4);
}

static void last_page_of_a_module_ends_in_zeroes(void)
{
    struct module_information information;

    for (module_index_t index = 0; module_information(index, &information) == OK; index++) {
        uint32_t address;

        EXPECT_OK(module_map(index, &address));
        const uint8_t *bytes = (const uint8_t *)address;
        for (uint32_t at = information.size; at % PAGE_SIZE != 0; at++) {
            if (bytes[at] != 0) {
                EXPECT_NOT("%s: byte 0x%x behind %u is 0x%x", information.name, at, information.size, bytes[at]);
            }
        }
        EXPECT_OK(memory_free(address, PAGES(information.size)));
    }
}

static void modules_that_are_not_there_are_refused(void)
{
    static const module_index_t indices[] = { 100, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF };
    struct module_information information;
    uint32_t address;

    for (uint32_t i = 0; i < COUNT(indices); i++) {
        EXPECT_STATUS(NOT_FOUND, module_information(indices[i], &information));
        EXPECT_STATUS(NOT_FOUND, module_map(indices[i], &address));
    }
}

const struct test physical_tests[] = {
    TEST(CLASS_DRIVER, every_page_of_ram_is_refused_to_drivers),
    TEST(CLASS_DRIVER, ranges_that_reach_into_ram_are_refused),
    TEST(CLASS_DRIVER, video_memory_and_rom_can_be_mapped),
    TEST(CLASS_DRIVER, read_only_mapping_stays_read_only),
    TEST(CLASS_DRIVER, addresses_above_ram_can_be_mapped),
    TEST(CLASS_DRIVER, unknown_flags_of_physical_map_are_refused),
    TEST(CLASS_SERVER, boot_modules_are_mapped_read_only),
    TEST(CLASS_SERVER, last_page_of_a_module_ends_in_zeroes),
    TEST(CLASS_SERVER, modules_that_are_not_there_are_refused),
};
const uint32_t physical_test_count = COUNT(physical_tests);
const struct role physical_roles[] = {
    ROLE(physical_writer_of_rom),
    ROLE(physical_writer_of_modules),
};
const uint32_t physical_role_count = COUNT(physical_roles);
