/* A display, seen by its client. */
#include <ternion/display.h>
#include <ternion/string.h>

#include "display_driver.h"

#define USUAL_NAME "screens\\display\\0"
#define EDID_SIZE 128U

status_t display_open(struct display *display, const char *name, nanoseconds_t deadline_ns)
{
    *display = (struct display){ 0 };
    return device_open(&display->device, name == NULL ? USUAL_NAME : name, DEVICE_DISPLAY, deadline_ns);
}

/* ---- What it is ---- */

status_t display_information(struct display *display, struct display_information *information_out)
{
    struct device *device = &display->device;
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };
    struct display_information information;

    while (device_attempt(device, &attempt)) {
        attempt.status = display_call_information(device->process, &(struct device_call_number){ device->number }, &information);
    }
    if (attempt.status == OK) {
        *information_out = information;
    }
    return attempt.status;
}

status_t display_modes(struct display *display, struct display_mode *modes, uint32_t room, uint32_t *count_out)
{
    struct display_mode part[DISPLAY_MODES_PER_CALL];
    uint32_t count = 0, part_count;

    do {
        status_t status = display_driver_modes(display, count, part, &part_count);

        if (status != OK) {
            return status;
        }
        if (part_count > DISPLAY_MODES_MAX - count) {
            return BAD_SIZE;
        }
        uint32_t fitting = count >= room ? 0 : part_count < room - count ? part_count : room - count;
        if (fitting != 0) {
            memcpy(modes + count, part, fitting * sizeof part[0]);
        }
        count += part_count;
    } while (part_count != 0);
    *count_out = count;
    return OK;
}

status_t display_edid(struct display *display, uint8_t edid_out[EDID_SIZE])
{
    struct device *device = &display->device;
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };
    uint8_t edid[EDID_SIZE];
    struct payload payload = { .buffer = edid, .buffer_size = sizeof edid };

    while (device_attempt(device, &attempt)) {
        attempt.status = display_call_edid(device->process, &(struct device_call_number){ device->number }, NULL, &payload);
    }
    if (attempt.status != OK) {
        return attempt.status;
    }
    if (payload.reply_string_size != sizeof edid) {
        return BAD_SIZE;
    }
    memcpy(edid_out, edid, sizeof edid);
    return OK;
}

/* ---- Setting, drawing ---- */

status_t display_set(struct display *display, uint32_t mode)
{
    const struct device *device = &display->device;
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };
    struct display_mapping mapping;

    if (mode >= DISPLAY_NO_MODE) {
        return BAD_ARGUMENT;
    }
    while (device_attempt(&display->device, &attempt)) {
        attempt.status = display_driver_set(display, mode, 0, &mapping);
    }
    if (attempt.status == BAD_ARGUMENT || attempt.status == BUSY) {
        return attempt.status;
    }
    if (attempt.status != OK) {
        (void)display_driver_release(display->driver, display->driver_number);
        display_driver_forget(display);
        return attempt.status;
    }
    display_driver_take(display, &mapping);
    display_driver_remember(display, device);
    display->is_complete = true;
    display->line = 0;
    memset(display->palette_known, 0, sizeof display->palette_known);
    return OK;
}

status_t display_flush(struct display *display, uint32_t x, uint32_t y, uint32_t width, uint32_t height)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };
    const struct display_mode *mode = &display->mode;

    if (mode->width == 0) {
        return NOT_ALLOWED;
    }
    if (x > mode->width || width > mode->width - x || y > mode->lines || height > mode->lines - y) {
        return BAD_ARGUMENT;
    }
    while (device_attempt(&display->device, &attempt)) {
        attempt.status = display_driver_prepare(display);
        if (attempt.status == OK) {
            attempt.status = display_driver_flush(display, x, y, width, height);
        }
    }
    return attempt.status;
}

status_t display_show(struct display *display, uint32_t line, bool wait)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };

    if (display->mode.width == 0) {
        return NOT_ALLOWED;
    }
    if (line > (uint32_t)display->mode.lines - display->mode.height) {
        return BAD_ARGUMENT;
    }
    while (device_attempt(&display->device, &attempt)) {
        attempt.status = display_driver_prepare(display);
        if (attempt.status == OK) {
            attempt.status = display_driver_show(display, line, wait);
        }
    }
    if (attempt.status == OK) {
        display->line = line;
    }
    return attempt.status;
}

status_t display_set_palette(struct display *display, uint32_t first, uint32_t count, const uint32_t *colours)
{
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };

    if (display->mode.width == 0) {
        return NOT_ALLOWED;
    }
    if (first > DISPLAY_COLOURS || count > DISPLAY_COLOURS - first) {
        return BAD_ARGUMENT;
    }
    while (device_attempt(&display->device, &attempt)) {
        attempt.status = display_driver_prepare(display);
        if (attempt.status == OK) {
            attempt.status = display_driver_palette(&display->device, first, count, colours);
        }
    }
    for (uint32_t i = first; attempt.status == OK && i < first + count; i++) {
        display->palette[i] = colours[i - first];
        display->palette_known[i / 32] |= 1U << i % 32;
    }
    return attempt.status;
}

status_t display_release(struct display *display)
{
    if (display->mode.width == 0) {
        return NOT_ALLOWED;
    }
    status_t status = display_driver_release(display->driver, display->driver_number);
    display_driver_forget(display);
    return status;
}
