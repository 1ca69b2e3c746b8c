/* d\bios, which makes BIOS calls for others: whatever its clients ask for, and however they end, it serves the next one. */
#include <ternion/bios_client.h>
#include <ternion/process.h>
#include <ternion/string.h>

#include "dice.h"
#include "files.h"
#include "peer.h"

#define MODULE "bios.elf"
#define ROUNDS 300U

static const struct access bios_access = {
    .rights = RIGHT_VM86, .role = ROLE_DISPLAY, .partners = PARTNERS_ALL, .ports = { BIOS_MANIFEST_PORTS }, .memory = { BIOS_MANIFEST_MEMORY },
};

static process_id_t driver;
static uint32_t records, last_kind;

static module_index_t find_module(uint32_t *size_out)
{
    struct module_information information;

    for (module_index_t index = 0; module_information(index, &information) == OK; index++) {
        if (strcmp(information.name, MODULE) == 0) {
            *size_out = information.size;
            return index;
        }
    }
    EXPECT_NOT("there is no module %s", MODULE);
}

static void start_driver(void)
{
    struct spawn spawn = {
        .class = CLASS_DRIVER, .flags = SPAWN_WATCH, .name = "bios-tested", .name_size = 11,
        .grant = { .source = ACCESS_EXPLICIT, .access = bios_access },
    };
    uint32_t image;
    elf_reason_t reason;

    EXPECT_OK(module_map(find_module(&spawn.image_size), &image));
    spawn.image = (const void *)image;
    EXPECT_OK(process_spawn(&spawn, &driver, &reason));
    EXPECT_OK(memory_free(image, (spawn.image_size + PAGE_SIZE - 1) / PAGE_SIZE));
}

static void take(const struct bios_record *record, uint32_t count)
{
    records += count;
    last_kind = record[count - 1].kind;
}

static void expect_serves(void)
{
    const struct bios_request request = { .vector = 0x10, .pointer = BIOS_POINTER_ES_DI, .data_size = 512, .registers.eax = 0x4F00 };
    struct bios_answer answer;
    uint8_t block[512] = "VBE2";

    EXPECT_OK(bios_client_call(driver, &request, block, &answer, NULL));
    EXPECT_EQUAL(OK, answer.status);
    EXPECT_EQUAL(0x4F, answer.registers.ax);
    EXPECT(memcmp(block, "VESA", 4) == 0);
    EXPECT(answer.problem[0] == '\0' && answer.cost.traps != 0);
}

static void client_gets_answer_data_memory_and_records(void)
{
    const struct bios_request request = { .vector = 0x12 };
    struct bios_answer answer;
    struct payload payload = { .buffer = &records, .buffer_size = sizeof records };

    start_driver();
    expect_serves();
    EXPECT_OK(bios_client_call(driver, &request, NULL, &answer, take));
    EXPECT_EQUAL(OK, answer.status);
    EXPECT(records >= 3 && last_kind == BIOS_RECORD_END && answer.records_lost == 0);
    EXPECT_OK(bios_driver_read(driver, &(struct bios_place){ 0x0040, 0x0013, 2 }, NULL, &payload));
    EXPECT_EQUAL(answer.registers.ax, (uint16_t)records);                /* the size of memory stands in the data area */
    EXPECT_STATUS(BAD_ADDRESS, bios_driver_read(driver, &(struct bios_place){ 0x5000, 0, 2 }, NULL, &payload));
    EXPECT_STATUS(BAD_ARGUMENT, bios_driver_read(driver, &(struct bios_place){ 0, 0, BIOS_DATA_MAX + 1 }, NULL, &payload));
    peer_kill(driver);
}

static void expect_refused_request(struct bios_request request, uint32_t string_size)
{
    uint8_t *data = test_scratch;
    struct payload payload = { .string = data, .string_size = string_size, .buffer = data, .buffer_size = BIOS_DATA_MAX };
    struct bios_answer answer;

    EXPECT_STATUS(BAD_ARGUMENT, bios_driver_call(driver, &request, &answer, &payload));
}

static void requests_that_make_no_sense_are_refused(void)
{
    start_driver();
    expect_refused_request((struct bios_request){ .vector = 0x100 }, 0);
    expect_refused_request((struct bios_request){ .vector = 0x12, .flags = BIOS_SHARED_DATA }, 0);
    expect_refused_request((struct bios_request){ .vector = 0x12, .flags = 0x80000000 }, 0);
    expect_refused_request((struct bios_request){ .vector = 0x12, .ms = BIOS_MS_MOST + 1 }, 0);
    expect_refused_request((struct bios_request){ .vector = 0x12, .traps = BIOS_TRAPS_MOST + 1 }, 0);
    expect_refused_request((struct bios_request){ .vector = 0x12, .pointer = BIOS_POINTER_COUNT, .data_size = 1 }, 0);
    expect_refused_request((struct bios_request){ .vector = 0x12, .pointer = BIOS_POINTER_NONE, .data_size = 1 }, 0);
    expect_refused_request((struct bios_request){ .vector = 0x12, .pointer = BIOS_POINTER_ES_DI }, 0);
    expect_refused_request((struct bios_request){ .vector = 0x12, .pointer = BIOS_POINTER_ES_DI, .data_size = 10 }, 11);
    expect_refused_request((struct bios_request){ .vector = 0x12, .pointer = BIOS_POINTER_ES_DI, .data_size = BIOS_DATA_MAX + 1 }, 0);
    expect_serves();
    peer_kill(driver);
}

