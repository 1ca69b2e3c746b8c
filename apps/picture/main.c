/*
 * a\picture: shows pictures, PNG, JPEG, BMP, GIF or TGA: files, or what stands on disks from the first byte on.
 *
 *     picture                      all of disks\image\: what d\virtual makes of boot modules file:disks/NAME
 *     picture DISK ...             these, one after the other, as in picture disks\ram\0
 *     picture FILE ...             these files: paths with a slash or a full stop in them, as in picture demo.png
 *     MODE                         in this mode: 0x118, 1024x768, 1024x768x16, preferred; else the preferred one
 *     seconds=N                    each N seconds at most; else until a key is pressed
 *     display=NAME                 on another display than screens\display\0
 *
 * Exit code 1: something failed, which the log tells; the other pictures are shown all the same.
 */
#include <stdlib.h>
#include <string.h>

#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/syscall.h>

#include "apps/command/help.h"
#include "../graphics/stage.h"
#include "decoder.h"
#include "paint.h"
#include "source.h"

MANIFEST(.partners = PARTNERS_ALL);

#define IMAGES "disks\\image\\"
#define IMAGES_NS (8 * SECOND)       /* d\virtual is started later than programs of the boot list */
#define LOOK_NS (20 * MILLISECOND)
#define SECONDS_MAX 86400U
#define PICTURES_MAX 32U

static struct stage stage;

static struct {
    const char *mode;                /* NULL: the preferred one */
    const char *display;             /* NULL: the usual one */
    uint32_t seconds;
    const char *pictures[PICTURES_MAX];
    uint32_t picture_count;
} options = { .seconds = STAGE_UNTIL_KEY };

/* ---- What is to be shown ---- */

static void add_picture(const char *name)
{
    if (options.picture_count == PICTURES_MAX) {
        log_print(LOG_ERROR, "%s: %u pictures are the most; this one is left out", name, PICTURES_MAX);
        return;
    }
    options.pictures[options.picture_count++] = name;
}

static void add_images(void)
{
    struct device_information device;
    device_id_t last = 0;

    while (device_next(last, &device) == OK) {
        last = device.id;
        if (device.type == DEVICE_STORAGE && strncmp(device.name, IMAGES, sizeof IMAGES - 1) == 0) {
            char *name = strdup(device.name);
            if (name != NULL) {
                add_picture(name);
            }
        }
    }
}

/* Disks of one driver come at once: with the first all are there a moment later. */
static void find_images(void)
{
    nanoseconds_t end_ns = clock_after(IMAGES_NS);

    for (add_images(); options.picture_count == 0 && clock_now() < end_ns; add_images()) {
        clock_sleep(LOOK_NS);
    }
    clock_sleep(LOOK_NS);
    options.picture_count = 0;
    add_images();
}

/* ---- One picture ---- */

static const struct display_mode *find_mode(const struct picture *picture)
{
    const struct display_mode *mode = display_choose(stage.modes, stage.mode_count, options.mode == NULL ? "preferred" : options.mode);

    if (mode == NULL && options.mode == NULL) {
        mode = display_nearest(stage.modes, stage.mode_count, picture->width, picture->height, 32);
    }
    if (mode == NULL) {
        log_print(LOG_ERROR, "%s: %s has no such mode: a number begins with 0x, a size is 800x600 or 800x600x32; modes lists what there is",
                  options.mode == NULL ? "any" : options.mode, stage.display.device.name);
    }
    return mode;
}

static bool show(const char *name, const struct picture *picture)
{
    const struct display_mode *mode = find_mode(picture);

    if (mode == NULL || (stage.display.mode.width == 0 && !stage_set(&stage, mode))) {
        return false;
    }
    if (!paint(&stage.display, picture)) {
        log_print(LOG_ERROR, "%s: there is no memory to draw it", name);
        return false;
    }
    if (!stage_flush(&stage)) {
        return false;
    }
    log_print(LOG_INFORMATION, "%s: %ux%u, shown in mode 0x%03X %ux%ux%u", name, picture->width, picture->height, mode->mode, mode->width,
              mode->height, mode->bits);
    return stage_hold(&stage, options.seconds);
}

