#include <stdbool.h>

#include <ternion/manifest.h>
#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#include "bus.h"
#include "modules.h"
#include "supervisor.h"

#define OWNERS_MAX 4U

/* A program that was started for a slot. */
struct plugged {
    struct plugged *next;
    uint32_t slot;
    const struct supervised *program;
};

/* Bytes that are kept for the process of a name. */
struct kept {
    char owner[NAME_SIZE_MAX + 1];
    void *bytes;
    uint32_t size;
};

static struct plugged *first;
static struct kept all_kept[OWNERS_MAX];

/* False: the caller is no bus driver, or gone. */
static bool is_bus(const struct server_call *call, struct process_information *caller_out)
{
    return process_information(call->sender, caller_out) == OK && caller_out->role == ROLE_BUS;
}

/* ---- Programs ---- */

static const struct plugged *find(uint32_t slot)
{
    const struct plugged *plugged = first;

    while (plugged != NULL && plugged->slot != slot) {
        plugged = plugged->next;
    }
    return plugged;
}

/* Puts ports and memory into the places of a manifest's access that it has not used. False: there are not enough. */
static bool add_resources(struct access *access, const struct init_bus_start_request *request)
{
    uint32_t port = 0, memory = 0;

    access->irqs |= request->irqs;
    for (uint32_t i = 0; i < INIT_BUS_RANGES_MAX; i++) {
        if (request->ports[i].last != 0) {
            while (port < ACCESS_PORTS_MAX && access->ports[port].last != 0) {
                port++;
            }
            if (port == ACCESS_PORTS_MAX) {
                return false;
            }
            access->ports[port] = request->ports[i];
        }
        if (request->memory[i].last != 0) {
            while (memory < ACCESS_MEMORY_MAX && access->memory[memory].last != 0) {
                memory++;
            }
            if (memory == ACCESS_MEMORY_MAX) {
                return false;
            }
            access->memory[memory] = request->memory[i];
        }
    }
    return true;
}

/* Those of the image's boot line, and behind them those of the bus driver. False: they are too many. */
static bool add_arguments(struct program *program, const struct module_information *module, const struct init_bus_start_request *request)
{
    if (module->arguments_size > sizeof program->arguments
        || request->arguments_size > sizeof program->arguments - module->arguments_size) {
        return false;
    }
    memcpy(program->arguments, module->arguments, module->arguments_size);
    memcpy(program->arguments + module->arguments_size, request->arguments, request->arguments_size);
    program->arguments_size = module->arguments_size + request->arguments_size;
    return true;
}

static status_t describe(const struct init_bus_start_request *request, const struct module_information *module,
                         const struct manifest *manifest, struct program *program_out)
{
    size_t length = strnlen(request->name, sizeof request->name);

    if (length == 0 || length + 2 > NAME_SIZE_MAX || request->arguments_size > INIT_BUS_ARGUMENTS_MAX) {
        return BAD_ARGUMENT;
    }
    *program_out = (struct program){
        .class = CLASS_DRIVER,
        .name = { 'd', '\\' },
        .restart = RESTART_ON_FAILURE,
        .grant = { .source = ACCESS_EXPLICIT, .access = manifest->access },
        .has_arguments = true,
    };
    memcpy(program_out->name + 2, request->name, length);
    program_out->name_text = program_out->name + 2;
    memcpy(program_out->image, request->image, sizeof program_out->image);
    return add_arguments(program_out, module, request) && add_resources(&program_out->grant.access, request) ? OK : TOO_BIG;
}

/* Finds the image, and what it says that it needs. */
static status_t open_image(const char *path, struct module_information *module_out, const void **image_out, struct manifest *manifest_out)
{
    module_index_t index;

    status_t status = module_find(path, &index, module_out);
    if (status == OK) {
        status = module_out->flags & MODULE_IS_FILE ? module_bytes(index, image_out) : NOT_FOUND;
    }
    if (status != OK) {
        return status;
    }
    status = manifest_read(*image_out, module_out->size, manifest_out);
    if (status != OK) {
        (void)memory_free((uint32_t)*image_out, PAGES(module_out->size));
    }
    return status;
}

