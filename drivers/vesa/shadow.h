/*
 * Modes without a linear framebuffer: the client draws into memory that it shares with the driver, and rectangles of that are brought to
 * the adapter, through the window. One thread.
 */
#pragma once

#include <abi/status.h>

#include "mode.h"

/*
 * The rectangle lies within the mode. pixels: of the client, which may change them meanwhile. Statuses: those of banks_reach; a part
 * may have been brought then.
 */
[[nodiscard]] status_t shadow_flush(const struct mode *mode, const uint8_t *pixels, const struct display_call_rectangle *rectangle);
