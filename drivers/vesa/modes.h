/* All modes of the adapter, and the monitor. The BIOS is asked when the first of these is called, not at boot. Main thread. */
#pragma once

#include "edid.h"
#include "mode.h"

/* How often the BIOS may tell of a mode; behind those come the ones of a plain VGA. */
#define MODES_MAX DISPLAY_MODES_MAX

/*
 * Looks for modes.
 *   no_linear   framebuffers are not used, only windows
 *   report      what is refused, and why, goes to the log
 */
void modes_open(bool no_linear, bool report);

uint32_t modes_count(void);
const struct mode *modes_at(uint32_t index);

/* NULL: there is none of this number. */
const struct mode *modes_find(uint32_t number);

/* The number of the preferred mode. */
uint16_t modes_preferred(void);

/* The monitor's EDID, and what it says; NULL: there is none. */
const uint8_t *modes_edid(void);
const struct edid *modes_monitor(void);

/* The mode cannot move its start, as it turned out. */
void modes_forget_start(void);
