/* What every driver does, whatever its devices are. */
#include <ternion/clock.h>
#include <ternion/string.h>

#include "check.h"

#define UNKNOWN_FROM 0x10000U        /* numbers that no driver gives to a device */
#define TURNS 20U
#define ENDINGS 6U

static const struct operation_shape *const device_operations[] = { DEVICE_PROTOCOL(SHAPE, SHAPE, device_call) };

/* Operations of the common interface, then those of the type; NULL: there are no more. */
static const struct operation_shape *operation_at(const struct device *device, uint32_t index)
{
    const struct kind *kind = kind_of(device->type);

    if (index < COUNT(device_operations)) {
        return device_operations[index];
    }
    index -= COUNT(device_operations);
    return index < kind->operation_count ? kind->operations[index] : NULL;
}

static void keep(struct device *device)
{
    const struct kind *kind = kind_of(device->type);

    if (kind->keep != NULL) {
        kind->keep(device);
    }
}

static void restore(struct device *device)
{
    const struct kind *kind = kind_of(device->type);

    if (kind->restore != NULL) {
        kind->restore(device);
    }
}

/* ---- What it is ---- */

static void it_says_what_it_is(struct device *device)
{
    char text[DEVICE_DESCRIPTION_MAX + 1];
    device_type_t type = DEVICE_NONE;

    EXPECT_OK(device_describe(device, &type, text, sizeof text));
    EXPECT_EQUAL(device->type, type);
    EXPECT(text[0] != '\0');
    for (const char *character = text; *character != '\0'; character++) {
        EXPECT(*character >= ' ' && *character <= '~');
    }
}

static void it_is_initialised_again_and_again(struct device *device)
{
    keep(device);
    for (uint32_t turn = 0; turn < 3; turn++) {
        EXPECT_OK(PATIENTLY(device_initialise(device)));
        use(device, 0, turn);
    }
    restore(device);
}

/* ---- Requests that are not as they should be ---- */

static void devices_that_it_has_not_are_absent(struct device *device)
{
    static const uint32_t numbers[] = { UNKNOWN_FROM, 0x7FFFFFFF, 0x80000000, UINT32_MAX - 1, UINT32_MAX };
    const struct operation_shape *shape;

    for (uint32_t index = 0; (shape = operation_at(device, index)) != NULL; index++) {
        for (uint32_t i = 0; i < COUNT(numbers); i++) {
            uint8_t *request = scratch(SCRATCH_FIRST);

            memcpy(request, &numbers[i], sizeof numbers[i]);     /* each begins with the number of its device */
            status_t status = ask(device, shape, request, NULL, 0);
            if (status != ABSENT) {
                EXPECT_NOT("operation 0x%x for device 0x%x: %s", shape->header, numbers[i], status_name(status));
            }
        }
    }
}

/* Random structures, for devices that it has not: whatever a handler looks at first, it must not believe it. */
static void random_requests_are_refused(struct device *device)
{
    const struct operation_shape *shape;

    for (uint32_t index = 0; (shape = operation_at(device, index)) != NULL; index++) {
        for (uint32_t round = 0; round < 100; round++) {
            uint32_t *request = (uint32_t *)scratch(SCRATCH_FIRST);

            for (uint32_t i = 0; i < (shape->request_size + 3) / sizeof request[0]; i++) {
                request[i] = random_next();
            }
            request[0] |= UNKNOWN_FROM;
            status_t status = ask(device, shape, request, request, shape->string_max == 0 ? 0 : random_next() % (shape->string_max + 1));
            EXPECT(status != OK && status < STATUS_COUNT);
        }
    }
}

/* Every size that a request of this operation cannot have. */
static void check_sizes(struct device *device, const struct operation_shape *shape)
{
    const uint8_t *string = scratch(SCRATCH_SECOND);
    uint32_t structure_size = shape->request_size > PROTOCOL_WORDS_MAX ? shape->request_size : 0;
    uint32_t most = structure_size + shape->string_max;
    uint32_t words[MESSAGE_WORDS] = { shape->header, UNKNOWN_FROM };

    if (structure_size != 0) {
        EXPECT_STATUS(BAD_SIZE, ask_raw(device, words, string, 0, 0));
        EXPECT_STATUS(BAD_SIZE, ask_raw(device, words, string, structure_size - 1, 0));
    }
    for (uint32_t size = most + 1; size <= MESSAGE_STRING_MAX; size += size == most + 1 ? 12345 : 20000) {
        status_t status = ask_raw(device, words, string, size, 0);
        EXPECT(status == BAD_SIZE || status == TOO_BIG);
    }
    if (shape->pages_max == 0) {
        status_t status = ask_raw(device, words, string, structure_size, 1);
        EXPECT(status == BAD_SIZE || status == TOO_BIG);
    }
}

