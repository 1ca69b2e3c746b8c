/* Starting other processes of this image. */
#include <stdarg.h>

#include <ternion/format.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "test.h"

#define ARGUMENT_COUNT_MAX 32

const struct access test_access = {
    .rights = RIGHTS_ALL & ~(RIGHT_DMA_CONTROLLER | RIGHT_PCI),
    .partners = PARTNERS_ALL,
    .irqs = 0xFFFF,
    .ports = { { 0, 0xFFFF } },
    .memory = { { 0, 0xFFFFFFFF } },
};

/* A name that no living process has: the starter's ID, and how many it has started. */
static const char *make_name(char *buffer, size_t size)
{
    static uint32_t children;

    format_text(buffer, size, "c%x.%u", process_page()->id, ++children);
    return buffer;
}

static status_t spawn_role(struct spawn spawn, const char *role, process_id_t *id_out, va_list values)
{
    char packed[ARGUMENTS_SIZE_MAX];
    char name[NAME_SIZE_MAX + 1];
    struct test_digits runner = test_digits(test_runner);
    char *arguments[ARGUMENT_COUNT_MAX] = { (char *)"role", runner.text, (char *)test_name, (char *)role };
    int count = 4;
    elf_reason_t reason;

    if (spawn.grant.source == ACCESS_MANIFEST) {
        spawn.grant.source = ACCESS_SAME;    /* this image's manifest is the runner's */
    }
    for (const char *argument; (argument = va_arg(values, const char *)) != NULL; count++) {
        EXPECT(count < ARGUMENT_COUNT_MAX);
        arguments[count] = (char *)argument;
    }
    EXPECT_OK(arguments_pack(count, arguments, packed, sizeof packed, &spawn.arguments_size));
    spawn.arguments = packed;
    if (spawn.name == NULL) {
        spawn.name = make_name(name, sizeof name);
        spawn.name_size = (uint32_t)strlen(name);
    }
    test_image(&spawn.image, &spawn.image_size);
    return process_spawn(&spawn, id_out, &reason);
}

status_t test_spawn(process_class_t class, const char *role, process_id_t *id_out, ...)
{
    struct spawn spawn = { .class = class, .flags = SPAWN_WATCH };
    va_list values;

    va_start(values, id_out);
    status_t status = spawn_role(spawn, role, id_out, values);
    va_end(values);
    return status;
}

status_t test_spawn_as(const struct spawn *wanted, const char *role, process_id_t *id_out, ...)
{
    va_list values;

    va_start(values, id_out);
    status_t status = spawn_role(*wanted, role, id_out, values);
    va_end(values);
    return status;
}

status_t test_spawn_with(process_class_t class, const struct access *access, const char *role, process_id_t *id_out, ...)
{
    struct spawn spawn = { .class = class, .flags = SPAWN_WATCH, .grant = { .source = ACCESS_EXPLICIT, .access = *access } };
    va_list values;

    va_start(values, id_out);
    status_t status = spawn_role(spawn, role, id_out, values);
    va_end(values);
    return status;
}
