/* Manifests: a program gets what it asks for, if its spawner has that, and nothing that it does not ask for. */
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/system.h>

#include "files.h"
#include "manifest_image.h"
#include "tiny_image.h"

#define LINE 5U
#define OPEN_PORT 0x80U          /* the delay port: reading it does no harm */
#define PROTECTION_FAULT (EXIT_FAULT | 13U)
#define PATIENCE_NS (50 * MILLISECOND)

static status_t start_from(const struct manifest_image *image, process_class_t class, uint32_t source, process_id_t *id_out)
{
    struct spawn spawn = {
        .class = class, .flags = SPAWN_WATCH, .image = image, .image_size = sizeof *image, .grant = { .source = source },
    };

    return tiny_spawn_as(spawn, id_out);
}

/* How a program with this manifest ends. */
static uint32_t end_of(const struct manifest_image *image, process_class_t class, uint32_t source)
{
    process_id_t id;

    EXPECT_OK(start_from(image, class, source, &id));
    return test_wait_exit(id);
}

static struct access little(void)
{
    return (struct access){ .partners = PARTNERS_ALL, .irqs = IRQ_BIT(LINE), .ports = { { OPEN_PORT, OPEN_PORT } } };
}

static void program_gets_what_its_manifest_says_and_no_more(void)
{
    struct access access = little();

    for (uint32_t line = LINE - 1; line <= LINE + 1; line++) {
        struct manifest_image image = manifest_image_call(&access, SYSCALL_IRQ_LISTEN, line, 0);

        EXPECT_EQUAL(line == LINE ? OK : NOT_ALLOWED, end_of(&image, CLASS_DRIVER, ACCESS_MANIFEST));
    }
    struct manifest_image open = manifest_image_port(&access, OPEN_PORT), closed = manifest_image_port(&access, 0x70);
    access.strikes = 1;
    closed.note.manifest.access = access;
    EXPECT_EQUAL(EXIT_STRIKES, end_of(&closed, CLASS_DRIVER, ACCESS_MANIFEST));
    open.note.manifest.access = access;
    EXPECT(end_of(&open, CLASS_DRIVER, ACCESS_MANIFEST) <= 0xFF);    /* no strike: the first would have been the last */
}

/* Another name, and it is none; then there is no hardware, and the partners are the spawner's. */
static void program_without_a_manifest_has_no_hardware(void)
{
    struct access access = little();
    struct manifest_image image = manifest_image_call(&access, SYSCALL_IRQ_LISTEN, LINE, 0);

    image.note.name[0] = 't';
    EXPECT_EQUAL(NOT_ALLOWED, end_of(&image, CLASS_DRIVER, ACCESS_MANIFEST));
    struct manifest_image sender = manifest_image_call(&access, SYSCALL_LOG_WRITE, LOG_DEBUG, 0);
    sender.note.name[0] = 't';
    EXPECT_EQUAL(OK, end_of(&sender, CLASS_DRIVER, ACCESS_MANIFEST));
    EXPECT_EQUAL(OK, end_of(&image, CLASS_DRIVER, ACCESS_SAME));
}

/* Only a manifest is bound to be what the spawner has: what he says himself, or gives of his own, does not ask it. */
static void spawner_may_say_otherwise(void)
{
    struct access access = { .partners = PARTNERS_ALL, .rights = RIGHT_PCI };
    struct manifest_image image = manifest_image_call(&access, SYSCALL_IRQ_LISTEN, LINE, 0);
    process_id_t id;

    EXPECT_STATUS(NOT_ALLOWED, start_from(&image, CLASS_DRIVER, ACCESS_MANIFEST, &id));
    EXPECT_EQUAL(OK, end_of(&image, CLASS_DRIVER, ACCESS_SAME));
    image.note.manifest.access.rights = 0xFFFFFFFF;
    EXPECT_EQUAL(OK, end_of(&image, CLASS_DRIVER, ACCESS_SAME));     /* not even looked at */
}

