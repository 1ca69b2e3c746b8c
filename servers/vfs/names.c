#include "names.h"

#include <stdarg.h>

#include <ternion/device.h>
#include <ternion/format.h>
#include <ternion/grant_text.h>
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#define TEXT_MAX 1024U

struct names;

struct text_node {
    struct node node;
    char text[TEXT_MAX];
};

/* A name space. */
struct names {
    struct file_system file_system;
    struct node root;
    /* The name behind an ID; the ID goes on. NOT_FOUND. */
    status_t (*next)(uint32_t *id, const char **name_out);
    /* Makes the text, at most TEXT_MAX bytes with a NUL. NOT_FOUND, BAD_NAME. */
    status_t (*describe)(const char *name, uint32_t size, char *text, uint64_t *number_out);
    uint32_t entry_kind;         /* enum vfs_kind, as lists say */
};

static struct names *names_of(struct node *node)
{
    return (struct names *)node->file_system;
}

/* ---- Processes ---- */

static status_t next_process(uint32_t *id, const char **name_out)
{
    static struct process_information information;
    uint32_t next;

    for (uint32_t after = *id; process_next(after, &next) == OK; after = next) {
        if (process_information(next, &information) == OK) {
            *id = next;
            *name_out = information.name;
            return OK;
        }
    }
    return NOT_FOUND;
}

static const char *const resource_names[RESOURCE_COUNT] = {
    [RESOURCE_FRAMES] = "frames", [RESOURCE_PROCESSES] = "processes", [RESOURCE_THREADS] = "threads",
    [RESOURCE_MESSAGE_BYTES] = "message_bytes", [RESOURCE_OBJECTS] = "objects",
};

/* A text that grows; what does not fit is left out. */
struct output {
    char *text;
    size_t size;                 /* bytes so far */
};

static void put(struct output *output, const char *template, ...) __attribute__((format(printf, 2, 3)));
static void put(struct output *output, const char *template, ...)
{
    va_list values;

    va_start(values, template);
    output->size += format_text_list(output->text + output->size, TEXT_MAX - output->size, template, values);
    va_end(values);
    output->size = output->size < TEXT_MAX ? output->size : TEXT_MAX - 1;
}

/* "all", "none", or names with commas between them. */
static void put_partners(struct output *output, uint32_t partners)
{
    const char *before = " ";

    put(output, "partners%s", partners == PARTNERS_ALL ? " all" : partners == 0 ? " none" : "");
    for (uint32_t role = 0; role < ROLE_COUNT && partners != PARTNERS_ALL; role++) {
        if ((partners & ROLE_BIT(role)) != 0) {
            put(output, "%s%s", before, role_name(role));
            before = ",";
        }
    }
    put(output, "\n");
}

static status_t describe_process(const char *name, uint32_t size, char *text, uint64_t *number_out)
{
    static const char *const states[] = { "running", "asleep", "frozen" };
    static struct process_information information;
    struct output output = { text, 0 };
    process_id_t id;

    if (process_find(name, size, &id) != OK || process_information(id, &information) != OK) {
        return NOT_FOUND;
    }
    uint64_t milliseconds = information.cpu_ns / 1000000;
    put(&output, "id %u\nparent %u\nclass %s\nstate %s\nthreads %u\nframes %u\ncpu_ms %llu\nover_budget %s\nrole %s\nstrikes %u\n", id,
        information.parent, class_name(information.class), information.state < 3 ? states[information.state] : "unknown",
        information.threads, information.frames, (unsigned long long)milliseconds, information.over_budget != 0 ? "yes" : "no",
        role_name(information.role), information.strikes);
    put_partners(&output, information.partners);
    for (uint32_t i = 0; i < RESOURCE_COUNT; i++) {
        put(&output, "%s_with_descendants %u\n%s_limit %u\n", resource_names[i], information.used[i], resource_names[i],
            information.limits[i]);
    }
    *number_out = id;
    return OK;
}

/* ---- Devices ---- */

static status_t next_device(uint32_t *id, const char **name_out)
{
    static struct device_information information;

    status_t status = device_next(*id, &information);
    if (status != OK) {
        return NOT_FOUND;
    }
    *id = information.id;
    *name_out = information.name;
    return OK;
}

