#include "files.h"

#include <ternion/log.h>
#include <ternion/memory.h>
#include <ternion/syscall.h>
#include <ternion/vfs.h>

#include "measure.h"

#define SMALL "/boot/init.list"
#define LARGE "/tmp/large"
#define LARGE_BYTES (1U << 20)

static void open_read_close(void)
{
    struct vfs_file file;
    uint32_t count;
    char byte;

    MUST(vfs_file_open(&file, SMALL, VFS_READ));
    MUST(vfs_file_read(&file, 0, &byte, 1, &count));
    vfs_file_close(&file);
}

static struct vfs_file large;

static void write_large(void)
{
    static uint8_t bytes[VFS_TRANSFER_MAX];
    uint32_t count;

    MUST(vfs_file_open(&large, LARGE, VFS_READ | VFS_WRITE | VFS_CREATE));
    for (uint32_t at = 0; at < LARGE_BYTES; at += count) {
        MUST(vfs_file_write(&large, at, bytes, sizeof bytes, &count, NULL));
    }
}

/* All of the file, by pages, each of which is looked at. */
static uint64_t read_sample(void)
{
    uint64_t begin = timestamp_read();
    uint32_t count;
    void *address;

    for (uint32_t at = 0; at < LARGE_BYTES; at += count) {
        MUST(vfs_file_read_pages(&large, at, VFS_PAGES_MAX, &address, &count));
        for (uint32_t page = 0; page < count; page += PAGE_SIZE) {
            (void)*((volatile uint8_t *)address + page);
        }
        MUST(memory_free((uint32_t)address, PAGES(count)));
    }
    return timestamp_read() - begin;
}

void report_files(void)
{
    report("vfs_open_read_close", measure(open_read_close), "instructions");
    write_large();
    report_per_byte("vfs_read_per_byte", measure_samples(read_sample, 1), LARGE_BYTES);
    vfs_file_close(&large);
    MUST(vfs_path_remove(LARGE, false));
}