static status_t start(const struct init_bus_start_request *request, struct plugged *plugged)
{
    struct module_information module;
    struct manifest manifest;
    struct program program;
    const void *image;

    if (strnlen(request->image, sizeof request->image) == sizeof request->image) {
        return BAD_ARGUMENT;
    }
    status_t status = open_image(request->image, &module, &image, &manifest);
    if (status != OK) {
        return status;
    }
    status = describe(request, &module, &manifest, &program);
    if (status == OK) {
        status = supervisor_start(&program, image, module.size, &plugged->program);
    }
    if (status != OK) {
        (void)memory_free((uint32_t)image, PAGES(module.size));
    }
    return status;
}

status_t bus_start(struct server_call *call, const struct init_bus_start_request *request, struct init_entry_reply *reply)
{
    struct process_information caller;

    if (!is_bus(call, &caller)) {
        return NOT_ALLOWED;
    }
    if (find(request->slot) != NULL) {
        return EXISTS;
    }
    struct plugged *plugged = calloc(1, sizeof *plugged);
    if (plugged == NULL) {
        return NO_MEMORY;
    }
    status_t status = start(request, plugged);
    if (status != OK) {
        free(plugged);
        return status;
    }
    plugged->slot = request->slot;
    plugged->next = first;
    first = plugged;
    supervisor_describe(plugged->program, reply);
    return OK;
}

status_t bus_program(struct server_call *call, const struct init_bus_slot *request, struct init_entry_reply *reply)
{
    struct process_information caller;

    if (!is_bus(call, &caller)) {
        return NOT_ALLOWED;
    }
    const struct plugged *plugged = find(request->slot);
    if (plugged == NULL) {
        return NOT_FOUND;
    }
    supervisor_describe(plugged->program, reply);
    return OK;
}

/* ---- Bytes ---- */

/* What is kept for a name. NULL: nothing is; free_out then has a place for it, or NULL. */
static struct kept *find_kept(const char *owner, struct kept **free_out)
{
    *free_out = NULL;
    for (uint32_t i = 0; i < OWNERS_MAX; i++) {
        if (all_kept[i].bytes == NULL) {
            *free_out = &all_kept[i];
        } else if (strcmp(all_kept[i].owner, owner) == 0) {
            return &all_kept[i];
        }
    }
    return NULL;
}

status_t bus_keep(struct server_call *call, const struct nothing *request, struct nothing *reply)
{
    struct process_information caller;
    struct kept *free_place;
    (void)request;
    (void)reply;

    if (!is_bus(call, &caller)) {
        return NOT_ALLOWED;
    }
    struct kept *kept = find_kept(caller.name, &free_place);
    if (kept == NULL) {
        kept = free_place;
    }
    if (kept == NULL) {
        return NO_MEMORY;
    }
    void *bytes = realloc(kept->bytes, call->string_size + 1);
    if (bytes == NULL) {
        return NO_MEMORY;
    }
    memcpy(bytes, call->string, call->string_size);
    memcpy(kept->owner, caller.name, sizeof kept->owner);
    kept->bytes = bytes;
    kept->size = call->string_size;
    return OK;
}

status_t bus_kept(struct server_call *call, const struct nothing *request, struct nothing *reply)
{
    struct process_information caller;
    struct kept *free_place;
    (void)request;
    (void)reply;

    if (!is_bus(call, &caller)) {
        return NOT_ALLOWED;
    }
    const struct kept *kept = find_kept(caller.name, &free_place);
    if (kept == NULL) {
        return NOT_FOUND;
    }
    server_give_string(call, kept->bytes, kept->size);
    return OK;
}
