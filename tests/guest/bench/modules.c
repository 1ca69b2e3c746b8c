#include "modules.h"

#include <ternion/log.h>
#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

void module_find(const char *name, const void **bytes_out, uint32_t *size_out)
{
    struct module_information information;
    uint32_t address;

    for (module_index_t index = 0;; index++) {
        MUST(module_information(index, &information));
        if (strcmp(information.name, name) == 0) {
            MUST(module_map(index, &address));
            *bytes_out = (const void *)address;
            *size_out = information.size;
            return;
        }
    }
}

uint32_t own_module_pages(void)
{
    static const char *const own[] = { "d\\bench", "bench_peer.elf", "bench_driver.elf", "bench_bios.elf" };
    struct module_information information;
    uint32_t pages = 0;

    for (module_index_t index = 0; module_information(index, &information) == OK; index++) {
        for (uint32_t i = 0; i < sizeof own / sizeof own[0]; i++) {
            pages += strcmp(information.name, own[i]) == 0 ? PAGES(information.size) : 0;
        }
    }
    return pages;
}
