/* The text screen with the keyboard as a terminal. */
#include <ternion/clock.h>
#include <ternion/input.h>
#include <ternion/log.h>
#include <ternion/text.h>

#include "glyphs.h"
#include "keys.h"
#include "terminal.h"

#define KEYBOARD_NAME "input\\keyboard\\0"
#define PATIENCE_NS (10 * SECOND) /* there is what is to be there by then */
#define PAUSE_NS (100 * MILLISECOND)

static void size(struct device *device, uint32_t *columns, uint32_t *rows)
{
    (void)text_size(device, columns, rows);
}

/* The thread that writes is the only one. */
static status_t write(struct device *device, const uint8_t *text, uint32_t size)
{
    static struct utf8_reader reader;
    struct utf8_reader after = reader;
    uint8_t glyphs[HARDWARE_PIECE_MAX + UTF8_MAX];
    uint32_t count = glyphs_of(&after, text, size, glyphs);

    status_t status = text_write(device, (const char *)glyphs, count);
    if (status == OK) {
        reader = after;
    }
    return status;
}

static void type(struct terminal *terminal, const struct input_events *events)
{
    for (uint32_t i = 0; i < events->count; i++) {
        uint8_t bytes[KEY_BYTES_MAX];

        if (events->events[i].kind == INPUT_KEY) {
            terminal_type(terminal, bytes, key_bytes(&events->events[i].key, bytes));
        }
    }
}

/* s\input would wait for one without a word. */
static void find_keyboard(const struct terminal *terminal)
{
    struct device keyboard;

    if (device_open(&keyboard, KEYBOARD_NAME, DEVICE_KEYBOARD, clock_after(PATIENCE_NS)) != OK) {
        log_print(LOG_WARNING, "%s: there is no keyboard: nothing can be typed until there is", terminal->name);
    }
}

/* Below all who want keys, however late it comes: a program that fills the screen keeps its place when this one is started again. */
static void read(struct terminal *terminal)
{
    struct input input = { .patience_ns = PATIENCE_NS, .wants = INPUT_WANTS_KEYS };

    find_keyboard(terminal);
    for (;;) {
        struct input_events events;
        status_t status = input_read(&input, &events);

        if (status == OK) {
            type(terminal, &events);
        } else if (status == TIMED_OUT) {
            log_print(LOG_WARNING, "%s: there is no s\\input: nothing can be typed until there is", terminal->name);
            input.patience_ns = FOREVER;
        } else {
            clock_sleep(PAUSE_NS);
        }
    }
}

const struct hardware screen_hardware = {
    .device_name = "screens\\text\\0",
    .type = DEVICE_TEXT,
    .piece = HARDWARE_PIECE_MAX,
    .size = size,
    .write = write,
    .read = read,
};
