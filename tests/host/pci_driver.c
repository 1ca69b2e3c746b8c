/* What d\pci does for drivers and to their functions when they end: against a bus made of an array and a supervisor made up. */
#include "driver.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <ternion/format.h>
#include <ternion/log.h>

#include "image.h"
#include "pci_fake.h"
#include "supervisor.h"
#include "test.h"

#define PROGRAMS_MAX 8U
#define DRIVER 70U               /* the process of the first program that is started; then 71, … */

/* ---- The supervisor, and the kernel ---- */

static struct {
    struct init_bus_start_request request;
    process_id_t process;        /* 0: it is dead */
} programs[PROGRAMS_MAX];
static uint32_t program_count;
static bool supervisor_is_there = true;
static status_t remember_status;
static uint32_t remembered;      /* how often */
static process_id_t remembered_masters[4];
static status_t guard_status;
static process_id_t guarded, released;
static uint32_t complaints;

status_t dma_guard(process_id_t id);
status_t dma_release(process_id_t id);
/* The images of this test have no names to give. */
void images_begin_anew(void)
{
}

const char *status_meaning(status_t status);

status_t supervisor_find(void)
{
    return supervisor_is_there ? OK : NOT_FOUND;
}

status_t supervisor_remember(void)
{
    if (!supervisor_is_there || remember_status != OK) {
        return supervisor_is_there ? remember_status : NOT_FOUND;
    }
    remembered++;
    for (uint32_t i = 0; i < function_count() && i < 4; i++) {
        remembered_masters[i] = function_at(i)->master;
    }
    return OK;
}

status_t supervisor_start(const struct init_bus_start_request *request, struct init_entry_reply *reply_out)
{
    CHECK(supervisor_is_there && program_count < PROGRAMS_MAX);
    programs[program_count].request = *request;
    programs[program_count].process = DRIVER + program_count;
    *reply_out = (struct init_entry_reply){ SUPERVISED_RUNNING, programs[program_count++].process, 0 };
    return OK;
}

process_id_t supervisor_driver(place_t place)
{
    for (uint32_t i = 0; supervisor_is_there && i < program_count; i++) {
        if (programs[i].request.slot == place) {
            return programs[i].process;
        }
    }
    return 0;
}

status_t dma_guard(process_id_t id)
{
    if (guard_status == OK) {
        guarded = id;
    }
    return guard_status;
}

status_t dma_release(process_id_t id)
{
    for (uint32_t i = 0; i < function_count(); i++) {
        CHECK(function_at(i)->driver != id);
    }
    released = id;
    return OK;
}

const char *status_meaning(status_t status)
{
    (void)status;
    return "";
}

void log_print(log_level_t level, const char *template, ...)
{
    (void)template;
    complaints += level <= LOG_WARNING;
}

size_t format_text(char *buffer, size_t size, const char *template, ...)
{
    va_list values;

    va_start(values, template);
    int length = vsnprintf(buffer, size, template, values);
    va_end(values);
    return (size_t)length;
}

/* Cards of vendor 7 have a driver. */
struct image *image_for(const struct pci_function *function)
{
    static struct image image = { "drivers/card.elf", "card", 0 };

    return function->vendor == 7 ? &image : NULL;
}

/* ---- Helpers of the tests ---- */

static uint32_t command(uint32_t index)
{
    return fake_get(&fakes[index], REGISTER_COMMAND, 2);
}

static bool is_master(uint32_t index)
{
    return (command(index) & COMMAND_MASTER) != 0;
}

static void let_be_master(struct fake *fake)
{
    fake_put(fake, REGISTER_COMMAND, 2, fake_get(fake, REGISTER_COMMAND, 2) | COMMAND_MASTER);
}

/* As at the start of d\pci, whose predecessor may have left a table. */
static void begin(const struct function *table, uint32_t count)
{
    (void)functions_find(table, count);
    fakes_remember();
    drivers_take_over();
}

