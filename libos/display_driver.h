/*
 * What a display's client asks of the driver that its device leads to. But for the first and the last these make one attempt each: what the driver
 * answers is the status.
 */
#pragma once

#include <ternion/display.h>

/* What a driver has given for a mode. */
struct display_mapping {
    struct display_mode mode;
    shared_id_t memory;
    uint8_t *pixels;
    uint32_t pages;
};

/* One request's modes, from the one with this index on. */
[[nodiscard]] status_t display_driver_modes(struct display *display, uint32_t first, struct display_mode modes_out[DISPLAY_MODES_PER_CALL],
                                            uint32_t *count_out);

/* Sets a mode, and maps its memory. flags: DISPLAY_KEEP or 0. If it cannot be mapped the display is released. */
[[nodiscard]] status_t display_driver_set(const struct display *display, uint32_t mode, uint32_t flags, struct display_mapping *mapping_out);

/* The mapping is the display's from here on; what it had goes. */
void display_driver_take(struct display *display, const struct display_mapping *mapping);

/* The driver that the device leads to has set the mode. Another that had before is told that nobody wants it any more. */
void display_driver_remember(struct display *display, const struct device *device);

/* OK, too, where the driver has died or has taken the display away: the screen is text already. driver 0: there is nothing to release. */
status_t display_driver_release(process_id_t driver, uint32_t number);

/* Nothing is set any more. */
void display_driver_forget(struct display *display);

/* Requests of the protocol, as they are. */
[[nodiscard]] status_t display_driver_palette(const struct device *device, uint32_t first, uint32_t count, const uint32_t *colours);
[[nodiscard]] status_t display_driver_show(const struct display *display, uint32_t line, bool wait);
[[nodiscard]] status_t display_driver_flush(const struct display *display, uint32_t x, uint32_t y, uint32_t width, uint32_t height);

/* For calls that need a mode: sets it at the driver that the device leads to, unless it is. Several attempts may be made. */
[[nodiscard]] status_t display_driver_prepare(struct display *display);
