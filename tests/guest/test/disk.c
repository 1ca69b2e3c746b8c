#include "disk.h"

#include <ternion/server.h>
#include <ternion/string.h>

#include "files.h"

#define WORDS_OF_BLOCK (DISK_BLOCK_SIZE / sizeof(uint32_t))
#define DISKS_MAX 2U
#define SALT_MAX 64U             /* no test has more disks */

static uint32_t salt_of_first;
static uint32_t disk_count;

/* Different for each salt, block and word. */
static uint32_t word_of(uint32_t salt, uint32_t number, uint32_t word)
{
    return (salt << 27) ^ (number * WORDS_OF_BLOCK + word) * 2654435761U;
}

bool disk_block_is(const uint32_t *block, uint32_t salt, uint32_t number)
{
    for (uint32_t word = 0; word < WORDS_OF_BLOCK; word++) {
        if (block[word] != word_of(salt, number, word)) {
            return false;
        }
    }
    return true;
}

/* ---- The driver ---- */

static status_t check(const struct storage_call_range *range)
{
    uint64_t first = storage_range_first(range);

    if (range->number >= disk_count) {
        return ABSENT;
    }
    return range->count != 0 && range->count <= STORAGE_TRANSFER_MAX / DISK_BLOCK_SIZE && first <= DISK_BLOCKS
        && range->count <= DISK_BLOCKS - first ? OK : BAD_ARGUMENT;
}

static status_t size(struct server_call *call, const struct device_call_number *request, struct storage_size *reply)
{
    (void)call;
    *reply = (struct storage_size){ .blocks = DISK_BLOCKS, .block_size = DISK_BLOCK_SIZE };
    return request->number < disk_count ? OK : ABSENT;
}

static status_t read_blocks(struct server_call *call, const struct storage_call_range *request, struct nothing *reply)
{
    uint32_t *word = call->buffer;
    (void)reply;

    status_t status = check(request);
    for (uint32_t block = 0; status == OK && block < request->count; block++) {
        for (uint32_t i = 0; i < WORDS_OF_BLOCK; i++) {
            *word++ = word_of(salt_of_first + request->number, request->first_low + block, i);
        }
    }
    server_give_string(call, call->buffer, status == OK ? request->count * DISK_BLOCK_SIZE : 0);
    return status;
}

/* Writing is fine if it changes nothing. */
static status_t write_blocks(struct server_call *call, const struct storage_call_range *request, struct nothing *reply)
{
    (void)reply;
    status_t status = check(request);
    if (status == OK && call->string_size != request->count * DISK_BLOCK_SIZE) {
        return BAD_SIZE;
    }
    for (uint32_t block = 0; status == OK && block < request->count; block++) {
        if (!disk_block_is((const uint32_t *)call->string + block * WORDS_OF_BLOCK, salt_of_first + request->number,
                           request->first_low + block)) {
            return CHANGED;
        }
    }
    return status;
}

PROTOCOL_SERVER(storage_call, STORAGE_PROTOCOL, .size = size, .read = read_blocks, .write = write_blocks)

static struct server server = SERVER(&storage_call_protocol);

static void disk_driver(int argc, char **argv)
{
    salt_of_first = test_number(argv[1]);
    for (; disk_count < DISKS_MAX && (int)disk_count + 2 < argc; disk_count++) {
        const char *name = argv[disk_count + 2];
        device_id_t id;

        EXPECT_OK(device_register(name, (uint32_t)strlen(name), DEVICE_STORAGE, disk_count, &id));
    }
    server_run(&server);
}

/* ---- Those who start it ---- */

process_id_t disk_driver_start(uint32_t salt, const char *first, const char *second)
{
    process_id_t id;

    EXPECT_OK(test_spawn(CLASS_DRIVER, "disk_driver", &id, test_digits(salt).text, first, second, NULL));
    return id;
}

void disk_wait(const char *name)
{
    struct device_information information;

    EXPECT_OK(device_find(name, (uint32_t)strlen(name), clock_after(DEVICE_PATIENCE_NS), &information));
}

uint32_t disk_salt(const char *name)
{
    uint32_t block[WORDS_OF_BLOCK];
    struct storage_size there;
    struct device device;

    EXPECT_OK(device_open(&device, name, DEVICE_STORAGE, 0));
    EXPECT_OK(storage_size(&device, &there));
    EXPECT_OK(storage_read(&device, 0, 1, block));
    for (uint32_t salt = 0; salt < SALT_MAX; salt++) {
        if (disk_block_is(block, salt, 0)) {
            return salt;
        }
    }
    EXPECT_NOT("%s is no disk of these tests", name);
}

const struct test disk_tests[] = { };
const uint32_t disk_test_count = COUNT(disk_tests);
const struct role disk_roles[] = { ROLE(disk_driver) };
const uint32_t disk_role_count = COUNT(disk_roles);
