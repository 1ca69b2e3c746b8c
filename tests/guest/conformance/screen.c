#include "screen.h"

#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/system.h>

#define HOLDER 100U                  /* number of a client that takes the display, and sleeps */
#define PAINT 0xA5U

/* ---- Requests ---- */

static struct device_call_number number_of(const struct device *device)
{
    return (struct device_call_number){ device->number };
}

struct display_information screen_information(struct device *device)
{
    struct device_call_number request = number_of(device);
    struct display_information information;

    EXPECT_OK(display_call_information(device->process, &request, &information));
    return information;
}

/* Modes from an index on, as one request gives them; they stay until the next request. */
const struct display_mode *screen_modes_from(struct device *device, uint32_t first, uint32_t *count_out)
{
    struct display_call_first request = { device->number, first };
    uint32_t size;

    EXPECT_OK(ask(device, &display_call_modes_shape, &request, NULL, 0));
    const struct display_mode *part = answer_string(&size);
    EXPECT_EQUAL(0, size % sizeof part[0]);
    *count_out = size / sizeof part[0];
    EXPECT(*count_out <= DISPLAY_MODES_PER_CALL);
    return part;
}

struct display_mode modes[DISPLAY_MODES_MAX];
uint32_t mode_count;

void screen_read_modes(struct device *device)
{
    uint32_t count;

    mode_count = 0;
    do {
        const struct display_mode *part = screen_modes_from(device, mode_count, &count);

        EXPECT(count <= DISPLAY_MODES_MAX - mode_count);
        memcpy(modes + mode_count, part, count * sizeof part[0]);
        mode_count += count;
    } while (count != 0);
}

status_t screen_set(struct device *device, uint32_t mode, uint32_t flags, struct display_call_set_reply *reply_out)
{
    return display_call_set(device->process, &(struct display_call_set){ device->number, (uint16_t)mode, (uint16_t)flags }, reply_out);
}

status_t screen_flush(struct device *device, uint32_t x, uint32_t y, uint32_t width, uint32_t height)
{
    struct display_call_rectangle rectangle = { device->number, (uint16_t)x, (uint16_t)y, (uint16_t)width, (uint16_t)height };

    return display_call_flush(device->process, &rectangle, NULL);
}

status_t screen_show(struct device *device, uint32_t line, uint32_t wait)
{
    return display_call_show(device->process, &(struct display_call_line){ device->number, (uint16_t)line, (uint16_t)wait }, NULL);
}

status_t screen_set_colours(struct device *device, uint32_t first, uint32_t count, uint32_t bytes)
{
    struct display_call_colours request = { device->number, (uint16_t)first, (uint16_t)count };

    return ask(device, &display_call_palette_shape, &request, scratch(SCRATCH_FIRST), bytes);
}

status_t screen_release(struct device *device)
{
    struct device_call_number request = number_of(device);

    return display_call_release(device->process, &request, NULL);
}

/* ---- Pixels ---- */

struct display_call_set_reply current;
uint32_t pixel_pages;

static uint8_t *pixels;

void screen_map(void)
{
    uint32_t address;

    EXPECT_OK(shared_join(current.memory, current.key, 0, &address, &pixel_pages));
    pixels = (uint8_t *)address;
}

/* A driver's framebuffer may have been taken back by now. */
void screen_unmap(void)
{
    (void)memory_free((uint32_t)pixels, pixel_pages);
    (void)shared_leave(current.memory);
}

void screen_take(struct device *device, const struct display_mode *mode)
{
    EXPECT_OK(screen_set(device, mode->mode, 0, &current));
    screen_map();
}

bool screen_try(struct device *device, const struct display_mode *mode)
{
    status_t status = screen_set(device, mode->mode, 0, &current);

    if (status == FAULT) {
        EXPECT_EQUAL(0, screen_information(device).owner);
        return false;
    }
    EXPECT_OK(status);
    screen_map();
    return true;
}

void screen_give_back(struct device *device)
{
    EXPECT_OK(screen_release(device));
    screen_unmap();
}

/* As many pixels in the corners as make a word, and no pixel twice. */
static uint8_t pattern(uint32_t x, uint32_t y)
{
    return (uint8_t)(x * 7 + y * 13 + 1);
}

void screen_draw(uint32_t width, uint32_t height)
{
    for (uint32_t y = 0; y < height; y++) {
        for (uint32_t x = 0; x < width * current.mode.bytes; x++) {
            pixels[y * current.mode.pitch + x] = pattern(x, y);
        }
    }
}

