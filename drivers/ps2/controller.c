#include <stddef.h>

#include <ternion/clock.h>
#include <ternion/port.h>

#include "controller.h"

#define DATA CONTROLLER_FIRST_PORT
#define STATUS CONTROLLER_LAST_PORT      /* read */
#define COMMAND CONTROLLER_LAST_PORT     /* written */

/* The status. */
#define OUTPUT_FULL 0x01U                /* a byte is there for us */
#define INPUT_FULL 0x02U                 /* it has not taken ours yet */
#define FROM_SECOND_PORT 0x20U           /* an AT's controller without a second port means a timeout by that */
#define TIMED_OUT_BYTE 0x40U
#define BAD_PARITY 0x80U
#define NO_CONTROLLER 0xFFU              /* what a bus with nothing on it reads */

enum controller_command {
    READ_CONFIGURATION = 0x20,
    WRITE_CONFIGURATION = 0x60,
    DISABLE_MOUSE = 0xA7,
    ENABLE_MOUSE = 0xA8,
    TEST_MOUSE = 0xA9,
    SELF_TEST = 0xAA,
    TEST_KEYBOARD = 0xAB,
    DISABLE_KEYBOARD = 0xAD,
    ENABLE_KEYBOARD = 0xAE,
    TO_MOUSE = 0xD4,                     /* the next byte of data */
};

/* The configuration ("controller command byte"). */
#define KEYBOARD_INTERRUPT 0x01U
#define MOUSE_INTERRUPT 0x02U
#define SYSTEM_FLAG 0x04U                /* the BIOS has tested it; some look at it after a warm reset */
#define KEYBOARD_OFF 0x10U
#define MOUSE_OFF 0x20U
#define TRANSLATE 0x40U

#define SELF_TEST_PASSED 0x55U
#define SELF_TESTS_MAX 3U
#define LINE_STUCK_FIRST 1U              /* the tests of the lines to the devices: 1 to 4 is a clock or a data line that is stuck */
#define LINE_STUCK_LAST 4U

#define STALE_BYTES_MAX 64U
#define SPIN_NS (100 * MICROSECOND)      /* waits that are usual are shorter than this */
#define WAIT_NS (50 * MILLISECOND)
#define SELF_TEST_NS (500 * MILLISECOND)

static bool has_mouse_port;

/* ---- Bytes ---- */

/* Waits until a bit of the status has a value; sleeps if it takes long. */
static bool wait_for(uint8_t bit, bool value, nanoseconds_t patience_ns)
{
    nanoseconds_t begin_ns = clock_now(), now_ns = begin_ns;

    while (!!(port_read8(STATUS) & bit) != value) {
        if (now_ns - begin_ns > patience_ns) {
            return false;
        }
        if (now_ns - begin_ns > SPIN_NS) {
            clock_sleep(MILLISECOND);
        }
        now_ns = clock_now();
    }
    return true;
}

static bool write(uint16_t port, uint8_t byte)
{
    if (!wait_for(INPUT_FULL, false, WAIT_NS)) {
        return false;
    }
    port_write8(port, byte);
    return true;
}

static bool read(nanoseconds_t patience_ns, uint8_t *byte_out)
{
    if (!wait_for(OUTPUT_FULL, true, patience_ns)) {
        return false;
    }
    *byte_out = port_read8(DATA);
    return true;
}

/* What devices said to an earlier driver, or to the BIOS. */
static void throw_away(void)
{
    for (unsigned i = 0; i < STALE_BYTES_MAX && port_read8(STATUS) & OUTPUT_FULL; i++) {
        (void)port_read8(DATA);
    }
}

/* ---- Setting up ---- */

static bool ask(enum controller_command command, nanoseconds_t patience_ns, uint8_t *answer_out)
{
    throw_away();
    return write(COMMAND, command) && read(patience_ns, answer_out);
}

static bool configure(uint8_t configuration)
{
    return write(COMMAND, WRITE_CONFIGURATION) && write(DATA, configuration);
}

