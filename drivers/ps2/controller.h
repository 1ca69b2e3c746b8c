/*
 * The controller of keyboard and mouse: an 8042 or what behaves as one. One thread only.
 * Sources: IBM Personal System/2 Hardware Interface Technical Reference, "Keyboard and Auxiliary Device Controller"; IBM Personal
 * Computer AT Technical Reference, "Keyboard Controller".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define CONTROLLER_FIRST_PORT 0x60U
#define CONTROLLER_LAST_PORT 0x64U

#define KEYBOARD_IRQ 1U
#define MOUSE_IRQ 12U

struct controller {
    bool has_mouse_port;
    bool translates;         /* it makes scan codes of set 1 from those of set 2 */
};

/* Looks for it and sets it up as after a reset; both ports can be spoken to then. Blocks, up to two seconds. False: there is none. */
[[nodiscard]] bool controller_open(struct controller *controller_out);

/* Gives a device a byte. False: the controller does not take it. */
bool controller_send_keyboard(uint8_t byte);
bool controller_send_mouse(uint8_t byte);

enum controller_source { FROM_KEYBOARD, FROM_MOUSE };

struct controller_byte {
    enum controller_source source;
    uint8_t byte;
    bool is_damaged;         /* in parity, or nothing came in time: the byte says FE or FF */
};

/* Takes a byte that a device has sent. False: there is none. */
bool controller_take(struct controller_byte *byte_out);
