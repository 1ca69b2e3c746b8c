/* Starting processes of this program, and what those do that are clients. */
#include <stdarg.h>

#include <ternion/clock.h>
#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "check.h"
#include "role.h"
#include "runner.h"

#define ARGUMENTS_MAX 8
#define EVENT_PATIENCE_NS (20 * SECOND)

process_id_t runner;

/* ---- The image ---- */

/* The boot module that this program came from. */
static void find_image(const void **image_out, uint32_t *size_out)
{
    struct module_information module;
    uint32_t address;

    for (module_index_t index = 0;; index++) {
        MUST(module_information(index, &module));
        if (module.process == runner) {
            MUST(module_map(index, &address));
            *image_out = (const void *)address;
            *size_out = module.size;
            return;
        }
    }
}

/* A name that no living process has: the starter's ID, and how many it has started. */
static const char *make_name(char *buffer, size_t size)
{
    static uint32_t started;

    format_text(buffer, size, "c%x.%u", process_page()->id, ++started);
    return buffer;
}

process_id_t role_start(const char *role, ...)
{
    static const void *image;
    static uint32_t image_size;
    char number[NUMBER_SIZE];
    char name[NAME_SIZE_MAX + 1];
    char *arguments[ARGUMENTS_MAX] = { (char *)role, format_number(number, runner) };
    int count = 2;
    va_list values;
    process_id_t id;

    va_start(values, role);
    for (char *argument; (argument = va_arg(values, char *)) != NULL; count++) {
        arguments[count] = argument;
    }
    va_end(values);
    if (image == NULL) {
        find_image(&image, &image_size);
    }
    MUST(spawn_image(process_page()->class, make_name(name, sizeof name), image, image_size, count, arguments, &id));
    return id;
}

char *format_number(char buffer[NUMBER_SIZE], uint32_t number)
{
    format_text(buffer, NUMBER_SIZE, "%u", number);
    return buffer;
}

/* ---- Clients ---- */

static process_id_t client_start(const char *role, const struct device *device, uint32_t client, uint32_t turns)
{
    char type[NUMBER_SIZE], client_text[NUMBER_SIZE], turns_text[NUMBER_SIZE];

    return role_start(role, device->name, format_number(type, device->type), format_number(client_text, client),
                      format_number(turns_text, turns), NULL);
}

process_id_t client_use(const struct device *device, uint32_t client, uint32_t turns)
{
    return client_start(ROLE_USE, device, client, turns);
}

process_id_t client_linger(const struct device *device)
{
    return client_start(ROLE_LINGER, device, 0, 0);
}

bool client_is_gone(process_id_t id)
{
    struct process_information information;

    return process_information(id, &information) != OK;
}

/* Clients that ended while another one was waited for. */
static struct { process_id_t id; uint32_t code; } ended[CLIENTS];

static bool has_ended(process_id_t id, uint32_t *code_out)
{
    for (uint32_t i = 0; i < CLIENTS; i++) {
        if (ended[i].id == id) {
            ended[i].id = 0;
            *code_out = ended[i].code;
            return true;
        }
    }
    return false;
}

static void remember(process_id_t id, uint32_t code)
{
    uint32_t at = 0;

    while (ended[at].id != 0) {
        EXPECT(++at < CLIENTS);
    }
    ended[at].id = id;
    ended[at].code = code;
}

uint32_t client_wait(process_id_t id)
{
    nanoseconds_t deadline_ns = clock_after(EVENT_PATIENCE_NS);
    struct event event;
    uint32_t code;

    while (!has_ended(id, &code)) {
        if (event_wait(&event, deadline_ns) != OK) {
            EXPECT_NOT("a client did not end within %u s", (unsigned)(EVENT_PATIENCE_NS / SECOND));
        }
        if (event.kind == EVENT_PROCESS_EXITED) {
            remember(event.id, event.count);
        }
    }
    return code;
}

void client_end(process_id_t id)
{
    (void)process_terminate(id, 0);
    (void)client_wait(id);
}

bool client_end_lingering(process_id_t id)
{
    if (!client_is_gone(id)) {
        client_end(id);
        return true;
    }
    uint32_t code = client_wait(id);
    if (code != OK && code != ABSENT) {
        EXPECT_NOT("a client that should have waited got %s", code < STATUS_COUNT ? status_name((status_t)code) : "no answer");
    }
    return false;
}

void skip_if_taken(struct device *device)
{
    process_id_t client = client_linger(device);

    clock_sleep(100 * MILLISECOND);
    if (client_is_gone(client)) {
        SKIP_UNLESS(client_wait(client) != BUSY, "somebody else reads it");
    } else {
        client_end(client);
    }
}

void role_open(struct device *device, const char *name, device_type_t type)
{
    EXPECT_OK(device_open(device, name, type, clock_after(DEVICE_PATIENCE_NS)));
}

void use(struct device *device, uint32_t client, uint32_t turn)
{
    const struct kind *kind = kind_of(device->type);
    char text[DEVICE_DESCRIPTION_MAX + 1];
    device_type_t type;

    if (kind->use != NULL) {
        kind->use(device, client, turn);
    } else {
        EXPECT_OK(device_describe(device, &type, text, sizeof text));
    }
}

int client_main(const char *role, int argc, char **argv)
{
    struct device device;

    if (argc < 4) {
        return EXIT_FAILED;
    }
    role_open(&device, argv[0], parse_number(argv[1]));
    const struct kind *kind = kind_of(device.type);
    if (strcmp(role, ROLE_LINGER) == 0) {
        return (int)kind->linger(&device);
    }
    uint32_t turns = parse_number(argv[3]);
    for (uint32_t turn = 0; turn < turns; turn++) {
        use(&device, parse_number(argv[2]), turn);
    }
    return 0;
}
