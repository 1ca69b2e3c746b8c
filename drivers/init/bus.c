#include <stdbool.h>

#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#include "bus.h"
#include "modules.h"
#include "supervisor.h"

#define OWNERS_MAX 4U
_Static_assert(INIT_BUS_RANGES_MAX <= ACCESS_PORTS_MAX && INIT_BUS_RANGES_MAX <= ACCESS_MEMORY_MAX, "an access has room for a request's ranges");

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

/* Those that init.list has for the image, and behind them those of the bus driver. False: they are too many. */
static bool add_arguments(struct program *program, const struct init_bus_start_request *request)
{
    const struct program *listed = supervisor_listed(program->image);
    uint32_t size = listed == NULL ? 0 : listed->arguments_size;

    if (size > sizeof program->arguments || request->arguments_size > sizeof program->arguments - size) {
        return false;
    }
    if (size != 0) {
        memcpy(program->arguments, listed->arguments, size);
    }
    memcpy(program->arguments + size, request->arguments, request->arguments_size);
    program->arguments_size = size + request->arguments_size;
    return true;
}

static status_t describe(const struct init_bus_start_request *request, struct program *program_out)
{
    size_t length = strnlen(request->name, sizeof request->name);
    struct module_information module;
    module_index_t index;

    if (length == 0 || length + 2 > NAME_SIZE_MAX || request->arguments_size > INIT_BUS_ARGUMENTS_MAX
        || strnlen(request->image, sizeof request->image) == sizeof request->image) {
        return BAD_ARGUMENT;
    }
    if (module_find(request->image, &index, &module) != OK || !(module.flags & MODULE_IS_FILE)) {
        return NOT_FOUND;
    }
    *program_out = (struct program){
        .class = CLASS_DRIVER,
        .name = { 'd', '\\' },
        .restart = RESTART_ON_FAILURE,
        .has_arguments = true,
    };
    memcpy(program_out->name + 2, request->name, length);
    program_out->name_text = program_out->name + 2;
    memcpy(program_out->image, request->image, sizeof program_out->image);
    return add_arguments(program_out, request) ? OK : TOO_BIG;
}

static status_t start(const struct init_bus_start_request *request, struct plugged *plugged)
{
    struct access resources = { .irqs = request->irqs };
    struct program program;

    memcpy(resources.ports, request->ports, sizeof request->ports);
    memcpy(resources.memory, request->memory, sizeof request->memory);
    status_t status = describe(request, &program);
    return status != OK ? status : supervisor_start(&program, &resources, &plugged->program);
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