/* The BIOS gets any registers: but video modes, which would change the screen, and what waits for seconds. */
static void random_requests_are_answered(void)
{
    static const uint8_t vectors[] = { 0x11, 0x12, 0x13, 0x15, 0x1A, 0x60, 0x80, 0xFF };
    uint8_t *data = test_scratch;
    struct dice dice = dice_take(1);

    start_driver();
    for (uint32_t i = 0; i < ROUNDS; i++) {
        struct bios_request request = {
            .vector = vectors[dice_throw(&dice, COUNT(vectors))], .ms = 20, .traps = 300,
            .flags = dice_throw(&dice, 4) == 0 ? BIOS_ALL_PORTS_TRAP : 0,
            .registers = { .eax = dice_throw(&dice, 0xFFFFFFFF), .ebx = dice_throw(&dice, 0x10000), .edx = dice_throw(&dice, 0xFFFFFFFF) },
        };
        struct bios_answer answer;

        if (dice_throw(&dice, 2) == 0) {
            request.pointer = 1 + dice_throw(&dice, BIOS_POINTER_COUNT - 1);
            request.data_size = 1 + dice_throw(&dice, BIOS_DATA_MAX);
        }
        EXPECT_OK(bios_client_call(driver, &request, data, &answer, NULL));
        EXPECT(answer.status == OK || answer.problem[0] != '\0');
    }
    expect_serves();
    peer_kill(driver);
}

/* Asks for records, for ever. Argument: the driver. */
static void bios_driver_client(int argc, char **argv)
{
    const struct bios_request request = { .vector = 0x16, .ms = 200, .traps = 2000 };    /* waits for a key */
    struct bios_answer answer;

    for (driver = test_number(argv[argc - 1]);;) {
        EXPECT_OK(bios_client_call(driver, &request, NULL, &answer, take));
    }
}

static void clients_that_die_in_a_call_are_forgotten(void)
{
    start_driver();
    for (uint32_t i = 0; i < 4; i++) {
        process_id_t client;

        EXPECT_OK(test_spawn(CLASS_SERVER, "bios_driver_client", &client, test_digits(driver).text, NULL));
        clock_sleep((20 + i * 30) * MILLISECOND);
        peer_kill(client);
        expect_serves();
    }
    peer_kill(driver);
}

/* Nobody has named it. Argument: the driver. */
static void bios_driver_stranger(int argc, char **argv)
{
    const struct bios_request request = { .vector = 0x12 };
    struct bios_answer answer;
    uint32_t word;
    struct payload payload = { .buffer = &word, .buffer_size = sizeof word };

    driver = test_number(argv[argc - 1]);
    for (uint32_t i = 0; i < 3; i++) {
        EXPECT_STATUS(NOT_ALLOWED, bios_client_call(driver, &request, NULL, &answer, NULL));
        EXPECT_STATUS(NOT_ALLOWED, bios_driver_read(driver, &(struct bios_place){ 0x0040, 0x0013, 2 }, NULL, &payload));
    }
}

static void applications_that_nobody_named_are_refused(void)
{
    process_id_t stranger;

    start_driver();
    EXPECT_OK(test_spawn(CLASS_APPLICATION, "bios_driver_stranger", &stranger, test_digits(driver).text, NULL));
    EXPECT_EQUAL(0, test_wait_exit(stranger));
    expect_serves();
    peer_kill(driver);
}

const struct test bios_driver_tests[] = {
    TEST(CLASS_DRIVER, client_gets_answer_data_memory_and_records),
    TEST(CLASS_DRIVER, requests_that_make_no_sense_are_refused),
    TEST(CLASS_DRIVER, random_requests_are_answered),
    TEST(CLASS_DRIVER, clients_that_die_in_a_call_are_forgotten),
    TEST(CLASS_DRIVER, applications_that_nobody_named_are_refused),
};
const uint32_t bios_driver_test_count = COUNT(bios_driver_tests);
const struct role bios_driver_roles[] = { ROLE(bios_driver_client), ROLE(bios_driver_stranger) };
const uint32_t bios_driver_role_count = COUNT(bios_driver_roles);
