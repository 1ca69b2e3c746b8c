#include "early_console.h"

#include <stdbool.h>
#include <stdint.h>

#include "i386/cpu.h"
#include "memory.h"
#include "options.h"
#include "panic_screen.h"
#include "string.h"

/* 16550 UART at COM1 (National Semiconductor PC16550D data sheet). */
#define COM1 0x3F8U
#define COM1_DIVISOR_LOW (COM1 + 0)
#define COM1_DIVISOR_HIGH (COM1 + 1)
#define COM1_INTERRUPTS (COM1 + 1)
#define COM1_LINE_CONTROL (COM1 + 3)
#define COM1_LINE_STATUS (COM1 + 5)
#define LINE_8N1 0x03U
#define LINE_DIVISOR_ACCESS 0x80U
#define STATUS_TRANSMITTER_EMPTY 0x20U
#define STATUS_NO_UART 0xFFU
#define DIVISOR_115200 1U
#define TRIES 100000U

#define PORT_E9 0xE9U

/* VGA text mode 3. */
#define SCREEN_PHYSICAL 0xB8000U
#define COLUMNS 80U
#define ROWS 25U
#define ATTRIBUTE 0x07U
#define CRTC_INDEX 0x3D4U
#define CRTC_DATA 0x3D5U
#define CRTC_CURSOR_HIGH 0x0EU
#define CRTC_CURSOR_LOW 0x0FU

static bool serial_ready;

static void serial_initialise(void)
{
    port_write8(COM1_INTERRUPTS, 0);
    port_write8(COM1_LINE_CONTROL, LINE_DIVISOR_ACCESS | LINE_8N1);
    port_write8(COM1_DIVISOR_LOW, DIVISOR_115200);
    port_write8(COM1_DIVISOR_HIGH, 0);
    port_write8(COM1_LINE_CONTROL, LINE_8N1);
    serial_ready = true;
}

static void serial_put(char character)
{
    if (!serial_ready) {
        serial_initialise();
    }
    if (port_read8(COM1_LINE_STATUS) == STATUS_NO_UART) {
        return;
    }
    for (uint32_t i = 0; i < TRIES && (port_read8(COM1_LINE_STATUS) & STATUS_TRANSMITTER_EMPTY) == 0; i++) {
    }
    port_write8(COM1, (uint8_t)character);
}

static uint32_t cursor_read(void)
{
    uint32_t position;

    port_write8(CRTC_INDEX, CRTC_CURSOR_HIGH);
    position = (uint32_t)port_read8(CRTC_DATA) << 8;
    port_write8(CRTC_INDEX, CRTC_CURSOR_LOW);
    position |= port_read8(CRTC_DATA);
    return position < COLUMNS * ROWS ? position : 0;
}

static void cursor_write(uint32_t position)
{
    port_write8(CRTC_INDEX, CRTC_CURSOR_HIGH);
    port_write8(CRTC_DATA, (uint8_t)(position >> 8));
    port_write8(CRTC_INDEX, CRTC_CURSOR_LOW);
    port_write8(CRTC_DATA, (uint8_t)position);
}

static void screen_print(const char *text)
{
    uint16_t *screen = physical_to_virtual(SCREEN_PHYSICAL);

    if (panic_screen_hides_text()) {
        return;
    }
    uint32_t position = cursor_read();

    for (; *text != '\0'; text++) {
        if (*text == '\n') {
            position += COLUMNS - position % COLUMNS;
        } else {
            screen[position++] = (uint16_t)(ATTRIBUTE << 8 | (uint8_t)*text);
        }
        if (position == COLUMNS * ROWS) {
            memmove(screen, screen + COLUMNS, (ROWS - 1) * COLUMNS * sizeof *screen);
            position -= COLUMNS;
            for (uint32_t i = 0; i < COLUMNS; i++) {
                screen[position + i] = ATTRIBUTE << 8 | ' ';
            }
        }
    }
    cursor_write(position);
}

static void print(const char *text, bool serial, bool vga, bool e9)
{
    if (vga) {
        screen_print(text);
    }
    for (; *text != '\0'; text++) {
        if (serial && *text == '\n') {
            serial_put('\r');
        }
        if (serial) {
            serial_put(*text);
        }
        if (e9) {
            port_write8(PORT_E9, (uint8_t)*text);
        }
    }
}

void early_console_print(const char *text)
{
    print(text, options.early_serial, options.early_vga, options.early_e9);
}

void early_console_panic_print(const char *text)
{
    serial_ready = false;        /* whatever a driver did to it */
    panic_screen_begin();
    print(text, true, true, true);
    panic_screen_print(text);
}