static void wrong_sizes_are_refused(struct device *device)
{
    const struct operation_shape *shape;

    for (uint32_t index = 0; (shape = operation_at(device, index)) != NULL; index++) {
        check_sizes(device, shape);
    }
}

static bool is_known(const struct device *device, uint32_t header)
{
    const struct operation_shape *shape;

    for (uint32_t index = 0; (shape = operation_at(device, index)) != NULL; index++) {
        if (shape->header == header) {
            return true;
        }
    }
    return false;
}

static void unknown_operations_are_refused(struct device *device)
{
    const struct operation_shape *shape;
    uint32_t last_identity = 0;

    for (uint32_t index = 0; (shape = operation_at(device, index)) != NULL; index++) {
        uint32_t identity = protocol_header_identity(shape->header);
        uint32_t version = protocol_header_version(shape->header);

        for (uint32_t number = 0; number < 256 && identity != last_identity; number++) {
            uint32_t words[MESSAGE_WORDS] = { PROTOCOL_HEADER(identity, version, number) };

            if (!is_known(device, words[0])) {
                EXPECT_STATUS(BAD_OPERATION, ask_raw(device, words, NULL, 0, 0));
            }
        }
        uint32_t words[MESSAGE_WORDS] = { PROTOCOL_HEADER(identity, version + 1, protocol_header_number(shape->header)) };
        EXPECT_STATUS(VERSION_MISMATCH, ask_raw(device, words, NULL, 0, 0));
        last_identity = identity;
    }
    static const uint32_t strange[] = { 0xFFFF0101, 0x00010101, UINT32_MAX };
    for (uint32_t i = 0; i < COUNT(strange); i++) {
        uint32_t words[MESSAGE_WORDS] = { strange[i] };
        EXPECT_STATUS(BAD_PROTOCOL, ask_raw(device, words, NULL, 0, 0));
    }
}

/* ---- Other clients ---- */

static void eight_clients_use_it_at_once(struct device *device)
{
    process_id_t clients[CLIENTS];

    keep(device);
    for (uint32_t i = 0; i < CLIENTS; i++) {
        clients[i] = client_use(device, i, TURNS);
    }
    for (uint32_t i = 0; i < CLIENTS; i++) {
        EXPECT_EQUAL(0, client_wait(clients[i]));
    }
    restore(device);
}

/* Clients end at any place of their requests. */
static void it_outlives_its_clients(struct device *device)
{
    process_id_t clients[CLIENTS];

    keep(device);
    for (uint32_t round = 0; round < ENDINGS; round++) {
        for (uint32_t i = 0; i < CLIENTS; i++) {
            clients[i] = client_use(device, i, UINT32_MAX);
        }
        for (uint32_t i = 0; i < CLIENTS; i++) {
            clock_sleep(random_next() % (3 * MILLISECOND));
            client_end(clients[i]);
        }
    }
    EXPECT_EQUAL(0, client_wait(client_use(device, 0, TURNS)));
    restore(device);
}

/* ---- Requests that come late, or never ---- */

/* One that lingers now finds what it would have found without those before. */
static void check_free_for_others(struct device *device)
{
    nanoseconds_t deadline_ns = clock_after(300 * MILLISECOND);
    process_id_t client = client_linger(device);

    while (clock_now() < deadline_ns && !client_is_gone(client)) {
        clock_sleep(10 * MILLISECOND);
    }
    client_end_lingering(client);
}

static void clients_that_die_waiting_are_forgotten(struct device *device)
{
    skip_if_taken(device);
    for (uint32_t round = 0; round < 40; round++) {
        process_id_t client = client_linger(device);

        clock_sleep(random_next() % (10 * MILLISECOND));
        client_end(client);
    }
    check_free_for_others(device);
}

static void requests_that_nobody_waits_for_are_not_kept(struct device *device)
{
    skip_if_taken(device);
    for (uint32_t round = 0; round < 40; round++) {
        EXPECT_OK(kind_of(device->type)->linger_unheard(device));
    }
    clock_sleep(50 * MILLISECOND);
    check_free_for_others(device);
}

const struct check common_checks[] = {
    CHECK(it_says_what_it_is),
    CHECK(devices_that_it_has_not_are_absent),
    CHECK(random_requests_are_refused),
    CHECK(wrong_sizes_are_refused),
    CHECK(unknown_operations_are_refused),
    CHECK(eight_clients_use_it_at_once),
    CHECK(it_outlives_its_clients),
    CHECK(it_is_initialised_again_and_again),
    LINGERING_CHECK(clients_that_die_waiting_are_forgotten),
    LINGERING_CHECK(requests_that_nobody_waits_for_are_not_kept),
};
const uint32_t common_check_count = COUNT(common_checks);
