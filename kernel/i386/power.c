#include "power.h"

#include "early_console.h"
#include "i386/cpu.h"
#include "log.h"
#include "memory.h"
#include "options.h"
#include "syscall_handlers.h"

#define PORT_KEYBOARD_COMMAND 0x64U
#define KEYBOARD_INPUT_FULL 0x02U
#define KEYBOARD_PULSE_RESET 0xFEU

/* The BIOS data area's word that asks for a start without memory test. */
#define WARM_BOOT_FLAG 0x472U
#define WARM_BOOT_MAGIC 0x1234U

#define PORT_ISA_DEBUG_EXIT 0xF4U /* QEMU's isa-debug-exit, as the tests configure it */
#define PORT_BOCHS_POWER 0x8900U  /* Bochs switches off when it reads "Shutdown" there */

#define TRIES 100000U

[[gnu::noreturn]] static void triple_fault(void)
{
    static const struct [[gnu::packed]] {
        uint16_t limit;
        uint32_t base;
    } no_table;

    asm volatile("lidt %0; int3" : : "m"(no_table));
    cpu_stop();
}

void power_reboot(void)
{
    *(volatile uint16_t *)physical_to_virtual(WARM_BOOT_FLAG) = WARM_BOOT_MAGIC;
    for (uint32_t i = 0; i < TRIES && (port_read8(PORT_KEYBOARD_COMMAND) & KEYBOARD_INPUT_FULL) != 0; i++) {
    }
    port_write8(PORT_KEYBOARD_COMMAND, KEYBOARD_PULSE_RESET);
    for (uint32_t i = 0; i < TRIES; i++) {
        (void)port_read8(PORT_KEYBOARD_COMMAND);
    }
    triple_fault();
}

void power_off(void)
{
    if (options.exit_qemu) {
        for (const char *text = "Shutdown"; *text != '\0'; text++) {
            port_write8(PORT_BOCHS_POWER, (uint8_t)*text);
        }
        port_write8(PORT_ISA_DEBUG_EXIT, 0);
    }
    early_console_panic_print("It is now safe to switch off the computer.\n");
    power_halt();
}

void power_halt(void)
{
    cpu_stop();
}

status_t sys_system_power(power_action_t action)
{
    switch (action) {
    case POWER_REBOOT:
        power_reboot();
    case POWER_OFF:
        power_off();
    case POWER_HALT:
        power_halt();
    default:
        return BAD_ARGUMENT;
    }
}
