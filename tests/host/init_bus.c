/* What d\init does for bus drivers: what they ask for is given on beside manifest and policy, and hostile requests are refused. */
#include "bus.h"

#include <stdlib.h>
#include <string.h>

#include "modules.h"
#include "supervisor.h"
#include "test.h"

#define BUS 5U
#define STRANGER 6U

struct supervised {
    struct program program;
    struct access plugged;
};

status_t process_information(process_id_t id, struct process_information *information_out);

static struct supervised started[4];
static uint32_t started_count;
static status_t start_status;
static struct module_information module;
static struct program listed;        /* init.list's line for the image */
static bool is_listed;
static char bus_name[] = "d\\pci";
static const void *given;                /* what goes back to the caller */
static uint32_t given_size;

/* ---- The rest of d\init, and the system ---- */

status_t process_information(process_id_t id, struct process_information *information_out)
{
    memset(information_out, 0, sizeof *information_out);
    strcpy(information_out->name, bus_name);
    information_out->role = id == BUS ? ROLE_BUS : ROLE_PLATFORM;
    return id == BUS || id == STRANGER ? OK : BAD_ID;
}

status_t module_find(const char *name, module_index_t *index_out, struct module_information *information_out)
{
    *index_out = 3;
    *information_out = module;
    return strcmp(name, module.name) == 0 ? OK : NOT_FOUND;
}

status_t supervisor_start(const struct program *program, const struct access *plugged, const struct supervised **supervised_out)
{
    CHECK(strcmp(program->image, module.name) == 0);
    CHECK(strnlen(program->name, sizeof program->name) < sizeof program->name);
    CHECK(program->name_text == program->name + 2);
    if (start_status == OK) {
        started[started_count].program = *program;
        started[started_count].plugged = *plugged;
        *supervised_out = &started[started_count++];
    }
    return start_status;
}

const struct program *supervisor_listed(const char *image)
{
    return is_listed && strcmp(image, module.name) == 0 ? &listed : NULL;
}

void supervisor_describe(const struct supervised *supervised, struct init_entry_reply *reply)
{
    *reply = (struct init_entry_reply){ SUPERVISED_RUNNING, 100 + (uint32_t)(supervised - started), 0 };
}

void server_give_string(struct server_call *call, const void *string, uint32_t size)
{
    (void)call;
    given = string;
    given_size = size;
}

/* ---- Helpers of the tests ---- */

static struct server_call caller = { .sender = BUS };

static void put_module(void)
{
    module = (struct module_information){ .size = 5000, .flags = MODULE_IS_FILE, .name = "edu.elf" };
}

static struct init_bus_start_request request_of(uint32_t slot)
{
    return (struct init_bus_start_request){
        .slot = slot, .irqs = IRQ_BIT(11), .image = "edu.elf", .name = "edu", .arguments_size = 12, .arguments = "pci\0" "00:04.0",
        .ports = { [2] = { 0xC000, 0xC01F }, [5] = { 0xD000, 0xD007 } }, .memory = { [0] = { 0xE0000000, 0xE0000FFF } },
    };
}

static status_t ask(const struct init_bus_start_request *request)
{
    struct init_entry_reply reply = { 0 };

    status_t status = bus_start(&caller, request, &reply);
    CHECK((status == OK) == (reply.process != 0));
    return status;
}

/* ---- Tests ---- */

static void resources_are_given_on_and_nothing_else(void)
{
    put_module();
    struct init_bus_start_request request = request_of(1);
    CHECK_EQUAL(ask(&request), OK);

    const struct program *program = &started[0].program;
    const struct access *plugged = &started[0].plugged;
    CHECK(strcmp(program->name, "d\\edu") == 0 && program->class == CLASS_DRIVER && program->restart == RESTART_ON_FAILURE);
    struct access expected = { .irqs = IRQ_BIT(11), .ports = { [2] = { 0xC000, 0xC01F }, [5] = { 0xD000, 0xD007 } },
                               .memory = { [0] = { 0xE0000000, 0xE0000FFF } } };
    CHECK(memcmp(plugged, &expected, sizeof expected) == 0);
    CHECK(program->arguments_size == 12 && memcmp(program->arguments, "pci\0" "00:04.0", 12) == 0 && program->has_arguments);
}

static void arguments_stand_behind_those_of_the_list(void)
{
    put_module();
    is_listed = true;
    memcpy(listed.arguments, "storm", 6);
    listed.arguments_size = 6;
    struct init_bus_start_request request = request_of(1);
    CHECK_EQUAL(ask(&request), OK);
    CHECK(started[0].program.arguments_size == 18);
    CHECK(memcmp(started[0].program.arguments, "storm\0" "pci\0" "00:04.0", 18) == 0);
    listed.arguments_size = sizeof listed.arguments;
    request.slot = 2;
    CHECK_EQUAL(ask(&request), TOO_BIG);
}