/* One thing more than the spawner has, in turn. */
static void manifest_that_asks_for_more_than_the_spawner_has_is_refused(void)
{
    struct access more[5];
    process_id_t id;

    for (uint32_t i = 0; i < COUNT(more); i++) {
        more[i] = little();
    }
    more[0].rights = RIGHT_PCI;
    more[1].rights = RIGHT_DMA_CONTROLLER;
    more[2].rights = RIGHTS_ALL;
    more[3].rights = RIGHT_PCI | RIGHT_DMA;
    more[4].rights = RIGHT_DMA;          /* this one it has */
    for (uint32_t i = 0; i < COUNT(more); i++) {
        struct manifest_image image = manifest_image_call(&more[i], SYSCALL_SYSTEM_NULL, 0, 0);
        status_t status = start_from(&image, CLASS_APPLICATION, ACCESS_MANIFEST, &id);

        EXPECT_EQUAL(i == 4 ? OK : NOT_ALLOWED, status);
    }
    EXPECT_EQUAL(OK, test_wait_exit(id));
}

/* A spawner that has little itself. */
static void manifests_poor(int argc, char **argv)
{
    struct access access = little();
    struct manifest_image image = manifest_image_call(&access, SYSCALL_IRQ_LISTEN, LINE, 0);
    process_id_t id;
    (void)argc;
    (void)argv;

    EXPECT_EQUAL(OK, end_of(&image, CLASS_DRIVER, ACCESS_MANIFEST));
    image.note.manifest.access.irqs = 0xFFFF;
    EXPECT_STATUS(NOT_ALLOWED, start_from(&image, CLASS_DRIVER, ACCESS_MANIFEST, &id));
    image.note.manifest.access = little();
    image.note.manifest.access.ports[3] = (struct port_range){ 0x60, 0x64 };
    EXPECT_STATUS(NOT_ALLOWED, start_from(&image, CLASS_DRIVER, ACCESS_MANIFEST, &id));
    image.note.manifest.access = little();
    image.note.manifest.access.memory[3] = (struct memory_range){ 0xA0000, 0xA0FFF };
    EXPECT_STATUS(NOT_ALLOWED, start_from(&image, CLASS_DRIVER, ACCESS_MANIFEST, &id));
    image.note.manifest.access = little();
    image.note.manifest.access.role = ROLE_DISPLAY;
    EXPECT_STATUS(NOT_ALLOWED, start_from(&image, CLASS_DRIVER, ACCESS_MANIFEST, &id));
}

static void poor_spawner_starts_poor_programs(void)
{
    struct access access = little();
    process_id_t poor;

    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &access, "manifests_poor", &poor, NULL));
    EXPECT_EQUAL(0, test_wait_exit(poor));
}

static void role_and_partners_come_from_the_manifest(void)
{
    for (uint32_t role = 0; role < ROLE_COUNT; role++) {
        struct access access = { .role = role, .partners = PARTNERS_ALL & ~ROLE_BIT(ROLE_LOG) };
        struct manifest_image image = manifest_image_call(&access, SYSCALL_LOG_WRITE, LOG_DEBUG, 0);
        struct process_information information;
        process_id_t id;

        EXPECT_OK(start_from(&image, CLASS_APPLICATION, ACCESS_MANIFEST, &id));
        EXPECT_OK(process_information(id, &information));
        EXPECT_EQUAL(role, information.role);
        EXPECT_EQUAL(NOT_ALLOWED, test_wait_exit(id));
    }
}

static void hardware_is_a_drivers_whatever_a_manifest_says(void)
{
    struct access access = little();
    struct manifest_image port = manifest_image_port(&access, OPEN_PORT), line = manifest_image_call(&access, SYSCALL_IRQ_LISTEN, LINE, 0);

    for (process_class_t class = CLASS_SERVER; class < CLASS_COUNT; class++) {
        EXPECT_EQUAL(PROTECTION_FAULT, end_of(&port, class, ACCESS_MANIFEST));
        EXPECT_EQUAL(NOT_ALLOWED, end_of(&line, class, ACCESS_MANIFEST));
    }
}

/* What the drivers of the system are is what their images say. */
static void boot_modules_are_what_their_manifests_say(void)
{
    static const struct {
        const char *name;
        uint32_t role;
    } drivers[] = { { "d\\console", ROLE_DISPLAY }, { "d\\serial", ROLE_LINE }, { "d\\init", ROLE_SUPERVISOR } };

    for (uint32_t i = 0; i < COUNT(drivers); i++) {
        struct process_information information;
        process_id_t id;

        EXPECT_OK(name_find(drivers[i].name, &id));
        EXPECT_OK(process_information(id, &information));
        EXPECT_EQUAL(drivers[i].role, information.role);
        EXPECT_EQUAL(0, information.strikes);
    }
}

/* ---- Damage ---- */

