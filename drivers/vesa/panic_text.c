#include "panic_text.h"

#include <abi/panic_screen.h>
#include <ternion/log.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

#include "adapter.h"

#define LINES_FOR_HIGH_FONT 350U         /* 21 rows of 16 lines; with fewer lines a font of 8 shows more of a panic */
#define PALETTE_INK 15U

/* The kernel knows its address while a mode is set. */
static struct panic_screen screen __attribute__((aligned(PAGE_SIZE)));
static bool is_told;
static uint16_t font_lines;              /* of the font that is there; 0: none */

static uint32_t all_ones(const struct display_channel *channel)
{
    return ((1U << channel->bits) - 1) << channel->shift;
}

/* Asked for once, unless it is the other one's turn. */
static bool load_font(uint16_t lines)
{
    if (font_lines != lines) {
        font_lines = adapter_font(lines, screen.font) ? lines : 0;
    }
    return font_lines == lines;
}

static bool choose_font(const struct mode *mode)
{
    bool is_high = mode->shown.height >= LINES_FOR_HIGH_FONT;

    if (!is_high && load_font(8)) {
        screen.font_height = 8;
        return true;
    }
    screen.font_height = 16;
    return load_font(16);
}

static void choose_colours(const struct mode *mode)
{
    const struct display_mode *shown = &mode->shown;

    screen.paper = 0;
    screen.ink = shown->flags & DISPLAY_PALETTE ? PALETTE_INK : all_ones(&shown->red) | all_ones(&shown->green) | all_ones(&shown->blue);
}

static void tell(void)
{
    status_t status = panic_screen((uint32_t)&screen);

    is_told = status == OK;
    if (!is_told) {
        log_print(LOG_WARNING, "a panic would not be seen on this screen: %s", status_meaning(status));
    }
}

void panic_text_begin(const struct mode *mode)
{
    bool is_linear = mode->kind == MODE_LINEAR;

    panic_text_end();
    screen.window = is_linear ? mode->frame : mode->window.memory;
    screen.window_bytes = is_linear ? mode->frame_size : mode->window.size;
    screen.pitch = mode->pitch;
    screen.width = mode->shown.width;
    screen.height = mode->shown.height;
    screen.bytes = mode->kind == MODE_PLANAR ? 0 : mode->shown.bytes;
    screen.visible = 0;
    screen.window_offset = 0;
    choose_colours(mode);
    if (!choose_font(mode)) {
        log_print(LOG_WARNING, "a panic would not be seen on this screen: there is no font");
        return;
    }
    tell();
}

void panic_text_show(uint32_t offset)
{
    *(volatile uint32_t *)&screen.visible = offset;
}

void panic_text_set_window(uint32_t offset)
{
    *(volatile uint32_t *)&screen.window_offset = offset;
}

static uint32_t brightness(uint32_t colour)
{
    return (colour >> 16 & 0xFF) * 2 + (colour >> 8 & 0xFF) * 5 + (colour & 0xFF);
}

/* The palette may have no white and no black: its brightest and its darkest colour do. */
void panic_text_set_colours(const uint32_t *colours)
{
    uint32_t ink = 0, paper = 0;

    for (uint32_t i = 1; i < 256; i++) {
        ink = brightness(colours[i]) > brightness(colours[ink]) ? i : ink;
        paper = brightness(colours[i]) < brightness(colours[paper]) ? i : paper;
    }
    if (is_told && screen.bytes == 1 && (ink != screen.ink || paper != screen.paper)) {
        screen.ink = ink;
        screen.paper = paper;
        tell();
    }
}

/* Also what a driver before this one has told, which the kernel keeps when that dies. BUSY: another driver's, which lives, and has the adapter. */
void panic_text_end(void)
{
    (void)panic_screen(0);
    is_told = false;
}
