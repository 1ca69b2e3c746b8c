/*
 * What a mouse sends: packets of 3 bytes, or of 4 with a wheel, found again after bytes were lost. Portable.
 * Source: Microsoft, "Mouse packet formats" (PS/2 and IntelliMouse).
 */
#pragma once

#include <ternion/pointer.h>

#define PACKET_BYTES_MAX 4U

enum packet_result {
    PACKET_NOTHING,
    PACKET_COMPLETE,
    PACKET_LOST,         /* bytes came that are no packet */
    PACKET_HOPELESS,     /* so many that the mouse should be set up again */
    PACKET_PLUGGED_IN,   /* a mouse says that it has just been plugged in */
};

struct packet_decoder {
    uint32_t size;                   /* bytes of a packet */
    uint32_t count;                  /* that are there */
    uint8_t bytes[PACKET_BYTES_MAX];
    nanoseconds_t heard_ns;          /* when the last one came */
    bool is_lost;                    /* since the last packet */
    uint32_t distrust;
};

void packet_reset(struct packet_decoder *decoder, uint32_t size);
enum packet_result packet_take(struct packet_decoder *decoder, uint8_t byte, nanoseconds_t now_ns, struct pointer_event *event_out);
