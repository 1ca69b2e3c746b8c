/*
 * The adapter: sets its modes, by its BIOS where there is one that works, else by the registers of a VGA. It knows nothing of clients.
 * Main thread.
 */
#pragma once

#include <abi/status.h>

#include "mode.h"
#include "options.h"
#include "vbe.h"

/* False: there is no VGA. What its BIOS says of itself is known then; no mode was set. */
bool adapter_open(const struct options *options);

/* VBE's information; NULL: there is no VBE BIOS. */
const struct vbe_controller *adapter_controller(void);

/* Memory A0000h to BFFFFh, mapped. */
uint8_t *adapter_memory(void);

/*
 * Sets a mode, black unless it is to keep the memory; if it has a linear framebuffer that is black only as far as it is seen, and only if adapter_clears. OK; FAULT: it could not be set, the log knows why, and the adapter is in any state:
 * adapter_set_text is next.
 */
[[nodiscard]] status_t adapter_set_mode(const struct mode *mode, bool keep);

/* The BIOS clears what is seen of a linear framebuffer, as far as is known, and fast. That it does not: adapter_clears_not, and it is told to leave that. */
bool adapter_clears(void);
void adapter_clears_not(void);

/* Brings text mode 3 back, with fonts and colours as they were. */
void adapter_set_text(void);

/* The screen begins with this line of the framebuffer. OK; FAULT: the log knows why. */
[[nodiscard]] status_t adapter_set_start(uint16_t line);

/* Colours of the mode, 00RRGGBBh each. Statuses as above. */
[[nodiscard]] status_t adapter_set_colours(const struct mode *mode, uint32_t first, uint32_t count, const uint32_t *colours);

/*
 * A font of the BIOS, or of the text mode that was there: 256 characters of `lines` bytes, 8 or 16. False: there is none of 8, which
 * the BIOS alone has.
 */
bool adapter_font(uint32_t lines, uint8_t *font_out);
