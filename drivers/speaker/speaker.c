#include <ternion/log.h>
#include <ternion/port.h>
#include <ternion/syscall.h>

#include "speaker.h"

/* IBM PC AT Technical Reference, "System board I/O": port B of what was an 8255. */
#define PORT_CONTROL 0x61
#define TIMER_GATE 0x01U
#define SPEAKER_DATA 0x02U
#define CHECKS 0x0CU             /* whether errors of memory and of cards raise an NMI: they stay as they are; bits 4 to 7 are read alone */

#define TIMER_HERTZ 1193182U

static void control(uint8_t bits)
{
    port_write8(PORT_CONTROL, (port_read8(PORT_CONTROL) & CHECKS) | bits);
}

bool speaker_open(void)
{
    control(0);
    return (port_read8(PORT_CONTROL) & (TIMER_GATE | SPEAKER_DATA)) == 0;
}

void speaker_sound(uint32_t hertz)
{
    if (hertz == 0) {
        control(0);
        return;
    }
    MUST(speaker_divisor((TIMER_HERTZ + hertz / 2) / hertz));
    control(TIMER_GATE | SPEAKER_DATA);
}
