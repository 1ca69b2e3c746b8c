/*
 * A driver with one fault, which its argument names: s\conformance must find it. Its device is broken\FAULT: a disk of 64 blocks, or, for
 * `keeps`, a keyboard on which nobody ever types.
 */
#include <ternion/format.h>
#include <ternion/keyboard.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/server.h>
#include <ternion/storage.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

MANIFEST(.role = ROLE_STORAGE, .partners = PARTNERS_ALL, .rights = RIGHT_ASSIGN_ROLES);

#define BLOCKS 64U
#define BLOCK_SIZE 512U
#define NUMBER 1U

enum fault {
    NO_FAULT,
    WRONG_TYPE,                      /* describes itself as something else */
    ANY_NUMBER,                      /* does not look which device is meant */
    OVERFLOW,                        /* adds first block and count in 32 bits */
    OFF_BY_ONE,                      /* has a block too many */
    ANY_LENGTH,                      /* writes what came, however long */
    LOST_BLOCK,                      /* forgets the last block of a longer write */
    OTHER_MEDIUM,                    /* says each time that the medium is another */
    DIES,                            /* at a request for more blocks than a request can have */
    KEEPS_READER,                    /* lets one client read, and never learns that it is gone */
    FAULT_COUNT,
};

static const char *const fault_names[FAULT_COUNT] = {
    "nothing", "type", "number", "overflow", "last", "length", "lost", "medium", "dies", "keeps",
};

static enum fault fault;
static uint8_t disk[(BLOCKS + 1) * BLOCK_SIZE];

static bool is_own(uint32_t number)
{
    return number == NUMBER || fault == ANY_NUMBER;
}

/* ---- The common interface ---- */

static status_t describe(struct server_call *call, const struct device_call_number *request, struct device_call_description *reply)
{
    static const char text[] = "broken";
    device_type_t type = fault == KEEPS_READER ? DEVICE_KEYBOARD : DEVICE_STORAGE;

    reply->type = fault == WRONG_TYPE ? DEVICE_TONE : type;
    server_give_string(call, text, sizeof text - 1);
    return is_own(request->number) ? OK : ABSENT;
}

static status_t initialise(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    (void)call;
    (void)reply;
    return is_own(request->number) ? OK : ABSENT;
}

PROTOCOL_SERVER(device_call, DEVICE_PROTOCOL, .describe = describe, .initialise = initialise)

/* ---- A disk ---- */

static bool has_blocks(const struct storage_call_range *range)
{
    uint32_t blocks = fault == OFF_BY_ONE ? BLOCKS + 1 : BLOCKS;

    if (fault == OVERFLOW) {
        return range->first_low + range->count <= blocks && range->first_low < 0x80000000;
    }
    return storage_range_first(range) <= blocks && range->count <= blocks - storage_range_first(range);
}

static status_t check(const struct storage_call_range *range)
{
    if (!is_own(range->number)) {
        return ABSENT;
    }
    bool is_request = range->count != 0 && range->count <= STORAGE_TRANSFER_MAX / BLOCK_SIZE;
    if (!is_request && fault == DIES) {
        process_exit(1);
    }
    return is_request && has_blocks(range) ? OK : BAD_ARGUMENT;
}

static status_t size(struct server_call *call, const struct device_call_number *request, struct storage_size *reply)
{
    (void)call;
    *reply = (struct storage_size){ .blocks = BLOCKS, .block_size = BLOCK_SIZE };
    return is_own(request->number) ? OK : ABSENT;
}

static status_t read_blocks(struct server_call *call, const struct storage_call_range *request, struct nothing *reply)
{
    (void)reply;
    status_t status = check(request);
    if (status == OK) {
        server_give_string(call, disk + request->first_low % BLOCKS * BLOCK_SIZE, request->count * BLOCK_SIZE);
    }
    return status;
}

static status_t write_blocks(struct server_call *call, const struct storage_call_range *request, struct nothing *reply)
{
    (void)reply;
    status_t status = check(request);
    if (status != OK) {
        return status;
    }
    uint32_t bytes = request->count * BLOCK_SIZE;
    if (call->string_size != bytes && fault != ANY_LENGTH) {
        return BAD_SIZE;
    }
    if (fault == LOST_BLOCK && request->count > 1) {
        bytes -= BLOCK_SIZE;
    }
    memcpy(disk + request->first_low % BLOCKS * BLOCK_SIZE, call->string, call->string_size < bytes ? call->string_size : bytes);
    return OK;
}

static status_t flush(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    return initialise(call, request, reply);
}

static status_t media(struct server_call *call, const struct device_call_number *request, struct storage_call_media_reply *reply)
{
    static uint32_t changes;
    (void)call;

    changes += fault == OTHER_MEDIUM ? 1 : 0;
    *reply = (struct storage_call_media_reply){ .is_present = 1, .changes = changes };
    return is_own(request->number) ? OK : ABSENT;
}

static status_t eject(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    (void)call;
    (void)reply;
    return is_own(request->number) ? BAD_OPERATION : ABSENT;
}

PROTOCOL_SERVER(storage_call, STORAGE_PROTOCOL, .size = size, .read = read_blocks, .write = write_blocks, .flush = flush, .media = media,
                .eject = eject)

/* ---- A keyboard ---- */

static status_t read_keys(struct server_call *call, const struct device_call_number *request, struct key_events *reply)
{
    static struct pending_call reader;
    static bool has_reader;
    (void)reply;

    if (!is_own(request->number)) {
        return ABSENT;
    }
    if (has_reader) {
        return BUSY;
    }
    has_reader = true;
    return server_answer_later(call, &reader);
}

static uint32_t lights;

static status_t set_lights(struct server_call *call, const struct keyboard_call_lights *request, struct nothing *reply)
{
    (void)call;
    (void)reply;
    if (!is_own(request->number) || request->lights > 7) {
        return is_own(request->number) ? BAD_ARGUMENT : ABSENT;
    }
    lights = request->lights;
    return OK;
}

static status_t set_repeat(struct server_call *call, const struct keyboard_call_repeat *request, struct nothing *reply)
{
    (void)call;
    (void)reply;
    bool can_be = request->delay_ms <= 1000 && request->per_second <= 30 && request->per_second != 1;
    return !is_own(request->number) ? ABSENT : can_be ? OK : BAD_ARGUMENT;
}

static status_t state(struct server_call *call, const struct device_call_number *request, struct keyboard_state *reply)
{
    (void)call;
    reply->lights = lights;
    return is_own(request->number) ? OK : ABSENT;
}

PROTOCOL_SERVER(keyboard_call, KEYBOARD_PROTOCOL, .read = read_keys, .set_lights = set_lights, .set_repeat = set_repeat, .state = state)

static struct server disk_server = SERVER(&device_call_protocol, &storage_call_protocol);
static struct server keyboard_server = SERVER(&device_call_protocol, &keyboard_call_protocol);

int main(int argc, char **argv)
{
    char name[DEVICE_NAME_MAX + 1];
    device_id_t id;

    while (argc > 1 && fault < FAULT_COUNT - 1 && strcmp(argv[1], fault_names[fault]) != 0) {
        fault++;
    }
    format_text(name, sizeof name, "broken\\%s", fault_names[fault]);
    MUST(device_register(name, (uint32_t)strlen(name), fault == KEEPS_READER ? DEVICE_KEYBOARD : DEVICE_STORAGE, NUMBER, &id));
    server_run(fault == KEEPS_READER ? &keyboard_server : &disk_server);
}
