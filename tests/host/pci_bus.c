/* What d\pci finds out about a bus, and what it leaves behind: against a bus made of an array, port by port. */
#include "function.h"
#include "resource.h"

#include <string.h>

#include <ternion/log.h>

#include "pci_fake.h"
#include "test.h"

#define ROUNDS 300

static uint32_t complaints;

void log_print(log_level_t level, const char *template, ...)
{
    (void)level;
    (void)template;
    complaints++;
}

static uint32_t find(void)
{
    fakes_remember();
    complaints = 0;
    return functions_find(NULL, 0);
}

static void check_resource(const struct function *function, uint32_t index, uint32_t first, uint32_t size, uint32_t flags)
{
    CHECK_EQUAL(function->described.resources[index].first, first);
    CHECK_EQUAL(function->described.resources[index].size, size);
    CHECK_EQUAL(function->described.resources[index].flags, flags);
}

/* ---- Tests ---- */

static void mechanism_is_there_if_its_address_port_keeps_what_it_is_told(void)
{
    fake_address = 0x12345678;
    CHECK(configuration_is_present());
    CHECK_EQUAL(fake_address, 0x12345678);
    fake_mechanism_is_there = false;
    CHECK(!configuration_is_present());
}

static void function_is_described_as_its_registers_say(void)
{
    struct fake *card = fake_plug(0, 5, 0, 0x10EC, 0x8139, 0x020000);

    fake_put(card, REGISTER_INTERRUPT_LINE, 1, 11);
    fake_put(card, REGISTER_INTERRUPT_PIN, 1, 1);
    fake_base(card, 0, 0xC001, 256);
    fake_base(card, 1, 0xFEBF1000, 256);
    CHECK_EQUAL(find(), 1);

    const struct pci_function *found = &function_at(0)->described;
    CHECK(found->bus == 0 && found->device == 5 && found->function == 0);
    CHECK(found->vendor == 0x10EC && found->id == 0x8139 && found->irq == 11);
    CHECK(found->class == 2 && found->subclass == 0 && found->interface == 0 && found->revision == 0x42);
    check_resource(function_at(0), 0, 0xC000, 256, PCI_RESOURCE_PORTS);
    check_resource(function_at(0), 1, 0xFEBF1000, 256, PCI_RESOURCE_MEMORY);
    check_resource(function_at(0), 2, 0, 0, 0);
    fakes_check_unchanged();
}

static void every_kind_of_base_address_is_measured(void)
{
    struct fake *card = fake_plug(0, 1, 0, 1, 1, 0x020000);

    fake_base(card, 0, 0xFFE1, 32);
    card->base_ones[0] &= 0xFFFF;            /* a card that decodes 16 bits of a port's number */
    fake_base(card, 1, 0x80000008, 0x80000000);
    fake_base_64(card, 2, 0xFE000000, 0x2000000);
    fake_base_64(card, 4, 0x100000000, 0x1000);   /* out of reach */
    struct fake *other = fake_plug(0, 2, 0, 1, 1, 0x020000);
    fake_base_64(other, 0, 0, 0x200000000);       /* larger than all that we reach */
    fake_base(other, 2, 0, 0x1000);               /* nobody gave it an address */
    fake_base(other, 5, 0xFFFFFFF0, 16);
    CHECK_EQUAL(find(), 2);

    check_resource(function_at(0), 0, 0xFFE0, 32, PCI_RESOURCE_PORTS);
    check_resource(function_at(0), 1, 0x80000000, 0x80000000, PCI_RESOURCE_PREFETCHABLE);
    check_resource(function_at(0), 2, 0xFE000000, 0x2000000, 0);
    check_resource(function_at(0), 3, 0, 0, 0);
    check_resource(function_at(0), 4, 0, 0, 0);
    check_resource(function_at(0), 5, 0, 0, 0);
    check_resource(function_at(1), 0, 0, 0, 0);
    check_resource(function_at(1), 2, 0, 0x1000, 0);
    check_resource(function_at(1), 5, 0xFFFFFFF0, 16, 0);
    fakes_check_unchanged();
}

