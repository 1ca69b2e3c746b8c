/*
 * The borrower: a driver of a display that does what its arguments say, one after the other: it has the text screen lent, and shows graphics in mode 13h
 * by the registers of a VGA. System tests look at what others do with the adapter meanwhile.
 */
#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>
#include <ternion/text.h>
#include <ternion/vga.h>

#include "../verbs.h"

#define MEMORY_FIRST 0xA0000U
#define MEMORY_PAGES 16U
#define PIXELS (320U * 200)
#define COLOUR 0x0AU                 /* light green, in the colours of an EGA that mode 13h is set with */

MANIFEST(
    .role = ROLE_DISPLAY,
    .partners = PARTNERS_ALL,
    .ports = { { 0x3C0, 0x3DF } },
    .memory = { { MEMORY_FIRST, 0xBFFFF } },
);

static struct device screen;
static struct vga_text text;

static uint8_t *memory(void)
{
    static uint32_t address;

    if (address == 0) {
        MUST(physical_map(MEMORY_FIRST, MEMORY_PAGES, 0, &address));
    }
    return (uint8_t *)address;
}

static void tell(const char *what, status_t status)
{
    log_print(LOG_INFORMATION, "%s: %s", what, status_name(status));
}

/* borrow, give-back: the text screen. */
static void borrow(const char *value)
{
    (void)value;
    MUST(device_open(&screen, "screens\\text\\0", DEVICE_TEXT, FOREVER));
    tell("borrow", text_lend(&screen));
}

static void give_back(const char *value)
{
    (void)value;
    tell("give back", text_take_back(&screen));
}

/* graphics: mode 13h, in one colour. */
static void show_graphics(const char *value)
{
    (void)value;
    vga_keep_text(memory(), &text);
    vga_set_mode(VGA_320_200_256);
    memset(memory(), COLOUR, PIXELS);
    log_print(LOG_INFORMATION, "graphics");
}

/* check: is the picture still there? */
static void check(const char *value)
{
    uint32_t same = 0;
    (void)value;

    while (same < PIXELS && memory()[same] == COLOUR) {
        same++;
    }
    log_print(LOG_INFORMATION, "the picture is %s", vga_shows_graphics() && same == PIXELS ? "there" : "gone");
}

/* text: as it was before that. */
static void show_text(const char *value)
{
    (void)value;
    vga_set_mode(VGA_TEXT);
    vga_restore_text(memory(), &text);
}

/* device=NAME: waits until it is there. */
static void wait_for_device(const char *value)
{
    struct device device;

    MUST(device_open(&device, value, DEVICE_DISPLAY, FOREVER));
}

/* sleep: two seconds. */
static void sleep(const char *value)
{
    (void)value;
    clock_sleep(2 * SECOND);
}

/* stay: for ever. */
static void stay(const char *value)
{
    (void)value;
    clock_sleep(FOREVER);
}

static const struct verb verbs[] = {
    { "borrow", borrow }, { "give-back", give_back }, { "graphics", show_graphics }, { "check", check }, { "text", show_text }, { "device", wait_for_device },
    { "sleep", sleep }, { "stay", stay },
};

int main(int argc, char **argv)
{
    verbs_obey(verbs, sizeof verbs / sizeof verbs[0], argc, argv);
    log_print(LOG_INFORMATION, "done");
    return 0;
}