/* Bits that are none of a pixel's may be lost; 16 colours have four. */
bool screen_is_drawn(uint32_t width, uint32_t height)
{
    uint8_t mask = current.mode.bits == 4 ? 0x0F : 0xFF;

    for (uint32_t y = 0; y < height; y++) {
        for (uint32_t x = 0; x < width * current.mode.bytes; x++) {
            if (((pixels[y * current.mode.pitch + x] ^ pattern(x, y)) & mask) != 0) {
                return false;
            }
        }
    }
    return true;
}

bool screen_is_black(void)
{
    for (uint32_t y = 0; y < current.mode.height; y++) {
        const uint8_t *line = pixels + y * current.mode.pitch;

        if (line[0] != 0 || memcmp(line, line + 1, (uint32_t)current.mode.width * current.mode.bytes - 1) != 0) {
            return false;
        }
    }
    return true;
}

bool screen_is_empty(void)
{
    uint32_t bytes = pixel_pages * PAGE_SIZE;

    return pixels[0] == 0 && memcmp(pixels, pixels + 1, bytes - 1) == 0;
}

/* ---- What there is ---- */

const struct display_mode *screen_largest_mode(void)
{
    const struct display_mode *best = &modes[0];

    for (uint32_t i = 1; i < mode_count; i++) {
        if (modes[i].pitch * modes[i].lines > best->pitch * best->lines) {
            best = &modes[i];
        }
    }
    return best;
}

/* The smallest mode, or with a palette, or without, or with a start that moves. NULL: there is none. */
const struct display_mode *screen_mode_with(uint32_t mask, uint32_t flags)
{
    const struct display_mode *best = NULL;

    for (uint32_t i = 0; i < mode_count; i++) {
        if ((modes[i].flags & mask) == flags && (best == NULL || modes[i].width * modes[i].height < best->width * best->height)) {
            best = &modes[i];
        }
    }
    return best;
}

static void use_normally(struct device *device, uint32_t client, uint32_t turn)
{
    (void)screen_information(device);
    screen_read_modes(device);
    if (mode_count == 0 || turn % CLIENTS != client % CLIENTS) {
        return;                      /* modes of a BIOS take their time */
    }
    status_t status = screen_set(device, screen_mode_with(0, 0)->mode, 0, &current);
    if (status == BUSY) {
        return;
    }
    EXPECT_OK(status);
    screen_map();
    screen_draw(16, 16);
    EXPECT_OK(screen_flush(device, 0, 0, 16, 16));
    screen_give_back(device);
}

static void hold(struct device *device)
{
    screen_read_modes(device);
    screen_take(device, screen_mode_with(0, 0));
    screen_draw(16, 16);
    EXPECT_OK(screen_flush(device, 0, 0, 16, 16));
    clock_sleep(FOREVER);
}

/* Leaves a picture in all the memory that it can reach. The first time it gives the display back; if there is a second it ends with it. */
static void paint(struct device *device, uint32_t turn)
{
    screen_read_modes(device);
    screen_take(device, screen_largest_mode());
    memset(pixels, PAINT, pixel_pages * PAGE_SIZE);
    EXPECT_OK(screen_flush(device, 0, 0, current.mode.width, current.mode.lines));
    if (turn == 0) {
        screen_give_back(device);
    }
}

static void be_refused(struct device *device)
{
    struct display_call_set_reply reply;

    screen_read_modes(device);
    EXPECT_STATUS(BUSY, screen_set(device, screen_mode_with(0, 0)->mode, 0, &reply));
    EXPECT_STATUS(NOT_ALLOWED, screen_flush(device, 0, 0, 1, 1));
    EXPECT_STATUS(NOT_ALLOWED, screen_show(device, 0, 0));
    EXPECT_STATUS(NOT_ALLOWED, screen_set_colours(device, 0, 1, 4));
    EXPECT_STATUS(NOT_ALLOWED, screen_release(device));
    EXPECT(screen_information(device).owner != process_page()->id);
}

void screen_use(struct device *device, uint32_t client, uint32_t turn)
{
    switch (client) {
    case HOLDER:
        hold(device);
        break;
    case REFUSED:
        be_refused(device);
        break;
    case PAINTER:
        paint(device, turn);
        break;
    default:
        use_normally(device, client, turn);
    }
}

/* Starts a client that has the display when this comes back. */
process_id_t screen_start_holder(struct device *device)
{
    nanoseconds_t deadline_ns = clock_after(TAKE_NS);
    process_id_t holder = client_use(device, HOLDER, 1);

    while (screen_information(device).owner != holder) {
        EXPECT(clock_now() < deadline_ns && !client_is_gone(holder));
        clock_sleep(LOOK_AGAIN_NS);
    }
    return holder;
}
