#include <ternion/format.h>

#include "mouse.h"
#include "packet.h"

#define SELF_TEST_MS 2000U
#define IDENTIFY_MS 200U

#define PLAIN_PACKET 3U
#define WHEEL_PACKET 4U
#define TYPE_WHEEL 3U            /* what it says after the knock, if it has a wheel; 4: and five buttons, which it did not say */

/* IBM PS/2 Hardware Interface Technical Reference, "Auxiliary Device"; Microsoft, "IntelliMouse": 200, 100, 80 is the knock. */
enum mouse_step {
    RESET,
    STOP,
    SCALING,
    RESOLUTION,
    KNOCK_200,
    KNOCK_100,
    KNOCK_80,
    IDENTIFY,
    RATE,
    START,
    STEPS,
};

#define ALL_STEPS (STEP_BIT(STEPS) - 1)

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

struct peripheral mouse;
struct pointer_queue pointer_queue;

static struct packet_decoder decoder;

static void make_command(unsigned step, struct command *command_out)
{
    static const struct command commands[STEPS] = {
        [RESET] = { { 0xFF }, 1, 2, SELF_TEST_MS },
        [STOP] = { { 0xF5 }, 1, 0, 0 },
        [SCALING] = { { 0xE6 }, 1, 0, 0 },               /* 1:1 */
        [RESOLUTION] = { { 0xE8, 3 }, 2, 0, 0 },         /* 8 counts a millimetre */
        [KNOCK_200] = { { 0xF3, 200 }, 2, 0, 0 },
        [KNOCK_100] = { { 0xF3, 100 }, 2, 0, 0 },
        [KNOCK_80] = { { 0xF3, 80 }, 2, 0, 0 },
        [IDENTIFY] = { { 0xF2 }, 1, 1, IDENTIFY_MS },
        [RATE] = { { 0xF3, 100 }, 2, 0, 0 },             /* packets a second */
        [START] = { { 0xF4 }, 1, 0, 0 },
    };

    *command_out = commands[step];
}

static void step_ended(unsigned step, const struct conversation *conversation)
{
    bool has_wheel = conversation->answer_count > 0 && conversation->answer[0] == TYPE_WHEEL;

    switch (step) {
    case RESET:
        forget();
        [[fallthrough]];
    case STOP:
        packet_reset(&decoder, PLAIN_PACKET);
        break;
    case IDENTIFY:
        packet_reset(&decoder, has_wheel ? WHEEL_PACKET : PLAIN_PACKET);
        break;
    }
}

static void forget(void)
{
    pointer_queue_put(&pointer_queue, &(struct pointer_event){ .buttons = 0 });
    packet_reset(&decoder, decoder.size);
}

static void take_news(uint8_t byte, nanoseconds_t now_ns)
{
    struct pointer_event event;

    if (!mouse.is_present) {
        return;                  /* it is not set up: its packets may be of any form */
    }
    switch (packet_take(&decoder, byte, now_ns, &event)) {
    case PACKET_COMPLETE:
        pointer_queue_put(&pointer_queue, &event);
        break;
    case PACKET_LOST:
        pointer_queue_lose(&pointer_queue);
        break;
    case PACKET_HOPELESS:
        pointer_queue_lose(&pointer_queue);
        peripheral_begin_anew(&mouse, ALL_STEPS, now_ns);
        break;
    case PACKET_PLUGGED_IN:
        peripheral_begin_anew(&mouse, ALL_STEPS & ~STEP_BIT(RESET), now_ns);
        break;
    case PACKET_NOTHING:
        break;
    }
}

void mouse_damaged(void)
{
    packet_reset(&decoder, decoder.size);
    pointer_queue_lose(&pointer_queue);
}

void mouse_initialise(nanoseconds_t now_ns)
{
    peripheral_ask(&mouse, ALL_STEPS, now_ns);
}

void mouse_open(bool (*send)(uint8_t byte), nanoseconds_t now_ns)
{
    packet_reset(&decoder, PLAIN_PACKET);
    peripheral_open(&mouse, &kind, send);
    mouse_initialise(now_ns);
}

size_t mouse_describe(char *text, size_t size)
{
    return format_text(text, size, "PS/2 port 2: mouse %s", decoder.size == WHEEL_PACKET ? "with a wheel" : "without a wheel");
}
