#include <ternion/format.h>
#include <ternion/keys.h>

#include "keyboard.h"

#define SELF_TEST_PASSED 0xAAU
#define OVERRUN_SET_1 0xFFU
#define OVERRUN_SET_2 0x00U

#define SELF_TEST_MS 1500U       /* the specification says up to 750 ms */
#define IDENTIFY_MS 200U         /* an AT keyboard says nothing */

/* Bits of the argument of ED. */
#define SCROLL_LIGHT 1U
#define NUM_LIGHT 2U
#define CAPS_LIGHT 4U
#define LIGHTS_ALL (KEYBOARD_NUM_LOCK | KEYBOARD_CAPS_LOCK | KEYBOARD_SCROLL_LOCK)

/* F3's argument: bits 5 and 6 a delay; below them A (0 - 2) and B (3, 4) of a rate of 240 / ((8 + A) * 2^B) a second. */
#define DELAY_STEP_MS 250U
#define DELAY_SHIFT 5
#define DELAY_MAX_MS 1000U
#define RATE_CODES 32U
#define RATE_BASE 240U
#define RATE_MAX 30U
#define RATE_MIN 2U

#define USUAL_DELAY_MS 500U
#define USUAL_PER_SECOND 20U

#define ALL_STEPS (STEP_BIT(KEYBOARD_STEPS) - 1)

/*
 * What a keyboard lacks that has just been plugged in: it speaks set 2, and scans. None of these commands costs a key that is on its
 * way, as others do, for it may be no new keyboard after all.
 */
#define STEPS_OF_NEW (STEP_BIT(KEYBOARD_REPEAT) | STEP_BIT(KEYBOARD_LIGHTS))

static void make_command(unsigned step, struct command *command_out);
static void step_ended(unsigned step, const struct conversation *conversation);
static void take_news(uint8_t byte, nanoseconds_t now_ns);
static void forget(void);

static const struct peripheral_kind kind = {
    .steps = ALL_STEPS,
    .command = make_command,
    .ended = step_ended,
    .news = take_news,
    .gone = forget,
};

struct peripheral keyboard;
struct key_queue key_queue;

static struct scancode_decoder decoder;
static struct key_set held;
static uint32_t lights;
static uint8_t repeat;               /* F3's argument */
static bool repeats_are_wanted;
static uint8_t identity[ANSWER_BYTES_MAX];
static unsigned identity_size;

/* ---- Keys ---- */

static void release_all(void)
{
    for (unsigned key = 0; key < KEY_COUNT; key++) {
        if (key_set_has(&held, (uint8_t)key)) {
            key_queue_put(&key_queue, (uint8_t)key, KEY_RELEASED);
        }
    }
    held = (struct key_set){ 0 };
}

static void forget(void)
{
    release_all();
    scancode_reset(&decoder, decoder.set);
}

static void take_key(const struct scancode *scancode)
{
    bool was_held = key_set_has(&held, scancode->key);

    key_set_put(&held, scancode->key, scancode->is_pressed);
    if (!scancode->is_pressed) {
        if (was_held) {
            key_queue_put(&key_queue, scancode->key, KEY_RELEASED);
        }
    } else if (!was_held) {
        key_queue_put(&key_queue, scancode->key, KEY_PRESSED);
    } else if (repeats_are_wanted) {
        key_queue_put(&key_queue, scancode->key, KEY_REPEATED);
    }
}

/* In set 1 the left Shift is released by the same byte. One that was pressed when an earlier driver lived is not known here. */
static bool has_been_plugged_in(uint8_t byte)
{
    return byte == SELF_TEST_PASSED && decoder.prefix == PREFIX_NONE
           && (decoder.set != SCANCODE_SET_1 || !key_set_has(&held, KEY_LEFT_SHIFT));
}

static void take_news(uint8_t byte, nanoseconds_t now_ns)
{
    struct scancode scancode;

    if (has_been_plugged_in(byte)) {
        if (keyboard.is_present) {
            peripheral_begin_anew(&keyboard, STEPS_OF_NEW, now_ns);
        }
    } else if (byte == OVERRUN_SET_1 || byte == OVERRUN_SET_2) {
        keyboard_damaged();
    } else if (scancode_take(&decoder, byte, &scancode)) {
        take_key(&scancode);
    }
}

