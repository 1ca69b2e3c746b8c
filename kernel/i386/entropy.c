#include "i386/entropy.h"

#include "i386/cpu.h"
#include "main.h"
#include "random.h"

#define PORT_CHANNEL_0 0x40U     /* 8254 */
#define PORT_CONTROL 0x43U
#define LATCH_CHANNEL_0 0x00U

#define PORT_CMOS_INDEX 0x70U    /* MC146818 */
#define PORT_CMOS_DATA 0x71U
#define CMOS_CLOCK_REGISTERS 10U /* seconds to year, alarms among them */

#define SAMPLES 64U

static uint32_t timer_count(void)
{
    port_write8(PORT_CONTROL, LATCH_CHANNEL_0);
    uint32_t low = port_read8(PORT_CHANNEL_0);

    return low | (uint32_t)port_read8(PORT_CHANNEL_0) << 8;
}

uint32_t entropy_sample(void)
{
    return cpu_has(CPU_TSC) ? (uint32_t)cpu_time_stamp() : timer_count();
}

void entropy_begin(void)
{
    random_stir((uint32_t)kernel_boot_tsc);
    random_stir((uint32_t)(kernel_boot_tsc >> 32));
    for (uint8_t i = 0; i < CMOS_CLOCK_REGISTERS; i++) {
        port_write8(PORT_CMOS_INDEX, i);
        random_stir(port_read8(PORT_CMOS_DATA));
    }
    /* How long a port takes is the bus's business and that of the other clock. */
    for (uint32_t i = 0; i < SAMPLES; i++) {
        random_stir(timer_count() << 16 ^ entropy_sample());
    }
}
