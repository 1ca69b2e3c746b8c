/* The ways to stop. Implemented in i386/power.c. Called with interrupts off. */
#pragma once

/* Resets the machine; memory keeps its contents where the firmware leaves it alone. */
[[gnu::noreturn]] void power_reboot(void);

/* Ends the emulator (exit=qemu), or asks for the switch and halts. */
[[gnu::noreturn]] void power_off(void);

/* Stands still for ever. */
[[gnu::noreturn]] void power_halt(void);
