#include "i386/timer.h"

#include "i386/cpu.h"
#include "i386/interrupt_controller.h"

#define PORT_CHANNEL_0 0x40U
#define PORT_CHANNEL_2 0x42U
#define PORT_CONTROL 0x43U
#define CHANNEL_2_MODE_3 0xB6U   /* low byte, then high byte; square wave; binary */
#define CHANNEL_0_MODE_2 0x34U   /* low byte, then high byte; rate generator; binary */

void timer_set_speaker(uint32_t divisor)
{
    port_write8(PORT_CONTROL, CHANNEL_2_MODE_3);
    port_write8(PORT_CHANNEL_2, (uint8_t)divisor);
    port_write8(PORT_CHANNEL_2, (uint8_t)(divisor >> 8));
}

void timer_start(void)
{
    port_write8(PORT_CONTROL, CHANNEL_0_MODE_2);
    port_write8(PORT_CHANNEL_0, TIMER_DIVISOR & 0xFF);
    port_write8(PORT_CHANNEL_0, TIMER_DIVISOR >> 8);
    interrupt_unmask(TIMER_IRQ);
}
