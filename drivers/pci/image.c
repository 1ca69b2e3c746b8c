#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

#include "image.h"

#define SUFFIX ".elf"
#define ANY_INTERFACE 0xFFU

struct known_image {
    struct known_image *next;
    struct image image;
    struct pci_match matches[MANIFEST_PCI_MAX];
};

static struct known_image *first;
static struct known_image **last_link = &first;

static bool is_for_anything(const struct manifest *manifest)
{
    for (uint32_t i = 0; i < MANIFEST_PCI_MAX; i++) {
        if (manifest->pci[i].is_used) {
            return true;
        }
    }
    return false;
}

/* The part of a path behind its last folder, without .elf. */
static void name_process(const char *path, char name_out[NAME_SIZE_MAX + 1])
{
    const char *slash = strrchr(path, '/');
    const char *file = slash == NULL ? path : slash + 1;
    size_t length = strlen(file);
    size_t suffix = strlen(SUFFIX);

    if (length > suffix && strcmp(file + length - suffix, SUFFIX) == 0) {
        length -= suffix;
    }
    memcpy(name_out, file, length);
    name_out[length] = '\0';
}

static void add(const char *path, const struct manifest *manifest)
{
    struct known_image *known = calloc(1, sizeof *known);

    if (known == NULL) {
        log_print(LOG_ERROR, "no memory to know the driver %s", path);
        return;
    }
    memcpy(known->image.path, path, strlen(path) + 1);
    name_process(path, known->image.name);
    memcpy(known->matches, manifest->pci, sizeof known->matches);
    *last_link = known;
    last_link = &known->next;
}

/* Most files are no programs, and most programs are not for PCI. */
static void look_into(module_index_t index, const struct module_information *module)
{
    struct manifest manifest;
    uint32_t address;

    status_t status = module_map(index, &address);
    if (status != OK) {
        log_print(LOG_WARNING, "cannot look into the boot module %s: %s", module->name, status_meaning(status));
        return;
    }
    if (manifest_read((const void *)address, module->size, &manifest) == OK && is_for_anything(&manifest)) {
        add(module->name, &manifest);
    }
    (void)memory_free(address, PAGES(module->size));
}

void images_find(void)
{
    struct module_information module;

    for (module_index_t index = 0; module_information(index, &module) == OK; index++) {
        if (module.flags & MODULE_IS_FILE && module.size != 0) {
            look_into(index, &module);
        }
    }
}

void images_begin_anew(void)
{
    for (struct known_image *known = first; known != NULL; known = known->next) {
        known->image.process_count = 0;
    }
}

static bool names_function(const struct pci_match *match, const struct pci_function *function)
{
    return match->is_used && match->vendor != 0 && match->vendor == function->vendor && match->device == function->id;
}

static bool names_class(const struct pci_match *match, const struct pci_function *function)
{
    return match->is_used && match->vendor == 0 && match->class == function->class && match->subclass == function->subclass
        && (match->interface == ANY_INTERFACE || match->interface == function->interface);
}

static struct image *find(const struct pci_function *function, bool (*is_match)(const struct pci_match *, const struct pci_function *))
{
    for (struct known_image *known = first; known != NULL; known = known->next) {
        for (uint32_t i = 0; i < MANIFEST_PCI_MAX; i++) {
            if (is_match(&known->matches[i], function)) {
                return &known->image;
            }
        }
    }
    return NULL;
}

struct image *image_for(const struct pci_function *function)
{
    struct image *image = find(function, names_function);

    return image != NULL ? image : find(function, names_class);
}