static void function_decodes_nothing_while_it_is_measured(void)
{
    struct fake *card = fake_plug(0, 1, 0, 1, 1, 0x020000);

    fake_base(card, 0, 0xC001, 32);
    fake_base(card, 1, 0xE0000000, 4096);
    CHECK_EQUAL(find(), 1);
    CHECK(card->stopped_decoding && !card->was_moved_while_decoding);
    fakes_check_unchanged();
}

static void screen_bridges_and_old_ide_ports_are_there_all_the_time(void)
{
    static const uint32_t classes[] = { 0x030000, 0x038000, 0x000100, 0x010180, 0x01018A, 0x060400, 0x060100 };

    for (uint8_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        struct fake *card = classes[i] == 0x060400 ? fake_plug_bridge(0, i, 9) : fake_plug(0, i, 0, 1, 1, classes[i]);

        fake_base(card, 0, 0xE0000008, 0x1000000);
    }
    CHECK_EQUAL(find(), fake_count);
    for (uint32_t i = 0; i < fake_count; i++) {
        CHECK(!fakes[i].stopped_decoding);
        check_resource(function_at(i), 0, 0xE0000000, 0x1000000, PCI_RESOURCE_PREFETCHABLE);
    }
    fakes_check_unchanged();
}

static void host_bridge_is_not_written_to(void)
{
    fake_base(fake_plug(0, 0, 0, 0x8086, 0x1237, 0x060000), 0, 0xE0000008, 0x4000000);
    CHECK_EQUAL(find(), 1);
    CHECK_EQUAL(fake_writes, 0);
    check_resource(function_at(0), 0, 0, 0, 0);
}

static void interrupt_lines_that_a_pc_does_not_have_are_none(void)
{
    static const struct { uint8_t pin, line, irq; } cases[] = {
        { 0, 11, 0xFF }, { 1, 0, 0xFF }, { 1, 2, 0xFF }, { 1, 16, 0xFF }, { 1, 255, 0xFF }, { 4, 15, 15 }, { 1, 1, 1 },
    };

    for (uint8_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fake *card = fake_plug(0, i, 0, 1, 1, 0x020000);

        fake_put(card, REGISTER_INTERRUPT_PIN, 1, cases[i].pin);
        fake_put(card, REGISTER_INTERRUPT_LINE, 1, cases[i].line);
    }
    (void)find();
    for (uint32_t i = 0; i < fake_count; i++) {
        CHECK_EQUAL(function_at(i)->described.irq, cases[i].irq);
    }
}

static void only_devices_that_say_so_have_several_functions(void)
{
    fake_put(fake_plug(0, 1, 0, 1, 1, 0x020000), REGISTER_HEADER_TYPE, 1, 0x80);
    (void)fake_plug(0, 1, 3, 1, 2, 0x020000);
    (void)fake_plug(0, 1, 7, 1, 3, 0x020000);
    (void)fake_plug(0, 2, 0, 1, 4, 0x020000);
    (void)fake_plug(0, 2, 1, 1, 5, 0x020000);     /* an echo of function 0 */
    (void)fake_plug(0, 3, 1, 1, 6, 0x020000);     /* without function 0 there is no device */
    CHECK_EQUAL(find(), 4);
    CHECK(function_find(place_of(0, 1, 3)) != NULL && function_find(place_of(0, 1, 7)) != NULL);
    CHECK(function_find(place_of(0, 2, 0)) != NULL && function_find(place_of(0, 2, 1)) == NULL);
    CHECK(function_at(4) == NULL && function_find(place_of(0, 3, 1)) == NULL);
}

static void buses_behind_bridges_are_found_in_order(void)
{
    (void)fake_plug_bridge(0, 1, 5);
    (void)fake_plug_bridge(0, 2, 1);
    (void)fake_plug(5, 0, 0, 1, 1, 0x020000);
    (void)fake_plug_bridge(1, 0, 2);
    (void)fake_plug(2, 31, 0, 1, 2, 0x020000);
    (void)fake_plug(3, 0, 0, 1, 3, 0x020000);     /* no bridge leads there */
    CHECK_EQUAL(find(), 5);
    CHECK_EQUAL(bus_count(), 4);
    for (uint32_t i = 1; i < 5; i++) {
        CHECK(function_at(i - 1)->place < function_at(i)->place);
    }
}

