#include <ternion/format.h>

#include "show.h"

static const struct {
    uint32_t mask;
    const char *name;
} modifiers[] = {
    { MODIFIER_SHIFT, "shift" },
    { MODIFIER_CONTROL, "control" },
    { MODIFIER_ALT, "alt" },
    { MODIFIER_ALTGR, "altgr" },
    { MODIFIER_GUI, "gui" },
    { MODIFIER_CAPS_LOCK, "caps-lock" },
    { MODIFIER_NUM_LOCK, "num-lock" },
    { MODIFIER_SCROLL_LOCK, "scroll-lock" },
};

/* Puts text behind what is there. */
#define APPEND(line, size, ...) ((size) += format_text((line) + (size), SHOW_LINE_MAX - (size), __VA_ARGS__))

static size_t show_key(const struct input_key *key, char *line)
{
    static const char *const actions[] = { "released", "pressed ", "repeated" };
    size_t size = 0;

    APPEND(line, size, "key %02X %s", key->key, key->action <= KEY_REPEATED ? actions[key->action] : "?");
    if (key->meaning != key->key) {
        APPEND(line, size, " means %02X", key->meaning);
    }
    if (key->unicode != 0) {
        APPEND(line, size, " types U+%04X", key->unicode);
    }
    if (key->character > ' ') {
        APPEND(line, size, " %c", key->character);
    }
    for (size_t i = 0; i < sizeof modifiers / sizeof modifiers[0]; i++) {
        if (key->modifiers & modifiers[i].mask) {
            APPEND(line, size, " %s", modifiers[i].name);
        }
    }
    return size;
}

static size_t show_pointer(const struct pointer_event *pointer, char *line)
{
    return format_text(line, SHOW_LINE_MAX, "pointer %d right %d down wheel %d%s%s%s", pointer->right, pointer->down, pointer->wheel,
                       pointer->buttons & POINTER_LEFT ? " left" : "", pointer->buttons & POINTER_MIDDLE ? " middle" : "",
                       pointer->buttons & POINTER_RIGHT ? " right" : "");
}

size_t show_event(const struct input_event *event, char *line)
{
    switch (event->kind) {
    case INPUT_KEY:
        return show_key(&event->key, line);
    case INPUT_POINTER:
        return show_pointer(&event->pointer, line);
    default:
        return format_text(line, SHOW_LINE_MAX, "an event of kind %u", event->kind);
    }
}
