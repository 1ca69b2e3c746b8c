#include <ternion/code_page.h>

#include "clients.h"
#include "typing.h"

static struct keymap_state state;
static uint8_t holders[KEY_COUNT];   /* keyboards that hold the key */
static bool locks_are_known;         /* from here on they are what this process says */

void typing_open(const struct keymap *map, uint32_t locks)
{
    state = (struct keymap_state){ .map = map, .modifiers = locks };
}

uint32_t typing_lights(void)
{
    return (state.modifiers & MODIFIER_LOCKS) >> MODIFIER_LOCKS_SHIFT;
}

/* A character that is not one key's. */
static void tell_character(uint32_t unicode, uint16_t modifiers)
{
    if (unicode != 0) {
        clients_put_key(&(struct input_key){
            .action = KEY_PRESSED,
            .character = code_page_437(unicode),
            .modifiers = modifiers,
            .unicode = unicode,
        });
    }
}

/* An event of the keyboard that all keyboards are. */
static void tell(uint8_t key, enum key_action action)
{
    struct keymap_result result;

    keymap_take(&state, &(struct key_event){ key, (uint8_t)action }, &result);
    tell_character(result.first, result.modifiers);
    clients_put_key(&(struct input_key){
        .key = key,
        .meaning = result.meaning,
        .action = (uint8_t)action,
        .character = code_page_437(result.typed),
        .modifiers = result.modifiers,
        .symbol = result.symbol,
        .unicode = result.typed,
    });
}

static void press(struct key_set *held, uint8_t key)
{
    if (!key_set_has(held, key)) {
        key_set_put(held, key, true);
        if (holders[key]++ == 0) {
            tell(key, KEY_PRESSED);
        }
    }
}

static void release(struct key_set *held, uint8_t key)
{
    if (key_set_has(held, key)) {
        key_set_put(held, key, false);
        if (--holders[key] == 0) {
            tell(key, KEY_RELEASED);
        }
    }
}

void typing_take_over(struct key_set *held, const struct keyboard_state *keyboard)
{
    if (!locks_are_known && keyboard->lights != 0) {
        state.modifiers = (state.modifiers & ~MODIFIER_LOCKS) | (keyboard->lights << MODIFIER_LOCKS_SHIFT & MODIFIER_LOCKS);
    }
    locks_are_known = true;
    for (unsigned key = 0; key < KEY_COUNT; key++) {
        if (key_set_has(&keyboard->held, (uint8_t)key) && !key_set_has(held, (uint8_t)key)) {
            struct keymap_result unused;

            key_set_put(held, (uint8_t)key, true);
            holders[key]++;
            /* As one that repeats: it changes no lock. Nobody is told: nobody who reads now has seen it pressed. */
            keymap_take(&state, &(struct key_event){ (uint8_t)key, KEY_REPEATED }, &unused);
        }
    }
}

void typing_take(struct key_set *held, const struct key_event *event)
{
    if (event->key == KEY_NONE) {
        return;                  /* for clients that is a character without a key */
    }
    switch (event->action) {
    case KEY_PRESSED:
        press(held, event->key);
        break;
    case KEY_REPEATED:
        if (key_set_has(held, event->key)) {
            tell(event->key, KEY_REPEATED);
        } else {
            press(held, event->key);
        }
        break;
    case KEY_RELEASED:
        release(held, event->key);
        break;
    }
}

void typing_release(struct key_set *held)
{
    for (unsigned key = 0; key < KEY_COUNT; key++) {
        release(held, (uint8_t)key);
    }
}