static void bridges_that_lead_in_circles_are_survived(void)
{
    (void)fake_plug_bridge(0, 1, 1);
    (void)fake_plug_bridge(1, 1, 2);
    (void)fake_plug_bridge(2, 1, 1);
    (void)fake_plug_bridge(2, 2, 0);
    (void)fake_plug_bridge(2, 3, 2);
    (void)fake_plug_bridge(2, 4, 255);
    CHECK_EQUAL(find(), 6);
}

static void host_bridges_side_by_side_lead_to_their_buses(void)
{
    fake_put(fake_plug(0, 0, 0, 0x8086, 1, 0x060000), REGISTER_HEADER_TYPE, 1, 0x80);
    (void)fake_plug(0, 0, 3, 0x8086, 1, 0x060000);
    (void)fake_plug(0, 0, 4, 0x8086, 1, 0x088000);
    (void)fake_plug(3, 0, 0, 1, 1, 0x020000);
    (void)fake_plug(4, 0, 0, 1, 1, 0x020000);
    CHECK_EQUAL(find(), 4);
    CHECK(function_find(place_of(3, 0, 0)) != NULL && function_find(place_of(4, 0, 0)) == NULL);
}

static void more_functions_than_there_is_room_for_are_told(void)
{
    for (uint32_t i = 0; i < 300; i++) {
        fake_put(fake_plug((uint8_t)(i >> 8), (uint8_t)(i >> 3 & 31), (uint8_t)(i & 7), 1, 1, 0x020000), REGISTER_HEADER_TYPE, 1, 0x80);
    }
    fake_put(&fakes[0], REGISTER_REVISION, 4, 0x06040000);
    fake_put(&fakes[0], REGISTER_HEADER_TYPE, 1, 0x81);
    fake_put(&fakes[0], REGISTER_SECONDARY_BUS, 1, 1);
    CHECK_EQUAL(find(), 256);
    CHECK_EQUAL(complaints, 1);
}

static void address_that_does_not_come_back_is_told(void)
{
    struct fake *card = fake_plug(0, 1, 0, 1, 1, 0x020000);

    fake_base(card, 0, 0xE0000000, 4096);
    CHECK_EQUAL(find(), 1);
    CHECK_EQUAL(complaints, 0);
    card->keeps_ones = true;
    CHECK_EQUAL(find(), 1);
    CHECK_EQUAL(complaints, 1);
}

static void card_with_absurd_addresses_has_no_such_resource(void)
{
    struct fake *card = fake_plug(0, 1, 0, 1, 1, 0x020000);

    fake_base(card, 0, 0xE0000000, 4096);
    card->base_ones[0] = 0x80000000;             /* a bit that cannot be cleared counts as one that can be set */
    fake_base(card, 1, 0, 0);
    fake_put(card, REGISTER_BASES + 4, 4, 1);         /* ports, but none that could be chosen */
    fake_put(card, REGISTER_BASES + 8, 4, 0xFFFFFFFF);
    fake_put(card, REGISTER_BASES + 20, 4, 0xE0000004); /* 64 bits, of which half lie behind the last register */
    card->base_ones[5] = 0xFFFFF000;
    CHECK_EQUAL(find(), 1);
    CHECK_EQUAL(function_at(0)->described.resources[0].size, 0x20000000);
    CHECK_EQUAL(function_at(0)->described.resources[1].size, 0);
    check_resource(function_at(0), 2, 0xFFFFFFFC, 4, PCI_RESOURCE_PORTS);
    check_resource(function_at(0), 5, 0xE0000000, 0x1000, 0);
    fakes_check_unchanged();
}

static void what_is_remembered_is_not_measured_again(void)
{
    struct function remembered[2];

    fake_base(fake_plug(0, 1, 0, 1, 1, 0x020000), 0, 0xE0000000, 4096);
    fake_base(fake_plug(0, 2, 0, 1, 1, 0x020000), 0, 0xC001, 64);
    CHECK_EQUAL(find(), 2);
    memcpy(remembered, function_at(0), sizeof remembered);
    remembered[1].has_program = true;
    remembered[1].master = 77;
    remembered[1].driver = 77;
    fake_writes = 0;
    CHECK_EQUAL(functions_find(remembered, 2), 2);
    CHECK_EQUAL(fake_writes, 0);
    check_resource(function_at(0), 0, 0xE0000000, 4096, 0);
    check_resource(function_at(1), 0, 0xC000, 64, PCI_RESOURCE_PORTS);
    CHECK(function_at(1)->has_program && function_at(1)->master == 77);
    CHECK_EQUAL(function_at(1)->driver, 0);      /* whether it lives still is not known */
}