static void disable_ports(void)
{
    (void)write(COMMAND, DISABLE_KEYBOARD);
    (void)write(COMMAND, DISABLE_MOUSE);     /* a controller without a second port ignores it */
    (void)wait_for(INPUT_FULL, false, WAIT_NS);
    throw_away();
}

/* Some fail the first time. One that never passes may work all the same, as emulations in a BIOS do; one that says nothing is none. */
static bool test_itself(void)
{
    bool has_answered = false;

    for (unsigned i = 0; i < SELF_TESTS_MAX; i++) {
        uint8_t answer;

        if (ask(SELF_TEST, SELF_TEST_NS, &answer)) {
            has_answered = true;
            if (answer == SELF_TEST_PASSED) {
                break;
            }
        }
    }
    return has_answered;
}

static bool line_is_stuck(enum controller_command test)
{
    uint8_t answer;

    return ask(test, WAIT_NS, &answer) && answer >= LINE_STUCK_FIRST && answer <= LINE_STUCK_LAST;
}

/* A second port obeys when it is switched on and off; what has none leaves the bit alone. */
static bool find_mouse_port(void)
{
    uint8_t off, on;

    if (!write(COMMAND, DISABLE_MOUSE) || !ask(READ_CONFIGURATION, WAIT_NS, &off)
        || !write(COMMAND, ENABLE_MOUSE) || !ask(READ_CONFIGURATION, WAIT_NS, &on)) {
        return false;
    }
    (void)write(COMMAND, DISABLE_MOUSE);
    return off & MOUSE_OFF && !(on & MOUSE_OFF) && !line_is_stuck(TEST_MOUSE);
}

/* The answer is read while no device can speak. */
static bool enable(struct controller *controller)
{
    uint8_t configuration = SYSTEM_FLAG | KEYBOARD_INTERRUPT | TRANSLATE | KEYBOARD_OFF | MOUSE_OFF;

    configuration |= controller->has_mouse_port ? MOUSE_INTERRUPT : 0;
    if (!configure(configuration) || !ask(READ_CONFIGURATION, WAIT_NS, &configuration)) {
        return false;
    }
    controller->translates = configuration & TRANSLATE;
    (void)write(COMMAND, ENABLE_KEYBOARD);
    if (controller->has_mouse_port) {
        (void)write(COMMAND, ENABLE_MOUSE);
    }
    return true;
}

bool controller_open(struct controller *controller_out)
{
    struct controller controller = { 0 };

    if (port_read8(STATUS) == NO_CONTROLLER) {
        return false;
    }
    disable_ports();
    /* No interrupts while it is asked; the self test would not mind, but switches both ports on on some. */
    if (!configure(SYSTEM_FLAG | KEYBOARD_OFF | MOUSE_OFF) || !test_itself() || !configure(SYSTEM_FLAG | KEYBOARD_OFF | MOUSE_OFF)) {
        return false;
    }
    disable_ports();
    has_mouse_port = controller.has_mouse_port = find_mouse_port();
    /* What it says of a keyboard line that is stuck is true of the moment: one may be plugged in later. It ends the test all the same. */
    (void)line_is_stuck(TEST_KEYBOARD);
    throw_away();
    if (!enable(&controller)) {
        return false;
    }
    *controller_out = controller;
    return true;
}

/* ---- At work ---- */

bool controller_send_keyboard(uint8_t byte)
{
    return write(DATA, byte);
}

bool controller_send_mouse(uint8_t byte)
{
    return write(COMMAND, TO_MOUSE) && write(DATA, byte);
}

bool controller_take(struct controller_byte *byte_out)
{
    uint8_t status = port_read8(STATUS);

    if (!(status & OUTPUT_FULL) || status == NO_CONTROLLER) {
        return false;
    }
    *byte_out = (struct controller_byte){
        .source = has_mouse_port && status & FROM_SECOND_PORT ? FROM_MOUSE : FROM_KEYBOARD,
        .byte = port_read8(DATA),
        .is_damaged = status & (TIMED_OUT_BYTE | BAD_PARITY),
    };
    return true;
}
