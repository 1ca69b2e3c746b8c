#include <stddef.h>

#include <ternion/keys.h>

#include "scancode.h"
#include "scancode_tables.h"

#define EXTENDED 0xE0U
#define PAUSE 0xE1U
#define RELEASE 0xF0U        /* set 2: stands before the code; the codes of set 1 have a bit for it */
#define RELEASE_BIT 0x80U

/* Pause is said as Control and Num Lock behind E1. */
static const struct {
    uint8_t control;
    uint8_t num_lock;
} pause_codes[] = {
    [SCANCODE_SET_1] = { 0x1D, 0x45 },
    [SCANCODE_SET_2] = { 0x14, 0x77 },
};

void scancode_reset(struct scancode_decoder *decoder, enum scancode_set set)
{
    *decoder = (struct scancode_decoder){ .set = set };
}

static bool take_prefix(struct scancode_decoder *decoder, uint8_t byte)
{
    switch (byte) {
    case EXTENDED:
        decoder->prefix = PREFIX_E0;
        decoder->is_release = false;
        return true;
    case PAUSE:
        decoder->prefix = PREFIX_E1;
        decoder->is_release = false;
        return true;
    case RELEASE:
        decoder->is_release = true;
        return decoder->set == SCANCODE_SET_2;
    default:
        return false;
    }
}

static uint8_t find_key(enum scancode_set set, enum scancode_prefix prefix, uint8_t code)
{
    bool is_extended = prefix == PREFIX_E0;

    if (set == SCANCODE_SET_1) {
        return (is_extended ? set_1_extended_keys : set_1_keys)[code];
    }
    return code >= SET_2_CODES ? KEY_NONE : (is_extended ? set_2_extended_keys : set_2_keys)[code];
}

bool scancode_take(struct scancode_decoder *decoder, uint8_t byte, struct scancode *scancode_out)
{
    enum scancode_prefix prefix = decoder->prefix;
    uint8_t key, code = byte;

    if (take_prefix(decoder, byte)) {
        return false;
    }
    if (decoder->set == SCANCODE_SET_1) {
        decoder->is_release = byte & RELEASE_BIT;
        code = byte & (uint8_t)~RELEASE_BIT;
    }
    if (prefix == PREFIX_E1 && code == pause_codes[decoder->set].control) {
        decoder->prefix = PREFIX_E1_CONTROL;
        decoder->is_release = false;
        return false;
    }
    /* Behind E1 only Pause has a meaning; anything else is a code of its own that came after a loss. */
    if (prefix == PREFIX_E1_CONTROL && code == pause_codes[decoder->set].num_lock) {
        key = KEY_PAUSE;
    } else {
        key = find_key(decoder->set, prefix, code);
    }
    if (key != KEY_NONE) {
        *scancode_out = (struct scancode){ .key = key, .is_pressed = !decoder->is_release };
    }
    scancode_reset(decoder, decoder->set);
    return key != KEY_NONE;
}
