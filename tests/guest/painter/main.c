/*
 * d\painter DISPLAY MODE WHAT: draws, lets something happen to the display, and tells the log what has become of the picture. WHAT is
 *
 *     kill        its driver is ended, again and again, between drawing and flushing, too
 *     bind=NAME   the name leads to another display
 *     stay        nothing; it stays
 */
#include <ternion/clock.h>
#include <ternion/display.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

MANIFEST(.role = ROLE_PLATFORM, .partners = PARTNERS_ALL, .rights = RIGHT_BIND_DEVICES);

#define OPEN_NS (10 * SECOND)
#define KILLS 3U
#define COLOURS 3U

static struct display display;
static struct display_mode modes[DISPLAY_MODES_MAX];

/* ---- The picture ---- */

/* Of each byte of a pixel, in every line there is. */
static uint8_t pattern(uint32_t x, uint32_t y)
{
    return (uint8_t)((x * 5 + y * 3) & 0x0F);
}

static void draw(uint32_t first, uint32_t end)
{
    for (uint32_t y = first; y < end; y++) {
        for (uint32_t x = 0; x < (uint32_t)display.mode.width * display.mode.bytes; x++) {
            display.pixels[y * display.mode.pitch + x] = pattern(x, y);
        }
    }
}

static bool is_as_it_was(void)
{
    for (uint32_t y = 0; y < display.mode.lines; y++) {
        for (uint32_t x = 0; x < (uint32_t)display.mode.width * display.mode.bytes; x++) {
            if (display.pixels[y * display.mode.pitch + x] != pattern(x, y)) {
                return false;
            }
        }
    }
    return true;
}

static void tell(const char *when)
{
    char words[DEVICE_DESCRIPTION_MAX + 1];
    device_type_t type;

    MUST(device_describe(&display.device, &type, words, sizeof words));
    log_print(LOG_INFORMATION, "%s: %s; %s", when, is_as_it_was() ? "as it was" : "another picture", words);
}

static void begin(const char *name, const char *words)
{
    static const uint32_t colours[COLOURS] = { 0x102030, 0x405060, 0x708090 };
    uint32_t count;

    MUST(display_open(&display, name, clock_after(OPEN_NS)));
    MUST(display_modes(&display, modes, DISPLAY_MODES_MAX, &count));
    const struct display_mode *mode = display_choose(modes, count, words);
    if (mode == NULL) {
        log_print(LOG_ERROR, "no mode %s", words);
        process_exit(1);
    }
    MUST(display_set(&display, mode->mode));
    if ((mode->flags & DISPLAY_PALETTE) != 0) {
        MUST(display_set_palette(&display, 7, COLOURS, colours));
    }
    draw(0, display.mode.lines);
    MUST(display_flush(&display, 0, 0, display.mode.width, display.mode.lines));
    if ((mode->flags & DISPLAY_START) != 0) {
        MUST(display_show(&display, 3, false));
    }
}

/* ---- What happens ---- */

static void kill(void)
{
    for (uint32_t i = 0; i < KILLS; i++) {
        MUST(process_terminate(display.driver, 1));
        if (i % 2 == 1) {
            draw(5, 9);              /* into a memory that may be nobody's by now */
        }
        MUST(display_flush(&display, 0, 5, display.mode.width, 4));
        tell("the driver died");
    }
}

static void bind(const char *name)
{
    struct device_name target = { .size = (uint32_t)strnlen(name, DEVICE_NAME_MAX) };

    memcpy(target.text, name, target.size);
    MUST(device_bind(display.device.name, (uint32_t)strlen(display.device.name), &target));
    MUST(display_flush(&display, 0, 0, 0, 0));
    tell("bound");
    MUST(device_unbind(display.device.name, (uint32_t)strlen(display.device.name)));
    MUST(display_flush(&display, 0, 0, 0, 0));
    tell("bound no more");
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        return 1;
    }
    begin(argv[1], argv[2]);
    tell("drawn");
    if (strcmp(argv[3], "kill") == 0) {
        kill();
    } else if (strncmp(argv[3], "bind=", 5) == 0) {
        bind(argv[3] + 5);
    } else {
        clock_sleep(FOREVER);
    }
    MUST(display_release(&display));
    log_print(LOG_INFORMATION, "done");
    return 0;
}
