/* What is written: a thread for each terminal, which waits for the device as long as that takes. */
#include "hardware.h"

#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/thread.h>

#include "terminal.h"

#define STACK_BYTES 12288U       /* two pieces, and what calls need */
#define RETRY_NS (20 * MILLISECOND)
#define COLUMNS_USUAL 80U        /* where nobody knows */
#define ROWS_USUAL 24U

static void set_present(struct terminal *terminal, struct device *device)
{
    uint32_t columns = 0, rows = 0;

    terminal->hardware->size(device, &columns, &rows);
    terminal_set_presence(terminal, PRESENT, columns == 0 ? COLUMNS_USUAL : columns, rows == 0 ? ROWS_USUAL : rows);
}

/* Waits for the device. Who uses the terminal hears meanwhile, if that takes long, that there is none. */
static void find_device(struct terminal *terminal, struct device *device, nanoseconds_t deadline_ns)
{
    const struct hardware *hardware = terminal->hardware;
    status_t status = device_open(device, hardware->device_name, hardware->type, deadline_ns);

    if (status != OK) {
        log_print(LOG_WARNING, "%s: there is no device %s: it cannot be used until there is", terminal->name, hardware->device_name);
        terminal_set_presence(terminal, NOT_PRESENT, COLUMNS_USUAL, ROWS_USUAL);
    }
    while (status != OK) {
        clock_sleep(RETRY_NS);   /* it may be of another type */
        status = device_open(device, hardware->device_name, hardware->type, FOREVER);
    }
    set_present(terminal, device);
}

/*
 * A driver that died with the text gets it once more: twice is better than not at all, as with a prompt. Statuses: OK: it is done with;
 * NOT_FOUND, TIMED_OUT, ABSENT: there is no device.
 */
static status_t write_piece(struct terminal *terminal, struct device *device, const uint8_t *text, uint32_t size)
{
    bool was_lost = false;

    for (;;) {
        status_t status = terminal->hardware->write(device, text, size);

        switch (status) {
        case OK:
        case NOT_FOUND:
        case TIMED_OUT:
        case ABSENT:
            return status;
        case PEER_DIED:
        case DISCARDED:
            if (was_lost) {
                return OK;
            }
            was_lost = true;
            break;
        default:
            clock_sleep(RETRY_NS);
        }
    }
}

static void write_text(void *argument)
{
    struct terminal *terminal = argument;
    nanoseconds_t deadline_ns = clock_after(DEVICE_PATIENCE_NS);
    struct device device;
    uint8_t text[HARDWARE_PIECE_MAX];

    for (;;) {
        find_device(terminal, &device, deadline_ns);
        status_t status = OK;
        while (status == OK) {
            uint32_t size = terminal_await_text(terminal, text, terminal->hardware->piece);
            status = write_piece(terminal, &device, text, size);
            terminal_wrote(terminal, size);
        }
        deadline_ns = 0;         /* it was waited for */
    }
}

static void read_typed(void *argument)
{
    struct terminal *terminal = argument;

    terminal->hardware->read(terminal);
}

void hardware_start(struct terminal *terminal)
{
    MUST(thread_start(write_text, terminal, STACK_BYTES, NULL));
    MUST(thread_start(read_typed, terminal, STACK_BYTES, NULL));
}
