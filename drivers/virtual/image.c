#include "image.h"

#include <ternion/log.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

void image_map(const char *name, uint32_t number, const void **image_out, uint32_t *size_out)
{
    struct module_information module;
    module_index_t index = 0;
    uint32_t address;

    status_t status = module_information(index, &module);
    while (status == OK && strcmp(module.name, name) != 0) {
        status = module_information(++index, &module);
    }
    if (status == OK) {
        status = module_map(index, &address);
    }
    if (status != OK) {
        log_print(LOG_ERROR, "image=%s: %s; disk %u begins empty", name,
                  status == NOT_FOUND ? "there is no boot module of this name" : status_meaning(status), number);
        return;
    }
    *image_out = (const void *)address;
    *size_out = module.size;
}

bool image_next(uint32_t *index, struct image *image_out)
{
    static struct module_information module;
    uint32_t address;

    while (module_information(*index, &module) == OK) {
        status_t status = NOT_FOUND;

        if ((module.flags & MODULE_IS_FILE) != 0 && strncmp(module.name, IMAGE_PREFIX, sizeof IMAGE_PREFIX - 1) == 0) {
            status = module_map(*index, &address);
            if (status != OK) {
                log_print(LOG_ERROR, "%s: %s; it is no disk", module.name, status_meaning(status));
            }
        }
        (*index)++;
        if (status == OK) {
            *image_out = (struct image){ module.name + sizeof IMAGE_PREFIX - 1, (const void *)address, module.size };
            return true;
        }
    }
    return false;
}
