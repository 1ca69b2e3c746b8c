/* What adapters have beside the registers of a VGA, as far as it can be switched off without their BIOS. One thread. */
#pragma once

#include <stdbool.h>

/*
 * Switches such a mode off: what is seen is a mode by the registers of a VGA then. It knows DISPI, which emulators have (Bochs, QEMU but for two
 * adapters), and Cirrus Logic's sequencer. Ports 1CEh to 1D0h and 3C4h to 3D5h. False: the adapter has neither; nothing was changed.
 */
bool svga_switch_off(void);
