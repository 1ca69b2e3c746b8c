/*
 * What a client of the display pays for a mode set, and for a screen of pixels. tests/bench boots the machine with SeaVGABIOS.
 */
#include "displays.h"

#include <ternion/clock.h>
#include <ternion/display.h>
#include <ternion/log.h>
#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#include "measure.h"

#define WIDTH 800U
#define HEIGHT 600U
#define BITS 32U
#define PATIENCE_NS (10 * SECOND)

static struct display display;
static uint8_t *picture;             /* of one screen, in memory of our own */
static uint32_t picture_bytes;

/* i386/copy.asm: REP MOVSD. */
void copy_words(void *to, const void *from, uint32_t bytes);

static uint64_t plain_sample(void)
{
    uint64_t begin = timestamp_read();

    copy_words(display.pixels, picture, picture_bytes);
    return timestamp_read() - begin;
}

static uint64_t blit_sample(void)
{
    uint64_t begin = timestamp_read();

    for (uint32_t y = 0; y < HEIGHT; y++) {
        memcpy(display.pixels + y * display.mode.pitch, picture + y * WIDTH * display.mode.bytes, WIDTH * display.mode.bytes);
    }
    MUST(display_flush(&display, 0, 0, WIDTH, HEIGHT));
    return timestamp_read() - begin;
}

static const struct display_mode *mode;

static struct display_call_set_reply reply;

/* What the display's driver does, from the request to its answer. */
static uint64_t driver_sample(void)
{
    struct display_call_set request = { .number = display.device.number, .mode = mode->mode };
    uint64_t begin = timestamp_read();

    MUST(display_call_set(display.device.process, &request, &reply));
    uint64_t taken = timestamp_read() - begin;
    MUST(display_call_release(display.device.process, &(struct device_call_number){ display.device.number }, NULL));
    return taken;
}

static uint64_t set_sample(void)
{
    uint64_t begin = timestamp_read();

    MUST(display_set(&display, mode->mode));
    uint64_t taken = timestamp_read() - begin;
    MUST(display_release(&display));
    return taken;
}

static uint64_t change_sample(void)
{
    uint64_t begin = timestamp_read();

    MUST(display_set(&display, mode->mode));
    return timestamp_read() - begin;
}

static uint64_t release_sample(void)
{
    MUST(display_set(&display, mode->mode));
    uint64_t begin = timestamp_read();

    MUST(display_release(&display));
    return timestamp_read() - begin;
}

void report_display(void)
{
    static struct display_mode modes[DISPLAY_MODES_MAX];
    uint32_t count, address;

    MUST(display_open(&display, NULL, clock_after(PATIENCE_NS)));
    MUST(display_modes(&display, modes, DISPLAY_MODES_MAX, &count));
    mode = display_nearest(modes, count, WIDTH, HEIGHT, BITS);
    if (mode == NULL || mode->width != WIDTH || mode->height != HEIGHT || mode->bits != BITS || (mode->flags & DISPLAY_DIRECT) == 0) {
        log_print(LOG_ERROR, "the display has no mode of %u x %u with %u bits, and a linear framebuffer", WIDTH, HEIGHT, BITS);
        return;
    }
    report("vesa_mode_set_seabios", measure_samples(driver_sample, 1), "instructions");
    report("display_set_seabios", measure_samples(set_sample, 1), "instructions");
    report("display_release_seabios", measure_samples(release_sample, 1), "instructions");
    report("display_change_seabios", measure_samples(change_sample, 1), "instructions");
    picture_bytes = WIDTH * HEIGHT * display.mode.bytes;
    MUST(memory_allocate(PAGES(picture_bytes), 0, &address));
    picture = (uint8_t *)(uintptr_t)address;
    memset(picture, 0x5A, picture_bytes);
    uint32_t plain = measure_samples(plain_sample, 1);
    uint32_t blit = measure_samples(blit_sample, 1);
    report_thousandths("blit_ratio", (uint32_t)(((uint64_t)blit * 1000 + plain / 2) / plain), "x");
    MUST(memory_free(address, PAGES(picture_bytes)));
    MUST(display_release(&display));
}
