/*
 * The driver that has set the mode is remembered: as soon as the name leads to another one, the same mode is set there before anything else is
 * asked. The picture is the client's memory where that is shadow memory, which outlives its driver; a framebuffer goes with its driver, and the
 * adapter itself keeps what it showed.
 */
#include "display_driver.h"

#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

/* One request's modes, from the one with this index on. */
status_t display_driver_modes(struct display *display, uint32_t first, struct display_mode modes_out[DISPLAY_MODES_PER_CALL], uint32_t *count_out)
{
    struct device *device = &display->device;
    struct device_attempt attempt = { .safety = DEVICE_ASK_AGAIN };
    struct display_call_count reply;
    struct payload payload = { .buffer = modes_out, .buffer_size = DISPLAY_MODES_PER_CALL * sizeof modes_out[0] };

    while (device_attempt(device, &attempt)) {
        attempt.status = display_call_modes(device->process, &(struct display_call_first){ device->number, first }, &reply, &payload);
    }
    if (attempt.status != OK) {
        return attempt.status;
    }
    if (reply.count > DISPLAY_MODES_PER_CALL || payload.reply_string_size != reply.count * sizeof modes_out[0]) {
        return BAD_SIZE;
    }
    *count_out = reply.count;
    return OK;
}

/* ---- Memory ---- */

/* A framebuffer's pages are ours alone once its driver has left it; so they are freed as such before the membership ends. */
static void unmap(shared_id_t memory, uint8_t *pixels, uint32_t pages)
{
    if (pages != 0) {
        (void)memory_free((uint32_t)(uintptr_t)pixels, pages);
        (void)shared_leave(memory);
    }
}

static bool is_alive(process_id_t id)
{
    struct process_information information;

    return id != 0 && process_information(id, &information) == OK;
}

/* Maps what a driver says are the pixels of a mode. The same memory once more is fine. */
static status_t map(const struct display *display, const struct display_call_set_reply *reply, struct display_mapping *mapping_out)
{
    struct display_mapping mapping = { reply->mode, reply->memory, display->pixels, display->pages };
    bool is_same = display->pages != 0 && reply->memory == display->memory;
    uint32_t address;

    if (!is_same) {
        status_t status = shared_join(reply->memory, reply->key, 0, &address, &mapping.pages);

        if (status == BAD_ID && !is_alive(display->device.process)) {
            return PEER_DIED;        /* the memory went with it */
        }
        if (status != OK) {
            return status == NO_MEMORY || status == OVER_QUOTA ? status : BAD_PROTOCOL;
        }
        mapping.pixels = (uint8_t *)(uintptr_t)address;
    }
    if (display_mode_can_be(&mapping.mode, mapping.pages)) {
        *mapping_out = mapping;
        return OK;
    }
    status_t status = display_mode_can_be(&mapping.mode, SHARED_PAGES_MAX) ? BAD_SIZE : BAD_PROTOCOL;
    if (!is_same) {
        unmap(mapping.memory, mapping.pixels, mapping.pages);
    }
    return status;
}

/* The mapping is the display's from here on; what it had goes. */
void display_driver_take(struct display *display, const struct display_mapping *mapping)
{
    if (mapping->memory != display->memory) {
        unmap(display->memory, display->pixels, display->pages);
    }
    display->mode = mapping->mode;
    display->memory = mapping->memory;
    display->pixels = mapping->pixels;
    display->pages = mapping->pages;
}

/* ---- The driver that has set the mode ---- */

static bool is_of(const struct display *display, const struct device *device)
{
    return display->driver == device->process && display->driver_number == device->number;
}

/* If it has died the screen is text already, and if it has taken the display away, too. */
status_t display_driver_release(process_id_t driver, uint32_t number)
{
    status_t status = driver == 0 ? OK : display_call_release(driver, &(struct device_call_number){ number }, NULL);

    return status == BAD_ID || status == PEER_DIED || status == DISCARDED || status == NOT_ALLOWED ? OK : status;
}

/* The driver that the device leads to has set the mode. Another that had before is told that nobody wants it any more. */
void display_driver_remember(struct display *display, const struct device *device)
{
    if (!is_of(display, device)) {
        (void)display_driver_release(display->driver, display->driver_number);
    }
    display->driver = device->process;
    display->driver_number = device->number;
}

void display_driver_forget(struct display *display)
{
    unmap(display->memory, display->pixels, display->pages);
    *display = (struct display){ .device = display->device };
}

/* Sets a mode at the driver that the device leads to, and maps its memory. */
status_t display_driver_set(const struct display *display, uint32_t mode, uint32_t flags, struct display_mapping *mapping_out)
{
    const struct device *device = &display->device;
    struct display_call_set_reply reply;

    status_t status = display_call_set(device->process, &(struct display_call_set){ device->number, (uint16_t)mode, (uint16_t)flags }, &reply);
    if (status != OK) {
        return status;
    }
    status = map(display, &reply, mapping_out);
    if (status != OK) {
        (void)display_driver_release(device->process, device->number);
    }
    return status;
}

/* ---- As it was ---- */

static bool channels_are_same(struct display_channel one, struct display_channel other)
{
    return one.bits == other.bits && one.shift == other.shift;
}