static void what_is_not_as_remembered_is_measured_again(void)
{
    struct function remembered[2];

    fake_base(fake_plug(0, 1, 0, 1, 1, 0x020000), 0, 0xE0000000, 4096);
    fake_base(fake_plug(0, 2, 0, 1, 1, 0x020000), 0, 0xC001, 64);
    CHECK_EQUAL(find(), 2);
    memcpy(remembered, function_at(0), sizeof remembered);
    remembered[0].described.id = 2;
    remembered[0].has_program = true;
    remembered[1].described.resources[0].first = 0xC040;
    remembered[1].described.resources[0].size = 32;
    CHECK_EQUAL(functions_find(remembered, 2), 2);
    CHECK(!function_at(0)->has_program);
    check_resource(function_at(0), 0, 0xE0000000, 4096, 0);
    check_resource(function_at(1), 0, 0xC000, 64, PCI_RESOURCE_PORTS);
}

/* A card with anything in its registers that a card can have. */
static void plug_anything(uint8_t bus, uint8_t device)
{
    static const uint32_t classes[] = { 0x020000, 0x010601, 0x030000, 0x0C0320, 0x060000, 0x010180 };
    struct fake *card = fake_plug(bus, device, 0, 1, (uint16_t)random_below(9), classes[random_below(6)]);

    for (uint32_t index = 0; index < PCI_RESOURCES_MAX; index++) {
        uint64_t size = (uint64_t)16 << random_below(30);
        uint64_t value = (uint64_t)random_next() << (random_one_in(3) ? 8 : 0) & -size;

        if (random_one_in(3)) {
            fake_base(card, index, ((uint32_t)value & 0xFFFF & -(16U << random_below(8))) | 1, 16U << random_below(4));
        } else if (random_one_in(2) && index + 1 < PCI_RESOURCES_MAX) {
            fake_base_64(card, index++, value, size);
        } else if (size >> 32 == 0) {
            fake_base(card, index, (uint32_t)value | (random_one_in(2) ? 8 : 0), (uint32_t)size);
        }
    }
}

static void any_bus_is_as_before_after_it_was_looked_at(void)
{
    for (uint32_t round = 0; round < ROUNDS; round++) {
        fake_count = 0;
        for (uint8_t device = 0; device < 8; device++) {
            plug_anything(0, device);
        }
        CHECK_EQUAL(find(), 8);
        fakes_check_unchanged();
        for (uint32_t i = 0; i < function_count(); i++) {
            for (uint32_t index = 0; index < PCI_RESOURCES_MAX; index++) {
                const struct pci_resource *resource = &function_at(i)->described.resources[index];
                CHECK((resource->size & (resource->size - 1)) == 0);
                CHECK((uint64_t)resource->first + resource->size <= 0x100000000);
            }
        }
    }
}

static const struct test tests[] = {
    TEST(mechanism_is_there_if_its_address_port_keeps_what_it_is_told),
    TEST(function_is_described_as_its_registers_say),
    TEST(every_kind_of_base_address_is_measured),
    TEST(function_decodes_nothing_while_it_is_measured),
    TEST(screen_bridges_and_old_ide_ports_are_there_all_the_time),
    TEST(host_bridge_is_not_written_to),
    TEST(interrupt_lines_that_a_pc_does_not_have_are_none),
    TEST(only_devices_that_say_so_have_several_functions),
    TEST(buses_behind_bridges_are_found_in_order),
    TEST(bridges_that_lead_in_circles_are_survived),
    TEST(host_bridges_side_by_side_lead_to_their_buses),
    TEST(more_functions_than_there_is_room_for_are_told),
    TEST(address_that_does_not_come_back_is_told),
    TEST(card_with_absurd_addresses_has_no_such_resource),
    TEST(what_is_remembered_is_not_measured_again),
    TEST(what_is_not_as_remembered_is_measured_again),
    TEST(any_bus_is_as_before_after_it_was_looked_at),
};
TEST_MAIN(tests)
