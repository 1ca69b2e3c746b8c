/* A serial line as a terminal: bytes go as they are, but for the ends of lines. */
#include <ternion/clock.h>
#include <ternion/line.h>
#include <ternion/log.h>

#include "terminal.h"

#define READ_MAX 256U
#define PIECE 256U               /* bytes: a record of the log, and Ctrl+S, wait for so many at most */
#define PAUSE_NS (100 * MILLISECOND)

/* What is at its other end does not tell. */
static void size(struct device *device, uint32_t *columns, uint32_t *rows)
{
    (void)device;
    (void)columns;
    (void)rows;
}

static status_t write(struct device *device, const uint8_t *text, uint32_t size)
{
    uint8_t bytes[2 * PIECE];
    uint32_t count = 0;

    for (uint32_t i = 0; i < size; i++) {
        if (text[i] == '\n') {
            bytes[count++] = '\r';
        }
        bytes[count++] = text[i];
    }
    return line_write(device, bytes, count);
}

static void read(struct terminal *terminal)
{
    struct device device;
    bool was_told = false;

    (void)device_open(&device, terminal->hardware->device_name, DEVICE_LINE, 0);
    device.patience_ns = FOREVER;
    for (;;) {
        uint8_t bytes[READ_MAX];
        uint32_t count;
        status_t status = line_read(&device, bytes, sizeof bytes, &count);

        if (status == OK) {
            terminal_type(terminal, bytes, count);
            continue;
        }
        if (status == BUSY && !was_told) {
            log_print(LOG_WARNING, "%s: another process reads %s: what is typed may not come", terminal->name, device.name);
            was_told = true;
        }
        if (status != PEER_DIED && status != DISCARDED) {
            clock_sleep(PAUSE_NS);
        }
    }
}

#define LINE(name) { .device_name = (name), .type = DEVICE_LINE, .piece = PIECE, .size = size, .write = write, .read = read }

const struct hardware serial_hardware[4] = {
    LINE("lines\\serial\\0"), LINE("lines\\serial\\1"), LINE("lines\\serial\\2"), LINE("lines\\serial\\3"),
};
