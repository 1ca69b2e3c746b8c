#include "linux.h"

#include "report.h"

#define PROTECTION_READ_WRITE 3U
#define MAP_SHARED_ANONYMOUS 0x21U
#define NO_FILE UINT32_MAX

uint32_t must(const char *what, int32_t result)
{
    if (result < 0) {
        report_failure(what, (uint32_t)-result);
    }
    return (uint32_t)result;
}

uint32_t process_fork(void)
{
    return must("fork", linux_call_0(LINUX_FORK));
}

void process_exit(void)
{
    for (;;) {
        (void)linux_call_3(LINUX_EXIT, 0, 0, 0);
    }
}

void process_wait(uint32_t id)
{
    must("waitpid", linux_call_3(LINUX_WAITPID, id, 0, 0));
}

void byte_write(uint32_t file)
{
    uint8_t byte = 1;

    must("write", linux_call_3(LINUX_WRITE, file, (uint32_t)&byte, 1));
}

uint32_t byte_read(uint32_t file)
{
    uint8_t byte;

    return must("read", linux_call_3(LINUX_READ, file, (uint32_t)&byte, 1));
}

void file_close(uint32_t file)
{
    must("close", linux_call_3(LINUX_CLOSE, file, 0, 0));
}

void *memory_share(uint32_t bytes)
{
    int32_t address = linux_call_6(LINUX_MMAP2, 0, bytes, PROTECTION_READ_WRITE, MAP_SHARED_ANONYMOUS, NO_FILE, 0);

    /* Addresses may have the sign of an error; errors are the last page. */
    if ((uint32_t)address >= UINT32_MAX - 4095) {
        report_failure("mmap", (uint32_t)-address);
    }
    return (void *)(uintptr_t)(uint32_t)address;
}
