/*
 * The keyboard controller is told to say that a key was pressed (8042, command D2h). Its interrupt wakes d\ps2, s\input says what the key types,
 * and this program, which has the focus, has d\console put that on the screen.
 */
#include "keys.h"

#include <ternion/clock.h>
#include <ternion/input.h>
#include <ternion/log.h>
#include <ternion/port.h>
#include <ternion/syscall.h>
#include <ternion/text.h>

#include "measure.h"

/* IBM PS/2 Hardware Interface Technical Reference, keyboard and auxiliary device controller. */
#define CONTROLLER_DATA 0x60U
#define CONTROLLER_COMMAND 0x64U
#define INPUT_FULL 0x02U
#define WRITE_OUTPUT_BUFFER 0xD2U
#define KEY_PRESS 0x1EU          /* A, in set 1: d\ps2 has the controller translate */
#define KEY_RELEASE 0x9EU

#define SCREEN "screens\\text\\0"
#define VIDEO_MEMORY 0xB8000U
#define VIDEO_PAGES 1U
#define CRTC_INDEX 0x3D4U
#define CRTC_DATA 0x3D5U
#define CURSOR_HIGH 14U
#define CURSOR_LOW 15U
#define PATIENCE_NS (5 * SECOND)

static struct input input;
static struct device screen;
static const volatile uint16_t *cells;

static void controller_ready(void)
{
    while ((port_read8(CONTROLLER_COMMAND) & INPUT_FULL) != 0) {
    }
}

static void press(uint8_t code)
{
    controller_ready();
    port_write8(CONTROLLER_COMMAND, WRITE_OUTPUT_BUFFER);
    controller_ready();
    port_write8(CONTROLLER_DATA, code);
}

/* The character that the next key event types; 0: none. */
static char next_character(void)
{
    struct input_events events;

    MUST(input_read(&input, &events));
    return events.count == 1 && events.events[0].kind == INPUT_KEY ? (char)events.events[0].key.character : 0;
}

static uint32_t cursor(void)
{
    port_write8(CRTC_INDEX, CURSOR_HIGH);
    uint32_t high = port_read8(CRTC_DATA);
    port_write8(CRTC_INDEX, CURSOR_LOW);
    return high << 8 | port_read8(CRTC_DATA);
}

static uint64_t key_sample(void)
{
    uint32_t cell = cursor();
    uint64_t begin = timestamp_read();

    press(KEY_PRESS);
    char character = next_character();
    MUST(text_write(&screen, &character, 1));
    uint64_t end = timestamp_read();

    MUST(character == 'a' && (char)cells[cell] == 'a' ? OK : NOT_FOUND);     /* it is there */
    press(KEY_RELEASE);
    (void)next_character();
    return end - begin;
}

void report_key_to_screen(void)
{
    uint32_t address;

    MUST(physical_map(VIDEO_MEMORY, VIDEO_PAGES, PHYSICAL_READ_ONLY, &address));
    cells = (const volatile uint16_t *)address;
    MUST(device_open(&screen, SCREEN, DEVICE_TEXT, clock_after(PATIENCE_NS)));
    MUST(input_open(&input, INPUT_WANTS_KEYS, clock_after(PATIENCE_NS)));
    MUST(text_write(&screen, "\n", 1));
    report("key_to_screen", measure_samples(key_sample, 1), "instructions");
    MUST(text_write(&screen, "\n", 1));
    input_close(&input);
    MUST(memory_free(address, VIDEO_PAGES));
}
