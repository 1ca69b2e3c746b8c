#include "sink.h"

#include <ternion/log.h>
#include <ternion/port.h>
#include <ternion/server.h>
#include <ternion/storage.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>
#include <ternion/text.h>

#define DEBUG_CONSOLE 0xE9       /* of QEMU and Bochs */
#define DELAY_PORT 0x80          /* of the BIOS's self-test: it does nothing */
#define SHOWN_BLOCKS 64U

static status_t write(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    (void)request;
    (void)reply;
    for (uint32_t i = 0; i < call->string_size; i++) {
        port_write8(DEBUG_CONSOLE, ((const uint8_t *)call->string)[i]);
    }
    return OK;
}

PROTOCOL_SERVER(text_call, TEXT_PROTOCOL, .write = write)

void sink_run(const char *value)
{
    struct server server = SERVER(&text_call_protocol);
    device_id_t id;

    MUST(device_register(value, (uint32_t)strlen(value), DEVICE_TEXT, 0, &id));
    server_run(&server);
}

void sink_show(const char *value)
{
    static char text[SHOWN_BLOCKS * 512 + 1];
    struct device device;
    struct storage_size size;

    MUST(device_open(&device, value, DEVICE_STORAGE, FOREVER));
    MUST(storage_size(&device, &size));
    uint32_t blocks = (sizeof text - 1) / size.block_size;
    MUST(storage_read(&device, 0, size.blocks < blocks ? (uint32_t)size.blocks : blocks, text));
    for (char *line = text, *end; *line != '\0'; line = end + 1) {
        end = strchr(line, '\n');
        if (end == NULL) {
            end = line + strlen(line) - 1;
        }
        log_print(LOG_INFORMATION, "%s has %.*s", value, (int)(end - line), line);
    }
}

void sink_knock(const char *value)
{
    uint32_t count = 0;

    for (; *value >= '0' && *value <= '9'; value++) {
        count = count * 10 + (uint32_t)(*value - '0');
    }
    while (count-- > 0) {
        (void)port_read8(DELAY_PORT);
    }
}
