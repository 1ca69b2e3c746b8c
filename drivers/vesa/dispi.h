/*
 * DISPI, the interface of the adapters of Bochs and QEMU beside the registers of a VGA: while it is on, those registers set no mode.
 * Its specification: https://www.qemu.org/docs/master/specs/standard-vga.html, and Bochs' "VBE Display API". Main thread.
 */
#pragma once

#include <stdbool.h>

/* Leaves the mode to the registers of a VGA. False: there is no such interface. */
bool dispi_switch_off(void);
