/*
 * A PS/2 keyboard or mouse, as its specification says, with what goes wrong on a cable: bytes are garbled or lost, it is slow, it is
 * pulled out and plugged in. What it says waits in `said`; some commands empty that.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SAID_MAX 256U

enum ps2_kind { PS2_KEYBOARD, PS2_AT_KEYBOARD, PS2_MOUSE, PS2_WHEEL_MOUSE };

struct ps2_device {
    enum ps2_kind kind;
    bool is_plugged_in;
    unsigned trouble;            /* one byte in so many goes wrong; 0: none */
    unsigned garbled;            /* so many bytes that it gets next are garbled, and asked for again */
    unsigned missed;             /* then so many are not heard at all */
    uint8_t said[SAID_MAX];
    size_t said_count;
    /* Its state. */
    uint8_t command;             /* that waits for its argument, or 0 */
    bool is_enabled;
    uint8_t set;
    uint8_t lights;
    uint8_t repeat;
    uint8_t rate;
    uint8_t resolution;
    uint8_t knock[3];            /* the last three rates */
    bool has_wheel_on;
    unsigned resets;
};

extern struct ps2_device ps2_device;

/* The driver's send. */
bool ps2_device_send(uint8_t byte);

/* It says something by itself, if it is enabled. */
void ps2_device_say(const uint8_t *bytes, size_t size);

/* It gets power: what it says then, and what it is then. */
void ps2_device_plug_in(void);

/* Takes the first byte that it said. */
bool ps2_device_hear(uint8_t *byte_out);
