#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#include "supervisor.h"

#define TABLE_FORM 1U            /* of what is kept: another version of this driver may have left it */

/* Stands in front of the functions. */
struct table_head {
    uint32_t form;
    uint32_t function_size;
    uint32_t count;
};

static process_id_t init;        /* 0: not found yet; else watched */

status_t supervisor_find(void)
{
    process_id_t found;

    if (init != 0) {
        return OK;
    }
    status_t status = name_find("d\\init", &found);
    if (status == OK) {
        status = process_watch(found);
    }
    if (status == OK) {
        init = found;
    }
    return status == BAD_ID ? NOT_FOUND : status;     /* it has just ended */
}

bool supervisor_ended(process_id_t process)
{
    if (process != init) {
        return false;
    }
    init = 0;
    return true;
}

/* Is what came back a whole table? */
static bool is_table(const void *bytes, uint32_t size, struct table_head *head_out)
{
    if (size < sizeof *head_out) {
        return false;
    }
    memcpy(head_out, bytes, sizeof *head_out);
    return head_out->form == TABLE_FORM && head_out->function_size == sizeof(struct function)
        && head_out->count <= INIT_BUS_KEPT_MAX / sizeof(struct function)
        && size - sizeof *head_out == head_out->count * sizeof(struct function);
}

uint32_t supervisor_recall(struct function **functions_out)
{
    struct table_head head = { .count = 0 };
    char *bytes = malloc(INIT_BUS_KEPT_MAX);
    struct payload payload = { .buffer = bytes, .buffer_size = INIT_BUS_KEPT_MAX };

    *functions_out = NULL;
    if (bytes == NULL || init == 0 || init_bus_kept(init, NULL, NULL, &payload) != OK
        || !is_table(bytes, payload.reply_string_size, &head)) {
        free(bytes);
        return 0;
    }
    memmove(bytes, bytes + sizeof head, head.count * sizeof(struct function));
    *functions_out = (struct function *)(void *)bytes;
    return head.count;
}

status_t supervisor_remember(void)
{
    struct table_head head = { TABLE_FORM, sizeof(struct function), function_count() };
    uint32_t size = sizeof head + head.count * (uint32_t)sizeof(struct function);

    if (supervisor_find() != OK) {
        return NOT_FOUND;
    }
    char *bytes = malloc(size);
    if (bytes == NULL) {
        return NO_MEMORY;
    }
    memcpy(bytes, &head, sizeof head);
    if (head.count != 0) {
        memcpy(bytes + sizeof head, function_at(0), head.count * sizeof(struct function));
    }
    status_t status = init_bus_keep(init, NULL, NULL, &(struct payload){ .string = bytes, .string_size = size });
    free(bytes);
    return status;
}

status_t supervisor_start(const struct init_bus_start_request *request, struct init_entry_reply *reply_out)
{
    status_t status = supervisor_find();

    return status != OK ? status : init_bus_start(init, request, reply_out);
}

process_id_t supervisor_driver(place_t place)
{
    struct init_entry_reply reply;

    if (supervisor_find() != OK || init_bus_program(init, &(struct init_bus_slot){ place }, &reply) != OK
        || reply.state != SUPERVISED_RUNNING) {
        return 0;
    }
    return reply.process;
}