/* A card with a driver that is a master. */
static void begin_with_driver(void)
{
    fake_base(fake_plug(0, 1, 0, 7, 1, 0x020000), 0, 0xE0000000, 4096);
    begin(NULL, 0);
    CHECK(drivers_start());
    CHECK_EQUAL(driver_set_mastering(function_at(0), true), OK);
    CHECK(is_master(0));
}

/* ---- Tests ---- */

static void what_the_firmware_left_switched_on_is_stopped_but_for_what_works_for_it(void)
{
    static const struct { uint32_t class; bool stays; } cases[] = {
        { 0x020000, false }, { 0x010601, false }, { 0x010180, false }, { 0x040100, false }, { 0x0C0000, false }, { 0x028000, false },
        { 0x030000, true }, { 0x060000, true }, { 0x060400, true }, { 0x0C0300, true }, { 0x0C0320, true },
    };
    uint32_t count = sizeof cases / sizeof cases[0];

    for (uint8_t i = 0; i < count; i++) {
        let_be_master(fake_plug(0, i, 0, 1, 1, cases[i].class));
    }
    begin(NULL, 0);
    for (uint32_t i = 0; i < count; i++) {
        CHECK_EQUAL(is_master(i), cases[i].stays);
        CHECK_EQUAL(command(i) | COMMAND_MASTER, fake_get(&fakes_before[i], REGISTER_COMMAND, 2));
    }
}

static void driver_gets_what_its_function_decodes(void)
{
    struct fake *card = fake_plug(0, 3, 0, 7, 1, 0x020000);

    fake_base(card, 0, 0xC001, 32);
    fake_base(card, 1, 0xE0000800, 256);
    fake_base_64(card, 2, 0xE1000000, 0x10000);
    fake_put(card, REGISTER_INTERRUPT_LINE, 1, 11);
    fake_put(card, REGISTER_INTERRUPT_PIN, 1, 1);
    fake_put(card, REGISTER_COMMAND, 2, COMMAND_NO_INTERRUPT);
    begin(NULL, 0);
    CHECK(drivers_start());
    CHECK_EQUAL(program_count, 1);

    const struct init_bus_start_request *request = &programs[0].request;
    CHECK(request->ports[0].first == 0xC000 && request->ports[0].last == 0xC01F);
    CHECK(request->memory[1].first == 0xE0000000 && request->memory[1].last == 0xE0000FFF);    /* whole pages */
    CHECK(request->memory[2].first == 0xE1000000 && request->memory[2].last == 0xE100FFFF);
    for (uint32_t i = 0; i < INIT_BUS_RANGES_MAX; i++) {
        CHECK(i == 0 || request->ports[i].last == 0);
        CHECK(i == 1 || i == 2 || request->memory[i].last == 0);
    }
    CHECK_EQUAL(request->irqs, IRQ_BIT(11));
    CHECK(strcmp(request->image, "drivers/card.elf") == 0 && strcmp(request->name, "card") == 0);
    CHECK(request->arguments_size == 12 && memcmp(request->arguments, "pci\0" "00:03.0", 12) == 0);
    CHECK_EQUAL(command(0), COMMAND_PORTS | COMMAND_MEMORY);
    CHECK_EQUAL(guarded, DRIVER);
    CHECK_EQUAL(complaints, 0);
}

static void driver_gets_nothing_that_has_no_address(void)
{
    struct fake *card = fake_plug(0, 3, 0, 7, 1, 0x020000);

    fake_base(card, 0, 0x0001, 32);
    fake_base(card, 1, 0, 4096);
    fake_base(card, 2, 0x10001, 256);            /* ports that a PC does not have */
    begin(NULL, 0);
    CHECK(drivers_start());
    for (uint32_t i = 0; i < INIT_BUS_RANGES_MAX; i++) {
        CHECK(programs[0].request.ports[i].last == 0 && programs[0].request.memory[i].last == 0);
    }
    CHECK_EQUAL(programs[0].request.irqs, 0);
    CHECK_EQUAL(complaints, 3);
}

