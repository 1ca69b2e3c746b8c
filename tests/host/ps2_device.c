#include "ps2_device.h"

#include "test.h"

#define ACKNOWLEDGE 0xFA
#define RESEND 0xFE

struct ps2_device ps2_device;

static bool is_mouse(void)
{
    return ps2_device.kind >= PS2_MOUSE;
}

static bool goes_wrong(void)
{
    return ps2_device.trouble != 0 && random_one_in(ps2_device.trouble);
}

static void say(uint8_t byte)
{
    CHECK(ps2_device.said_count < SAID_MAX);
    ps2_device.said[ps2_device.said_count++] = byte;
}

static void become_fresh(void)
{
    ps2_device.command = 0;
    ps2_device.is_enabled = !is_mouse();
    ps2_device.set = 2;
    ps2_device.lights = 0;
    ps2_device.repeat = 0x2B;
    ps2_device.rate = 100;
    ps2_device.resolution = 2;
    ps2_device.has_wheel_on = false;
}

static void say_self_test(void)
{
    say(0xAA);
    if (is_mouse()) {
        say(0x00);
    }
}

static void identify(void)
{
    if (is_mouse()) {
        say(ps2_device.has_wheel_on ? 3 : 0);
    } else if (ps2_device.kind == PS2_KEYBOARD) {
        say(0xAB);
        say(0x83);
    }
}

static void take_rate(uint8_t rate)
{
    static const uint8_t knock[] = { 200, 100, 80 };

    ps2_device.rate = rate;
    ps2_device.knock[0] = ps2_device.knock[1];
    ps2_device.knock[1] = ps2_device.knock[2];
    ps2_device.knock[2] = rate;
    for (unsigned i = 0; i < 3; i++) {
        if (ps2_device.knock[i] != knock[i]) {
            return;
        }
    }
    ps2_device.has_wheel_on = ps2_device.kind == PS2_WHEEL_MOUSE;
}

static void take_argument(uint8_t argument)
{
    switch (ps2_device.command) {
    case 0xED:
        ps2_device.lights = argument;
        break;
    case 0xF0:
        ps2_device.set = argument;
        break;
    case 0xE8:
        ps2_device.resolution = argument;
        break;
    case 0xF3:
        if (is_mouse()) {
            take_rate(argument);
        } else {
            ps2_device.repeat = argument;
        }
        break;
    }
    ps2_device.command = 0;
}

static bool has_argument(uint8_t command)
{
    return command == 0xF3 || command == (is_mouse() ? 0xE8 : 0xED) || (!is_mouse() && command == 0xF0);
}

static void obey(uint8_t command)
{
    switch (command) {
    case 0xFF:
        become_fresh();
        ps2_device.said_count = 0;
        ps2_device.resets++;
        say(ACKNOWLEDGE);
        say_self_test();
        return;
    case 0xF4:
    case 0xF5:
        ps2_device.is_enabled = command == 0xF4;
        ps2_device.said_count = 0;
        break;
    case 0xF2:
        say(ACKNOWLEDGE);
        identify();
        return;
    case 0xE6:
        if (is_mouse()) {
            break;
        }
        say(RESEND);
        return;
    default:
        say(RESEND);
        return;
    }
    say(ACKNOWLEDGE);
}

bool ps2_device_send(uint8_t byte)
{
    size_t before = ps2_device.said_count;

    if (!ps2_device.is_plugged_in) {
        return !random_one_in(4);    /* the controller may notice, or not */
    }
    if (ps2_device.garbled > 0) {
        ps2_device.garbled--;
        say(RESEND);
        return true;
    }
    if (ps2_device.missed > 0) {
        ps2_device.missed--;
        return true;
    }
    if (goes_wrong()) {
        if (random_one_in(2)) {
            say(RESEND);             /* garbled on its way: else lost */
        }
        return true;
    }
    if (ps2_device.command != 0 && byte < 0xED) {
        take_argument(byte);
        say(ACKNOWLEDGE);
    } else if (has_argument(byte)) {
        ps2_device.command = byte;
        say(ACKNOWLEDGE);
    } else {
        ps2_device.command = 0;
        obey(byte);
    }
    if (goes_wrong()) {
        ps2_device.said_count = before;     /* the answer is lost */
    }
    return true;
}

void ps2_device_say(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; ps2_device.is_enabled && ps2_device.is_plugged_in && i < size; i++) {
        say(bytes[i]);
    }
}

void ps2_device_plug_in(void)
{
    become_fresh();
    ps2_device.is_plugged_in = true;
    say_self_test();
}

bool ps2_device_hear(uint8_t *byte_out)
{
    if (ps2_device.said_count == 0) {
        return false;
    }
    *byte_out = ps2_device.said[0];
    ps2_device.said_count--;
    for (size_t i = 0; i < ps2_device.said_count; i++) {
        ps2_device.said[i] = ps2_device.said[i + 1];
    }
    return true;
}