static void slots_are_found_again(void)
{
    struct init_entry_reply reply;

    put_module();
    for (uint32_t slot = 0; slot < 3; slot++) {
        struct init_bus_start_request request = request_of(slot);
        CHECK_EQUAL(bus_program(&caller, &(struct init_bus_slot){ slot }, &reply), NOT_FOUND);
        CHECK_EQUAL(ask(&request), OK);
        CHECK_EQUAL(ask(&request), EXISTS);
    }
    for (uint32_t slot = 0; slot < 3; slot++) {
        CHECK_EQUAL(bus_program(&caller, &(struct init_bus_slot){ slot }, &reply), OK);
        CHECK_EQUAL(reply.process, 100 + slot);
    }
    CHECK_EQUAL(started_count, 3);
}

static void what_cannot_be_started_leaves_nothing(void)
{
    struct init_bus_start_request request = request_of(1);

    put_module();
    for (start_status = NOT_ALLOWED; start_status <= TOO_BIG; start_status++) {
        CHECK_EQUAL(ask(&request), start_status);
    }
    start_status = OK;
    module.flags = 0;
    CHECK_EQUAL(ask(&request), NOT_FOUND);
    module.flags = MODULE_IS_FILE;
    strcpy(request.image, "other.elf");
    CHECK_EQUAL(ask(&request), NOT_FOUND);
    CHECK_EQUAL(started_count, 0);
    strcpy(request.image, "edu.elf");
    CHECK_EQUAL(ask(&request), OK);
}

static void requests_that_nobody_should_send_are_refused(void)
{
    struct init_bus_start_request good = request_of(1), bad;

    put_module();
    bad = good;
    memset(bad.image, 'x', sizeof bad.image);
    CHECK_EQUAL(ask(&bad), BAD_ARGUMENT);
    bad = good;
    memset(bad.name, 'x', sizeof bad.name);
    CHECK_EQUAL(ask(&bad), BAD_ARGUMENT);
    bad.name[62] = '\0';
    CHECK_EQUAL(ask(&bad), BAD_ARGUMENT);
    bad.name[0] = '\0';
    CHECK_EQUAL(ask(&bad), BAD_ARGUMENT);
    bad = good;
    bad.arguments_size = INIT_BUS_ARGUMENTS_MAX + 1;
    CHECK_EQUAL(ask(&bad), BAD_ARGUMENT);
    bad.arguments_size = UINT32_MAX;
    CHECK_EQUAL(ask(&bad), BAD_ARGUMENT);
    CHECK_EQUAL(started_count, 0);

    bad = good;
    memset(bad.name, 'x', 61);
    bad.name[61] = '\0';
    CHECK_EQUAL(ask(&bad), OK);
}

static void strangers_are_refused(void)
{
    static const process_id_t strangers[] = { STRANGER, 77 };
    struct init_bus_start_request request = request_of(1);
    struct init_entry_reply reply;

    put_module();
    for (uint32_t i = 0; i < 2; i++) {
        struct server_call call = { .sender = strangers[i] };

        CHECK_EQUAL(bus_start(&call, &request, &reply), NOT_ALLOWED);
        CHECK_EQUAL(bus_program(&call, &(struct init_bus_slot){ 1 }, &reply), NOT_ALLOWED);
        CHECK_EQUAL(bus_keep(&call, NULL, NULL), NOT_ALLOWED);
        CHECK_EQUAL(bus_kept(&call, NULL, NULL), NOT_ALLOWED);
    }
    CHECK_EQUAL(started_count, 0);
}

static void bytes_are_kept_for_a_name(void)
{
    struct server_call call = { .sender = BUS, .string = "first", .string_size = 5 };

    CHECK_EQUAL(bus_kept(&call, NULL, NULL), NOT_FOUND);
    CHECK_EQUAL(bus_keep(&call, NULL, NULL), OK);
    call.string = "and second";
    call.string_size = 10;
    CHECK_EQUAL(bus_keep(&call, NULL, NULL), OK);
    CHECK_EQUAL(bus_kept(&call, NULL, NULL), OK);
    CHECK(given_size == 10 && memcmp(given, "and second", 10) == 0);
    call.string_size = 0;
    CHECK_EQUAL(bus_keep(&call, NULL, NULL), OK);
    CHECK_EQUAL(bus_kept(&call, NULL, NULL), OK);
    CHECK_EQUAL(given_size, 0);
    for (char letter = 'a'; letter < 'd'; letter++) {
        bus_name[2] = letter;
        CHECK_EQUAL(bus_kept(&call, NULL, NULL), NOT_FOUND);
        CHECK_EQUAL(bus_keep(&call, NULL, NULL), OK);
    }
    bus_name[2] = 'x';
    CHECK_EQUAL(bus_keep(&call, NULL, NULL), NO_MEMORY);
    bus_name[2] = 'p';
    CHECK_EQUAL(bus_keep(&call, NULL, NULL), OK);
}

static const struct test tests[] = {
    TEST(resources_are_given_on_and_nothing_else),
    TEST(arguments_stand_behind_those_of_the_list),
    TEST(slots_are_found_again),
    TEST(what_cannot_be_started_leaves_nothing),
    TEST(requests_that_nobody_should_send_are_refused),
    TEST(strangers_are_refused),
    TEST(bytes_are_kept_for_a_name),
};
TEST_MAIN(tests)