static void drivers_of_one_image_have_numbers(void)
{
    for (uint8_t device = 0; device < 3; device++) {
        (void)fake_plug(0, device, 0, 7, 1, 0x020000);
    }
    begin(NULL, 0);
    CHECK(drivers_start());
    CHECK_EQUAL(program_count, 3);
    CHECK(strcmp(programs[0].request.name, "card") == 0 && strcmp(programs[1].request.name, "card.1") == 0);
    CHECK(strcmp(programs[2].request.name, "card.2") == 0);
}

static void drivers_wait_for_the_supervisor(void)
{
    (void)fake_plug(0, 1, 0, 7, 1, 0x020000);
    supervisor_is_there = false;
    begin(NULL, 0);
    CHECK(!drivers_start());
    supervisor_is_there = true;
    CHECK(drivers_start());
    CHECK(program_count == 1 && strcmp(programs[0].request.name, "card") == 0);
    CHECK_EQUAL(complaints, 0);
}

static void function_of_a_dead_driver_is_stopped_before_its_memory_is_released(void)
{
    begin_with_driver();
    programs[0].process = 0;
    driver_ended(DRIVER);
    CHECK_EQUAL(command(0) & (COMMAND_MASTER | COMMAND_NO_INTERRUPT), COMMAND_NO_INTERRUPT);
    CHECK_EQUAL(released, DRIVER);
    CHECK_EQUAL(driver_of(function_at(0)), 0);
}

static void memory_is_kept_from_others_if_a_function_cannot_be_stopped(void)
{
    begin_with_driver();
    fakes[0].command_ones &= ~COMMAND_MASTER;
    driver_ended(DRIVER);
    CHECK_EQUAL(released, 0);
    CHECK_EQUAL(complaints, 1);
}

static void successor_of_a_driver_is_known_and_interrupts_again(void)
{
    begin_with_driver();
    driver_ended(DRIVER);
    programs[0].process = DRIVER + 9;
    CHECK_EQUAL(driver_of(function_at(0)), DRIVER + 9);
    CHECK_EQUAL(guarded, DRIVER + 9);
    driver_begins(function_at(0));
    CHECK_EQUAL(command(0) & (COMMAND_MASTER | COMMAND_NO_INTERRUPT), 0);
    CHECK_EQUAL(driver_set_mastering(function_at(0), true), OK);
    CHECK_EQUAL(remembered_masters[0], DRIVER + 9);
}

static void process_that_ends_before_it_is_guarded_is_no_driver(void)
{
    begin_with_driver();
    driver_ended(DRIVER);
    programs[0].process = DRIVER + 9;
    guard_status = BAD_ID;
    CHECK_EQUAL(driver_of(function_at(0)), 0);
    CHECK_EQUAL(complaints, 0);
    guard_status = OVER_QUOTA;
    CHECK_EQUAL(driver_of(function_at(0)), 0);
    CHECK_EQUAL(complaints, 1);
}

static void nobody_is_a_master_who_is_not_remembered(void)
{
    (void)fake_plug(0, 1, 0, 7, 1, 0x020000);
    begin(NULL, 0);
    CHECK(drivers_start());
    remember_status = NO_MEMORY;
    CHECK_EQUAL(driver_set_mastering(function_at(0), true), NO_MEMORY);
    CHECK(!is_master(0));
    remember_status = OK;
    CHECK_EQUAL(driver_set_mastering(function_at(0), true), OK);
    CHECK_EQUAL(remembered_masters[0], DRIVER);
    CHECK_EQUAL(driver_set_mastering(function_at(0), false), OK);
    CHECK(!is_master(0));
    fakes[0].command_ones = 0;
    CHECK_EQUAL(driver_set_mastering(function_at(0), true), ABSENT);
}