static bool load(const char *name, struct picture *picture_out)
{
    uint8_t *bytes;
    uint32_t size;

    if (!source_read(name, &bytes, &size)) {
        return false;
    }
    bool is_picture = decoder_decode(bytes, size, picture_out);
    uint32_t width, height;
    if (!is_picture && decoder_size(bytes, size, &width, &height)) {
        log_print(LOG_ERROR, "%s: not shown: its %ux%u pixels are too many for the memory, or it is damaged: %s", name, width, height, decoder_reason());
    } else if (!is_picture) {
        log_print(LOG_ERROR, "%s: not shown, as no picture of a kind that is known, or a damaged one: %s", name, decoder_reason());
    }
    free(bytes);
    return is_picture;
}

static bool show_picture(const char *name)
{
    struct picture picture;

    if (!load(name, &picture)) {
        return false;
    }
    bool is_shown = show(name, &picture);
    picture_free(&picture);
    return is_shown;
}

static bool show_all(void)
{
    uint32_t failed = 0;

    for (uint32_t i = 0; i < options.picture_count; i++) {
        failed += show_picture(options.pictures[i]) ? 0 : 1;
    }
    bool is_text = stage.display.mode.width == 0 || stage_release(&stage);
    log_print(failed == 0 ? LOG_INFORMATION : LOG_ERROR, "%u pictures shown, %u failed", options.picture_count - failed, failed);
    return is_text && failed == 0;
}

/* ---- Arguments ---- */

static bool read_seconds(const char *text)
{
    const char *first = text;

    for (options.seconds = 0; *text >= '0' && *text <= '9' && options.seconds <= SECONDS_MAX; text++) {
        options.seconds = options.seconds * 10 + (uint32_t)(*text - '0');
    }
    if (text == first || *text != '\0' || options.seconds > SECONDS_MAX) {
        log_print(LOG_ERROR, "seconds=%s: a number up to %u must follow", first, SECONDS_MAX);
        return false;
    }
    return true;
}

/* Modes begin with a digit, but for the one that the screen prefers; names that do have a slash, a backslash or a full stop. */
static bool is_mode(const char *argument)
{
    return strcmp(argument, "preferred") == 0 || (argument[0] >= '0' && argument[0] <= '9' && strpbrk(argument, "\\/.") == NULL);
}

static bool read_argument(const char *argument)
{
    static const char seconds[] = "seconds=", display[] = "display=";

    if (strncmp(argument, seconds, sizeof seconds - 1) == 0) {
        return read_seconds(argument + sizeof seconds - 1);
    }
    if (strncmp(argument, display, sizeof display - 1) == 0) {
        options.display = argument + sizeof display - 1;
    } else if (!is_mode(argument)) {
        add_picture(argument);
    } else if (options.mode == NULL) {
        options.mode = argument;
    } else {
        log_print(LOG_ERROR, "%s and %s: one mode is enough", options.mode, argument);
        return false;
    }
    return true;
}

static const char help[] =
    "usage: picture [FILE | DISK]... [MODE] [seconds=N] [display=NAME]\n"
    "Shows pictures, PNG, JPEG, BMP, GIF or TGA, each until a key is pressed; without one those of the disks in disks\\image\\.\n"
    "  MODE          0x118, 1024x768, 1024x768x16; else the display's preferred one\n"
    "  seconds=N     each for N seconds at most\n"
    "  display=NAME  another display than screens\\display\\0\n";

int main(int argc, char **argv)
{
    help_if_asked(argc, argv, help);
    for (int i = 1; i < argc; i++) {
        if (!read_argument(argv[i])) {
            return 1;
        }
    }
    if (options.picture_count == 0) {
        find_images();
    }
    if (options.picture_count == 0) {
        log_print(LOG_ERROR, "there is no picture: no file or disk was named, and no boot module file:disks/NAME made one in " IMAGES);
        return 1;
    }
    return stage_open(&stage, options.display) && show_all() ? 0 : 1;
}