static status_t describe_device(const char *name, uint32_t size, char *text, uint64_t *number_out)
{
    struct device_information information;
    struct process_information driver;

    if (device_find(name, size, 0, &information) != OK) {
        return NOT_FOUND;
    }
    bool is_known = process_information(information.process, &driver) == OK;
    format_text(text, TEXT_MAX, "id %u\ntype %s\ndriver %s\ndriver_id %u\nnumber %u\nbound %s\n", information.id,
                device_type_name(information.type), is_known ? driver.name : "?", information.process, information.number,
                (information.flags & DEVICE_IS_BOUND) != 0 ? "yes" : "no");
    *number_out = information.id;
    return OK;
}

/* ---- What the C library serves: libc/vfs.c ---- */

static const char *const own_names[] = { "null", "tty", "zero" };
#define OWN_NAMES (sizeof own_names / sizeof own_names[0])

static status_t next_own(uint32_t *id, const char **name_out)
{
    if (*id >= OWN_NAMES) {
        return NOT_FOUND;
    }
    *name_out = own_names[(*id)++];
    return OK;
}

static status_t describe_own(const char *name, uint32_t size, char *text, uint64_t *number_out)
{
    for (uint32_t i = 0; i < OWN_NAMES; i++) {
        if (strlen(own_names[i]) == size && memcmp(own_names[i], name, size) == 0) {
            text[0] = '\0';
            *number_out = i + 1;
            return OK;
        }
    }
    return NOT_FOUND;
}

/* ---- The file system ---- */

static status_t look_up(struct node *directory, const char *name, uint32_t size, struct node **node_out)
{
    struct names *names = names_of(directory);
    struct text_node *file = malloc(sizeof *file);

    if (file == NULL) {
        return NO_MEMORY;
    }
    file->node = (struct node){ .file_system = &names->file_system, .references = 1, .kind = VFS_KIND_FILE };
    status_t status = names->describe(name, size, file->text, &file->node.number);
    if (status != OK) {
        free(file);
        return status;
    }
    file->node.size = strnlen(file->text, TEXT_MAX);
    *node_out = &file->node;
    return OK;
}

static void released(struct node *node)
{
    if (node->kind == VFS_KIND_FILE) {
        free(node);
    }
}

static status_t read(struct node *node, uint64_t position, void *buffer, uint32_t size)
{
    memcpy(buffer, ((struct text_node *)node)->text + (uint32_t)position, size);
    return OK;
}

static status_t list(struct node *directory, uint32_t *cursor, struct directory_entry *entry_out)
{
    const char *name;

    status_t status = names_of(directory)->next(cursor, &name);
    if (status == OK) {
        entry_out->number = *cursor;
        entry_out->kind = (uint8_t)names_of(directory)->entry_kind;
        entry_out->name_size = (uint8_t)strlen(name);
        memcpy(entry_out->name, name, entry_out->name_size);
    }
    return status;
}

#define OPERATIONS(name) { .type = name, .look_up = look_up, .released = released, .read = read, .list = list }

static const struct file_system_operations processes = OPERATIONS("processes");
static const struct file_system_operations devices = OPERATIONS("devices");
static const struct file_system_operations own = OPERATIONS("names");

static status_t make(const struct file_system_operations *operations, const struct names *kind, struct file_system **file_system_out)
{
    struct names *names = malloc(sizeof *names);

    if (names == NULL) {
        return NO_MEMORY;
    }
    *names = *kind;
    names->file_system = (struct file_system){ .operations = operations, .root = &names->root, .is_read_only = true,
                                               .block_size = PAGE_SIZE };
    names->root = (struct node){ .file_system = &names->file_system, .references = 1, .kind = VFS_KIND_DIRECTORY };
    *file_system_out = &names->file_system;
    return OK;
}

status_t names_make_processes(struct file_system **file_system_out)
{
    return make(&processes, &(struct names){ .next = next_process, .describe = describe_process, .entry_kind = VFS_KIND_FILE }, file_system_out);
}

status_t names_make_devices(struct file_system **file_system_out)
{
    return make(&devices, &(struct names){ .next = next_device, .describe = describe_device, .entry_kind = VFS_KIND_FILE }, file_system_out);
}

status_t names_make_dev(struct file_system **file_system_out)
{
    return make(&own, &(struct names){ .next = next_own, .describe = describe_own, .entry_kind = VFS_KIND_LIBRARY }, file_system_out);
}
