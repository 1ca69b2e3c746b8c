#include <ternion/string.h>
#include <ternion/syscall.h>

#include "modules.h"

status_t module_find(const char *name, module_index_t *index_out, struct module_information *information_out)
{
    for (module_index_t index = 0;; index++) {
        status_t status = module_information(index, information_out);
        if (status != OK) {
            return status;
        }
        if (strcmp(information_out->name, name) == 0) {
            *index_out = index;
            return OK;
        }
    }
}

status_t module_bytes(module_index_t index, const void **bytes_out)
{
    uint32_t address;

    status_t status = module_map(index, &address);
    if (status == OK) {
        *bytes_out = (const void *)address;
    }
    return status;
}
