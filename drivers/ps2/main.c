/*
 * d\ps2: keyboard and mouse behind an 8042. Their protocols stand in ternion/keyboard.h and ternion/pointer.h.
 *
 * What is typed goes to the input server and to nobody else: the manifest has no other partner, not even the log.
 */
#include <ternion/clock.h>
#include <ternion/manifest.h>
#include <ternion/syscall.h>

#include "controller.h"
#include "devices.h"
#include "keyboard.h"
#include "mouse.h"
#include "trust.h"

MANIFEST(
    .role = ROLE_INPUT,
    .partners = ROLE_BIT(ROLE_INPUT_SERVER),
    .irqs = IRQ_BIT(KEYBOARD_IRQ) | IRQ_BIT(MOUSE_IRQ),
    .ports = { { CONTROLLER_FIRST_PORT, CONTROLLER_FIRST_PORT }, { CONTROLLER_LAST_PORT, CONTROLLER_LAST_PORT } },
);

#define RESEND 0xFEU             /* what a device would say had it heard a damaged byte */
#define BYTES_MAX 64U            /* taken at once; a controller has room for one */

static void take_damage(struct peripheral *peripheral, void (*damaged)(void), nanoseconds_t now_ns)
{
    if (peripheral->running != 0) {
        peripheral_hear(peripheral, RESEND, now_ns);
    } else {
        damaged();
    }
}

static void take_bytes(void)
{
    struct controller_byte byte;

    for (unsigned i = 0; i < BYTES_MAX && controller_take(&byte); i++) {
        struct peripheral *peripheral = byte.source == FROM_MOUSE ? &mouse : &keyboard;

        if (byte.is_damaged) {
            take_damage(peripheral, byte.source == FROM_MOUSE ? mouse_damaged : keyboard_damaged, clock_now());
        } else {
            peripheral_hear(peripheral, byte.byte, clock_now());
        }
    }
}

static void start(const struct controller *controller)
{
    nanoseconds_t now_ns = clock_now();

    TRUST(irq_listen(KEYBOARD_IRQ));
    keyboard_open(controller_send_keyboard, controller->translates ? SCANCODE_SET_1 : SCANCODE_SET_2, now_ns);
    if (controller->has_mouse_port) {
        TRUST(irq_listen(MOUSE_IRQ));
        mouse_open(controller_send_mouse, now_ns);
    }
}

static void take(const struct event *event)
{
    switch (event->kind) {
    case EVENT_IRQ:
        take_bytes();
        TRUST(irq_acknowledge(event->id));
        break;
    case EVENT_SAVE_STATE:
        (void)state_saved();
        break;
    }
}

static nanoseconds_t next_deadline(void)
{
    nanoseconds_t keyboard_ns = peripheral_deadline(&keyboard), mouse_ns = peripheral_deadline(&mouse);

    return keyboard_ns < mouse_ns ? keyboard_ns : mouse_ns;
}

int main(void)
{
    struct controller controller;

    if (!controller_open(&controller)) {
        return ABSENT;
    }
    start(&controller);
    for (;;) {
        struct event event;

        /* Not server_wait: what is asked for may change the deadline. */
        if (event_wait(&event, next_deadline()) == OK && !server_serve(&devices_server, &event)) {
            take(&event);
        }
        take_bytes();            /* before time is up for an answer whose interrupt has not come */
        peripheral_expire(&keyboard, clock_now());
        peripheral_expire(&mouse, clock_now());
        devices_update();
    }
}