/* What was lost may have been a release: better none is held than one for ever. One that is held repeats, and counts again. */
void keyboard_damaged(void)
{
    forget();
    key_queue_lose(&key_queue);
}

/* ---- Commands ---- */

static uint8_t light_bits(void)
{
    return (uint8_t)((lights & KEYBOARD_SCROLL_LOCK ? SCROLL_LIGHT : 0) | (lights & KEYBOARD_NUM_LOCK ? NUM_LIGHT : 0)
                     | (lights & KEYBOARD_CAPS_LOCK ? CAPS_LIGHT : 0));
}

static void make_command(unsigned step, struct command *command_out)
{
    const struct command commands[KEYBOARD_STEPS] = {
        [KEYBOARD_RESET] = { { 0xFF }, 1, 1, SELF_TEST_MS },
        [KEYBOARD_STOP] = { { 0xF5 }, 1, 0, 0 },
        [KEYBOARD_IDENTIFY] = { { 0xF2 }, 1, ANSWER_BYTES_MAX, IDENTIFY_MS },
        [KEYBOARD_CHOOSE_SET] = { { 0xF0, 2 }, 2, 0, 0 },
        [KEYBOARD_REPEAT] = { { 0xF3, repeat }, 2, 0, 0 },
        [KEYBOARD_LIGHTS] = { { 0xED, light_bits() }, 2, 0, 0 },
        [KEYBOARD_START] = { { 0xF4 }, 1, 0, 0 },
    };

    *command_out = commands[step];
}

static void step_ended(unsigned step, const struct conversation *conversation)
{
    switch (step) {
    case KEYBOARD_RESET:
        forget();
        break;
    case KEYBOARD_IDENTIFY:
        identity_size = conversation->answer_count;
        for (unsigned i = 0; i < identity_size; i++) {
            identity[i] = conversation->answer[i];
        }
        break;
    }
}

static bool choose_repeat(uint32_t delay_ms, uint32_t per_second)
{
    uint32_t delay = delay_ms == 0 ? 0 : (delay_ms - 1) / DELAY_STEP_MS;
    uint32_t code = RATE_CODES - 1;

    if (delay_ms > DELAY_MAX_MS || per_second > RATE_MAX || (per_second != 0 && per_second < RATE_MIN)) {
        return false;
    }
    while (RATE_BASE < per_second * ((8 + code % 8) << code / 8)) {
        code--;
    }
    repeat = (uint8_t)(delay << DELAY_SHIFT | code);
    repeats_are_wanted = per_second != 0;
    return true;
}

void keyboard_initialise(nanoseconds_t now_ns)
{
    lights = 0;
    (void)choose_repeat(USUAL_DELAY_MS, USUAL_PER_SECOND);
    peripheral_ask(&keyboard, ALL_STEPS, now_ns);
}

void keyboard_open(bool (*send)(uint8_t byte), enum scancode_set set, nanoseconds_t now_ns)
{
    scancode_reset(&decoder, set);
    peripheral_open(&keyboard, &kind, send);
    keyboard_initialise(now_ns);
}

bool keyboard_change_lights(uint32_t wanted, nanoseconds_t now_ns)
{
    if (wanted & ~LIGHTS_ALL) {
        return false;
    }
    lights = wanted;
    peripheral_ask(&keyboard, STEP_BIT(KEYBOARD_LIGHTS), now_ns);
    return true;
}

bool keyboard_change_repeat(uint32_t delay_ms, uint32_t per_second, nanoseconds_t now_ns)
{
    if (!choose_repeat(delay_ms, per_second)) {
        return false;
    }
    peripheral_ask(&keyboard, STEP_BIT(KEYBOARD_REPEAT), now_ns);
    return true;
}

uint32_t keyboard_lights(void)
{
    return lights;
}

size_t keyboard_describe(char *text, size_t size)
{
    const char *codes = decoder.set == SCANCODE_SET_1 ? "set 2, translated to set 1 by the controller" : "set 2";

    if (identity_size < ANSWER_BYTES_MAX) {
        return format_text(text, size, "PS/2 port 1: AT keyboard, scan codes of %s", codes);
    }
    return format_text(text, size, "PS/2 port 1: keyboard %02X %02X, scan codes of %s", identity[0], identity[1], codes);
}