static void bridges_on_the_way_to_memory_pass(void)
{
    (void)fake_plug_bridge(0, 1, 1);
    (void)fake_plug_bridge(1, 1, 2);
    (void)fake_plug_bridge(0, 2, 3);
    (void)fake_plug(2, 1, 0, 7, 1, 0x020000);
    begin(NULL, 0);
    CHECK(drivers_start());
    CHECK_EQUAL(driver_set_mastering(function_find(place_of(2, 1, 0)), true), OK);
    CHECK(is_master(0) && is_master(1) && !is_master(2) && is_master(3));
    driver_ended(DRIVER);
    CHECK(is_master(0) && is_master(1) && !is_master(3));
}

static void bridges_in_circles_do_not_hold_up_mastering(void)
{
    (void)fake_plug_bridge(0, 1, 1);
    (void)fake_plug_bridge(1, 1, 1);
    (void)fake_plug_bridge(1, 2, 1);
    (void)fake_plug(1, 3, 0, 7, 1, 0x020000);
    begin(NULL, 0);
    CHECK(drivers_start());
    function_find(place_of(0, 1, 0))->bus_behind = 0;    /* now no bridge leads out */
    CHECK_EQUAL(driver_set_mastering(function_find(place_of(1, 3, 0)), true), OK);
}

/* d\pci has died and is back; the table is that of begin_with_driver. */
static struct function table_of_a_dead_bus_driver(void)
{
    begin_with_driver();
    struct function table = *function_at(0);
    table.driver = 0x0BAD;       /* not to be believed */
    guarded = released = 0;
    return table;
}

static void living_drivers_go_on_after_the_death_of_the_bus_driver(void)
{
    struct function table = table_of_a_dead_bus_driver();

    begin(&table, 1);
    CHECK_EQUAL(fake_writes, 0);
    CHECK(is_master(0));
    CHECK_EQUAL(guarded, DRIVER);
    CHECK_EQUAL(driver_of(function_at(0)), DRIVER);
    CHECK(drivers_start());
    CHECK_EQUAL(program_count, 1);
    driver_ended(DRIVER);
    CHECK(!is_master(0) && released == DRIVER);
}

static void functions_of_drivers_that_died_meanwhile_are_stopped(void)
{
    struct function table = table_of_a_dead_bus_driver();

    programs[0].process = 0;
    begin(&table, 1);
    CHECK_EQUAL(command(0) & (COMMAND_MASTER | COMMAND_NO_INTERRUPT), COMMAND_NO_INTERRUPT);
}

static void functions_of_drivers_that_were_replaced_meanwhile_are_stopped(void)
{
    struct function table = table_of_a_dead_bus_driver();

    programs[0].process = DRIVER + 9;
    begin(&table, 1);
    CHECK(!is_master(0));
    CHECK_EQUAL(driver_of(function_at(0)), DRIVER + 9);
    CHECK_EQUAL(driver_set_mastering(function_at(0), true), OK);
}

static const struct test tests[] = {
    TEST(what_the_firmware_left_switched_on_is_stopped_but_for_what_works_for_it),
    TEST(driver_gets_what_its_function_decodes),
    TEST(driver_gets_nothing_that_has_no_address),
    TEST(drivers_of_one_image_have_numbers),
    TEST(drivers_wait_for_the_supervisor),
    TEST(function_of_a_dead_driver_is_stopped_before_its_memory_is_released),
    TEST(memory_is_kept_from_others_if_a_function_cannot_be_stopped),
    TEST(successor_of_a_driver_is_known_and_interrupts_again),
    TEST(process_that_ends_before_it_is_guarded_is_no_driver),
    TEST(nobody_is_a_master_who_is_not_remembered),
    TEST(bridges_on_the_way_to_memory_pass),
    TEST(bridges_in_circles_do_not_hold_up_mastering),
    TEST(living_drivers_go_on_after_the_death_of_the_bus_driver),
    TEST(functions_of_drivers_that_died_meanwhile_are_stopped),
    TEST(functions_of_drivers_that_were_replaced_meanwhile_are_stopped),
};
TEST_MAIN(tests)
