#include "events.h"

#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/port.h>
#include <ternion/process.h>
#include <ternion/syscall.h>

#include <abi/syscall_numbers.h>
#include <abi/system.h>

#include "measure.h"
#include "peer.h"
#include "peers.h"

/* The real-time clock, MC146818: its periodic interrupt. */
#define RTC_IRQ 8U
#define PORT_INDEX 0x70U
#define PORT_DATA 0x71U
#define REGISTER_A 0x0AU
#define REGISTER_B 0x0BU
#define REGISTER_C 0x0CU
#define RATE_MASK 0x0FU
#define RATE_1024_HZ 0x06U
#define PERIODIC 0x40U

/* Of i386/clock.asm. */
uint32_t event_time(struct event *event);
_Static_assert(SYSCALL_MESSAGE_REPLY_WAIT_WORDS == 127, "clock.asm knows the number");
_Static_assert(SYSTEM_PAGE + offsetof(struct system_page, system_call_entry) == 0x001FE008, "clock.asm knows the address");

static const volatile uint32_t *time_left;

static uint8_t rtc_read(uint8_t index)
{
    port_write8(PORT_INDEX, index);
    return port_read8(PORT_DATA);
}

static void rtc_write(uint8_t index, uint8_t value)
{
    port_write8(PORT_INDEX, index);
    port_write8(PORT_DATA, value);
}

/* From the last instruction of an application, which does nothing but to note the time, to the driver that waits. */
static uint64_t interrupt_sample(void)
{
    struct event event;
    uint32_t here = event_time(&event);
    uint32_t there = *time_left;

    (void)rtc_read(REGISTER_C);
    MUST(irq_acknowledge(RTC_IRQ));
    return here - there;
}

void report_irq_to_driver(void)
{
    process_id_t clock = peer_spawn(CLASS_APPLICATION, PEER_TIME);
    struct shared_handle handle;

    MUST(shared_create(1, &handle));
    time_left = (const volatile uint32_t *)handle.address;
    peer_tell(clock, handle.id, handle.key);

    MUST(irq_listen(RTC_IRQ));
    uint8_t register_a = rtc_read(REGISTER_A);
    uint8_t register_b = rtc_read(REGISTER_B);
    rtc_write(REGISTER_A, (uint8_t)((register_a & ~RATE_MASK) | RATE_1024_HZ));
    rtc_write(REGISTER_B, register_b | PERIODIC);
    (void)rtc_read(REGISTER_C);
    report("irq_to_driver", measure_samples(interrupt_sample, 1), "instructions");
    rtc_write(REGISTER_B, register_b);
    rtc_write(REGISTER_A, register_a);
    (void)rtc_read(REGISTER_C);
    MUST(irq_ignore(RTC_IRQ));
    peer_end(clock);
    MUST(shared_leave(handle.id));
}
