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
    struct module_information information;
    uint32_t pages = 0;

    for (module_index_t index = 0; module_information(index, &information) == OK; index++) {
        if (strcmp(information.name, "d\\bench") == 0 || strcmp(information.name, "bench_peer.elf") == 0) {
            pages += PAGES(information.size);
        }
    }
    return pages;
}
