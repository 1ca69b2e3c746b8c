#include "packet.h"

/* The first byte of a packet. */
#define BUTTONS 0x07U            /* as POINTER_… */
#define ALWAYS_SET 0x08U
#define RIGHT_IS_NEGATIVE 0x10U
#define UP_IS_NEGATIVE 0x20U
#define RIGHT_OVERFLOWS 0x40U
#define UP_OVERFLOWS 0x80U
#define OVERFLOW_COUNTS 255

#define SELF_TEST_PASSED 0xAAU   /* with 00 behind it: what a mouse says first of all */
#define MOUSE_TYPE 0x00U

/* The bytes of a packet come within milliseconds. The pause is long, as a busy emulator makes pauses, too. */
#define PAUSE_NS ((nanoseconds_t)500000000)

#define DISTRUST_OF_A_LOSS 16U   /* that many packets that are good make up for it */
#define DISTRUST_MAX 64U

void packet_reset(struct packet_decoder *decoder, uint32_t size)
{
    *decoder = (struct packet_decoder){ .size = size };
}

static enum packet_result lose(struct packet_decoder *decoder)
{
    decoder->count = 0;
    if (decoder->is_lost) {
        return PACKET_NOTHING;
    }
    decoder->is_lost = true;
    decoder->distrust += DISTRUST_OF_A_LOSS;
    return decoder->distrust < DISTRUST_MAX ? PACKET_LOST : PACKET_HOPELESS;
}

static int16_t distance(uint8_t low, bool is_negative, bool overflows)
{
    if (overflows) {
        return is_negative ? -OVERFLOW_COUNTS : OVERFLOW_COUNTS;
    }
    return (int16_t)(is_negative ? low - 0x100 : low);
}

static void understand(const struct packet_decoder *decoder, struct pointer_event *event_out)
{
    const uint8_t *bytes = decoder->bytes;
    int16_t up = distance(bytes[2], bytes[0] & UP_IS_NEGATIVE, bytes[0] & UP_OVERFLOWS);

    *event_out = (struct pointer_event){
        .right = distance(bytes[1], bytes[0] & RIGHT_IS_NEGATIVE, bytes[0] & RIGHT_OVERFLOWS),
        .down = (int16_t)-up,
        .wheel = decoder->size == PACKET_BYTES_MAX ? (int8_t)bytes[3] : 0,
        .buttons = bytes[0] & BUTTONS,
    };
}

enum packet_result packet_take(struct packet_decoder *decoder, uint8_t byte, nanoseconds_t now_ns, struct pointer_event *event_out)
{
    enum packet_result result = PACKET_NOTHING;

    if (decoder->count > 0 && now_ns - decoder->heard_ns > PAUSE_NS) {
        result = lose(decoder);
    }
    decoder->heard_ns = now_ns;
    if (decoder->count == 0 && !(byte & ALWAYS_SET)) {
        return result == PACKET_NOTHING ? lose(decoder) : result;
    }
    decoder->bytes[decoder->count++] = byte;
    if (decoder->count == 2 && decoder->bytes[0] == SELF_TEST_PASSED && byte == MOUSE_TYPE) {
        decoder->count = 0;
        return PACKET_PLUGGED_IN;
    }
    if (decoder->count < decoder->size) {
        return result;
    }
    understand(decoder, event_out);
    decoder->count = 0;
    decoder->is_lost = false;
    decoder->distrust -= decoder->distrust > 0;
    return PACKET_COMPLETE;
}
