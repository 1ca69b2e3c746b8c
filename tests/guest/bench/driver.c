/* The driver that d\bench lets die, and its client. */
#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/server.h>
#include <ternion/stream.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/system.h>

#include "driver.h"

MANIFEST(.role = ROLE_STORAGE, .partners = PARTNERS_ALL);

/* ---- The driver ---- */

static status_t read(struct server_call *call, const struct stream_call_read_request *request, struct nothing *reply)
{
    process_id_t own = process_page()->id;
    (void)reply;

    if (request->size < sizeof own) {
        return BAD_ARGUMENT;
    }
    memcpy(call->buffer, &own, sizeof own);
    server_give_string(call, call->buffer, sizeof own);
    return OK;
}

PROTOCOL_SERVER(stream_call, STREAM_PROTOCOL, .read = read)

static struct server server = SERVER(&stream_call_protocol);

_Noreturn static void drive(void)
{
    device_id_t id;

    MUST(device_register(DRIVER_DEVICE, sizeof DRIVER_DEVICE - 1, DEVICE_STREAM, 0, &id));
    server_run(&server);
}

/* ---- The client ---- */

_Noreturn static void ask(void)
{
    process_id_t last = 0;
    struct device device;

    MUST(device_open(&device, DRIVER_DEVICE, DEVICE_STREAM, FOREVER));
    for (;;) {
        process_id_t driver;
        uint32_t size;

        MUST(stream_read(&device, &driver, sizeof driver, &size));
        nanoseconds_t now = clock_now();
        if (driver != last) {
            struct message message = { .words = { driver, (uint32_t)now, (uint32_t)(now >> 32) } };

            MUST(message_send(process_page()->parent, &message));
            last = driver;
        }
    }
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], CLIENT_ROLE) == 0) {
        ask();
    }
    drive();
}
