/* What makes a tone: the PC's speaker. DEVICE_TONE. */
#pragma once

#include <ternion/device.h>

#define TONE_HERTZ_MIN 19U
#define TONE_HERTZ_MAX 20000U
#define TONE_MS_MAX 60000U

struct tone_call_play {
    uint32_t number;
    uint16_t hertz;            /* 0: silence */
    uint16_t ms;
};

#define TONE_PROTOCOL(OPERATION, TRANSFER, tone_call) \
    OPERATION(tone_call, play, 1, struct tone_call_play, struct nothing) \
    OPERATION(tone_call, stop, 2, struct device_call_number, struct nothing)
PROTOCOL_DECLARE(tone_call, 0x0019, 1, TONE_PROTOCOL)

/*
 * Plays a tone, or silence, behind those that were asked for before.
 * Blocks until it has been played. Statuses: BAD_ARGUMENT; DISCARDED: it was stopped; NO_MEMORY: too many wait; PEER_DIED; those of protocol.h.
 */
[[nodiscard]] status_t tone_play(struct device *device, uint32_t hertz, uint32_t ms);

/* Silence at once; who waits gets DISCARDED. */
[[nodiscard]] status_t tone_stop(struct device *device);
