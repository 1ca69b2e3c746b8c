#include <ternion/keyboard.h>
#include <ternion/line.h>
#include <ternion/log.h>
#include <ternion/string.h>
#include <ternion/syscall_table.h>
#include <ternion/text.h>

#include "devices.h"

void devices_hear(const char *value)
{
    size_t size = strlen(value), found = 0;
    struct device line;

    MUST(device_open(&line, "lines\\serial\\0", DEVICE_LINE, FOREVER));
    while (found < size) {
        char byte;
        uint32_t count;

        MUST(line_read(&line, &byte, 1, &count));
        found = byte == value[found] ? found + 1 : byte == value[0];
    }
}

void devices_borrow(const char *value)
{
    struct device screen;
    (void)value;

    MUST(device_open(&screen, "screens\\text\\0", DEVICE_TEXT, FOREVER));
    log_print(LOG_INFORMATION, "borrowing the text screen: %s", status_name(text_lend(&screen)));
}

void devices_read(const char *value)
{
    struct device keyboard;
    struct key_events events;

    MUST(device_open(&keyboard, value, DEVICE_KEYBOARD, FOREVER));
    status_t status = keyboard_read(&keyboard, &events);
    log_print(LOG_INFORMATION, "reading %s: %s", value, status_name(status));
}