/* Whatever the bytes of the note are: it is refused with this reason, or is none, or makes sense. */
static void any_damaged_byte_of_a_note_is_survived(void)
{
    static const uint8_t flips[] = { 0x01, 0x10, 0x80, 0xFF };
    uint32_t refused = 0, started = 0;
    struct access access = little();

    for (uint32_t at = 0; at < sizeof(struct manifest_image) - offsetof(struct manifest_image, note); at++) {
        for (uint32_t i = 0; i < COUNT(flips); i++) {
            struct manifest_image image = manifest_image_call(&access, SYSCALL_SYSTEM_NULL, 0, 0);
            elf_reason_t reason;
            process_id_t id;

            ((uint8_t *)&image.note)[at] ^= flips[i];
            status_t status = tiny_spawn(&image, sizeof image, &id, &reason);
            EXPECT(status == BAD_IMAGE ? reason == ELF_BAD_MANIFEST : reason == ELF_FINE && (status == OK || status == NOT_ALLOWED));
            refused += status == BAD_IMAGE;
            started += status == OK;
            if (status == OK) {
                EXPECT(test_wait_exit(id) == OK);
            }
        }
    }
    EXPECT(refused > 50 && started > 50);
}

static void notes_outside_the_image_are_refused(void)
{
    static const uint32_t values[] = { sizeof(struct manifest_image) + 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF };
    struct access access = little();

    for (uint32_t i = 0; i < COUNT(values); i++) {
        struct manifest_image offset = manifest_image_call(&access, SYSCALL_SYSTEM_NULL, 0, 0), size = offset;
        elf_reason_t reason;
        process_id_t id;

        offset.segments[1].offset = values[i];
        EXPECT_STATUS(BAD_IMAGE, tiny_spawn(&offset, sizeof offset, &id, &reason));
        EXPECT_EQUAL(ELF_TRUNCATED, reason);
        size.segments[1].file_size = values[i];
        EXPECT_STATUS(BAD_IMAGE, tiny_spawn(&size, sizeof size, &id, &reason));
        EXPECT_EQUAL(ELF_TRUNCATED, reason);
    }
}

/* The page of the notes is not there: what was begun is undone. */
static void notes_in_memory_that_is_not_there_are_a_bad_address(void)
{
    struct access access = little();
    struct manifest_image image = manifest_image_call(&access, SYSCALL_SYSTEM_NULL, 0, 0);
    struct test_ledger before;
    elf_reason_t reason;
    uint32_t address;
    process_id_t id;

    EXPECT_OK(memory_allocate(2, 0, &address));
    EXPECT_OK(memory_free(address + PAGE_SIZE, 1));
    test_ledger_take(&before);
    uint8_t *at = (uint8_t *)address + PAGE_SIZE - offsetof(struct manifest_image, note) - 20;
    memcpy(at, &image, offsetof(struct manifest_image, note) + 20);
    EXPECT_STATUS(BAD_ADDRESS, tiny_spawn(at, sizeof image, &id, &reason));
    EXPECT_EQUAL(ELF_FINE, reason);
    test_ledger_expect_same(&before);
}

const struct test manifests_tests[] = {
    TEST(CLASS_DRIVER, program_gets_what_its_manifest_says_and_no_more),
    TEST(CLASS_DRIVER, program_without_a_manifest_has_no_hardware),
    TEST(CLASS_DRIVER, spawner_may_say_otherwise),
    TEST(CLASS_DRIVER, manifest_that_asks_for_more_than_the_spawner_has_is_refused),
    TEST(CLASS_DRIVER, poor_spawner_starts_poor_programs),
    TEST(CLASS_DRIVER, role_and_partners_come_from_the_manifest),
    TEST(CLASS_DRIVER, hardware_is_a_drivers_whatever_a_manifest_says),
    TEST(CLASS_APPLICATION, boot_modules_are_what_their_manifests_say),
    TEST_WITHIN(30, CLASS_DRIVER, any_damaged_byte_of_a_note_is_survived),
    TEST(CLASS_DRIVER, notes_outside_the_image_are_refused),
    TEST(CLASS_DRIVER, notes_in_memory_that_is_not_there_are_a_bad_address),
};
const uint32_t manifests_test_count = COUNT(manifests_tests);
const struct role manifests_roles[] = {
    ROLE(manifests_poor),
};
const uint32_t manifests_role_count = COUNT(manifests_roles);