/* Can what was drawn for one be shown in the other? */
static bool is_same_format(const struct display_mode *one, const struct display_mode *other)
{
    bool has_palette = (one->flags & DISPLAY_PALETTE) != 0;

    return one->width == other->width && one->height == other->height && one->bits == other->bits && one->bytes == other->bytes
        && has_palette == ((other->flags & DISPLAY_PALETTE) != 0)
        && (has_palette || (channels_are_same(one->red, other->red) && channels_are_same(one->green, other->green)
                            && channels_are_same(one->blue, other->blue)));
}

/* The number of the mode with the same format, the same number if there are several. BAD_ARGUMENT: there is none. */
static status_t find_same(struct display *display, uint32_t *mode_out)
{
    struct display_mode part[DISPLAY_MODES_PER_CALL];
    uint32_t mode = DISPLAY_NO_MODE, part_count = 0;

    for (uint32_t first = 0; first < DISPLAY_MODES_MAX; first += part_count) {
        status_t status = display_driver_modes(display, first, part, &part_count);

        if (status != OK) {
            return status;
        }
        for (uint32_t i = 0; i < part_count; i++) {
            bool is_it = part[i].mode == display->mode.mode || mode == DISPLAY_NO_MODE;
            if (is_it && is_same_format(&part[i], &display->mode)) {
                mode = part[i].mode;
            }
        }
        if (part_count == 0) {
            break;
        }
    }
    *mode_out = mode;
    return mode == DISPLAY_NO_MODE ? BAD_ARGUMENT : OK;
}

static void copy_picture(const struct display *display, const struct display_mapping *to)
{
    uint32_t lines = display->mode.lines < to->mode.lines ? display->mode.lines : to->mode.lines;
    uint32_t bytes = (uint32_t)display->mode.width * display->mode.bytes;

    for (uint32_t line = 0; line < lines; line++) {
        memcpy(to->pixels + line * to->mode.pitch, display->pixels + line * display->mode.pitch, bytes);
    }
}

/* Sets colours in one request. */
status_t display_driver_palette(const struct device *device, uint32_t first, uint32_t count, const uint32_t *colours)
{
    struct payload payload = { .string = colours, .string_size = count * (uint32_t)sizeof colours[0] };

    return display_call_palette(device->process, &(struct display_call_colours){ device->number, (uint16_t)first, (uint16_t)count }, NULL, &payload);
}

static bool is_known(const struct display *display, uint32_t colour)
{
    return (display->palette_known[colour / 32] >> colour % 32 & 1) != 0;
}

/* Those colours that were set; others are what the adapter makes of them. */
static status_t restore_palette(const struct display *display)
{
    status_t status = OK;

    for (uint32_t first = 0, end; first < DISPLAY_COLOURS && status == OK; first = end) {
        end = first + 1;
        if (is_known(display, first)) {
            while (end < DISPLAY_COLOURS && is_known(display, end)) {
                end++;
            }
            status = display_driver_palette(&display->device, first, end - first, display->palette + first);
        }
    }
    return status;
}

status_t display_driver_show(const struct display *display, uint32_t line, bool wait)
{
    const struct device *device = &display->device;

    return display_call_show(device->process, &(struct display_call_line){ device->number, (uint16_t)line, wait }, NULL);
}

status_t display_driver_flush(const struct display *display, uint32_t x, uint32_t y, uint32_t width, uint32_t height)
{
    const struct device *device = &display->device;
    struct display_call_rectangle rectangle = { device->number, (uint16_t)x, (uint16_t)y, (uint16_t)width, (uint16_t)height };

    return display_call_flush(device->process, &rectangle, NULL);
}

/* Palette and start go before the picture. */
static status_t restore_state(struct display *display)
{
    status_t status = restore_palette(display);

    if (status == OK && display->line != 0) {
        status = display_driver_show(display, display->line, false);
    }
    return status == OK ? display_driver_flush(display, 0, 0, display->mode.width, display->mode.lines) : status;
}

/* Sets the mode at a driver that has not set it. */
static status_t set_again(struct display *display, struct display_mapping *mapping_out)
{
    const struct device *device = &display->device;
    uint32_t mode;

    status_t status = find_same(display, &mode);
    if (status == OK) {
        status = display_driver_set(display, mode, DISPLAY_KEEP, mapping_out);
    }
    if (status != OK || is_same_format(&mapping_out->mode, &display->mode)) {
        return status;
    }
    if (mapping_out->memory != display->memory) {
        unmap(mapping_out->memory, mapping_out->pixels, mapping_out->pages);
    }
    (void)display_driver_release(device->process, device->number);
    return BAD_PROTOCOL;             /* its list says something else */
}

/* What was drawn is there as long as nothing has come in its place. */
static status_t restore(struct display *display)
{
    struct display_mapping mapping;
    bool was_alive = is_alive(display->driver);

    status_t status = set_again(display, &mapping);
    if (status != OK) {
        return status;
    }
    if (mapping.memory != display->memory && (was_alive || (display->mode.flags & DISPLAY_DIRECT) == 0)) {
        copy_picture(display, &mapping);
    }
    display_driver_take(display, &mapping);
    display_driver_remember(display, &display->device);
    display->is_complete = false;
    status = restore_state(display);
    display->is_complete = status == OK;
    return status;
}

/* For calls that need a mode: it is set at the driver that the device leads to. */
status_t display_driver_prepare(struct display *display)
{
    return display->is_complete && is_of(display, &display->device) ? OK : restore(display);
}
