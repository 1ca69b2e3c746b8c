/*
 * a\modes: the modes of a display, and a test card in them.
 *
 *     modes                        lists them on standard output, or, if there is none, in the log
 *     modes MODE                   shows the card: 0x118, 1024x768, 1024x768x16 or preferred; text again when a key is pressed
 *     modes each                   shows it in each mode for a moment, and tells the log of each
 *     seconds=N                    shows it N seconds at most
 *     display=NAME                 of another display than screens\display\0
 *
 * Exit code 1: something failed, which the log tells.
 */
#include <stdarg.h>

#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/string.h>

#include "apps/command/help.h"
#include "card.h"
#include "table.h"

MANIFEST(.partners = PARTNERS_ALL);

#define LINE_SIZE 256U
#define SECONDS_MAX 86400U

static struct stage stage;

static struct {
    const char *mode;                /* NULL: a list; "each" */
    const char *display;             /* NULL: the usual one */
    uint32_t seconds;
    bool has_seconds;
} options;

/* ---- The list ---- */

static void print(const char *template, ...) __attribute__((format(printf, 1, 2)));
static void print(const char *template, ...)
{
    char line[LINE_SIZE];
    va_list values;

    va_start(values, template);
    (void)format_text_list(line, sizeof line, template, values);
    va_end(values);
    log_print(LOG_INFORMATION, "%s", line);
}

/* ---- The card ---- */

static void draw(const struct display *display)
{
    const struct display_mode *mode = &display->mode;

    for (uint32_t y = 0; y < mode->height; y++) {
        uint8_t *at = display->pixels + y * mode->pitch;

        for (uint32_t x = 0; x < mode->width; x++, at += mode->bytes) {
            display_store(at, mode->bytes, display_pixel(mode, card_pixel(x, y, mode->width, mode->height)));
        }
    }
}

/* True: it was seen, as far as a program can know. */
static bool show(const struct display_mode *mode, uint32_t seconds)
{
    char text[MODE_TEXT_SIZE];
    bool is_shown = stage_set(&stage, mode);

    if (is_shown) {
        draw(&stage.display);
        is_shown = stage_flush(&stage);
    }
    log_print(is_shown ? LOG_INFORMATION : LOG_ERROR, "%s: %s", mode_text(mode, text), is_shown ? "shown" : "not shown");
    return is_shown && stage_hold(&stage, seconds);
}

/* Whatever happened, text is wanted again. */
static bool finish(void)
{
    return stage.display.mode.width == 0 || stage_release(&stage);
}

static bool show_each(void)
{
    uint32_t failed = 0;

    for (uint32_t i = 0; i < stage.mode_count; i++) {
        failed += show(&stage.modes[i], options.has_seconds ? options.seconds : 0) ? 0 : 1;
    }
    bool is_text = finish();
    log_print(failed == 0 ? LOG_INFORMATION : LOG_ERROR, "%u modes shown, %u failed", stage.mode_count - failed, failed);
    return failed == 0 && is_text;
}

static bool show_one(void)
{
    const struct display_mode *mode = display_choose(stage.modes, stage.mode_count, options.mode);

    if (mode == NULL) {
        log_print(LOG_ERROR, "%s: %s has no such mode: a number begins with 0x, a size is 800x600 or 800x600x32; modes lists what there is",
                  options.mode, stage.display.device.name);
        return false;
    }
    bool is_shown = show(mode, options.has_seconds ? options.seconds : STAGE_UNTIL_KEY);
    return finish() && is_shown;
}

/* ---- Arguments ---- */

/* What stands behind a mark such as "seconds=", or NULL. */
static const char *value_of(const char *argument, const char *mark)
{
    size_t size = strlen(mark);

    return strncmp(argument, mark, size) == 0 ? argument + size : NULL;
}

static bool read_seconds(const char *text)
{
    uint32_t seconds = 0;
    bool is_number = *text != '\0';

    for (; *text >= '0' && *text <= '9' && seconds <= SECONDS_MAX; text++) {
        seconds = seconds * 10 + (uint32_t)(*text - '0');
    }
    options.has_seconds = true;
    options.seconds = seconds;
    return is_number && *text == '\0' && seconds <= SECONDS_MAX;
}

static bool read_arguments(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const char *value;

        if ((value = value_of(argv[i], "seconds=")) != NULL) {
            if (!read_seconds(value)) {
                log_print(LOG_ERROR, "%s: a number of seconds up to %u must follow", argv[i], SECONDS_MAX);
                return false;
            }
        } else if ((value = value_of(argv[i], "display=")) != NULL) {
            options.display = value;
        } else if (options.mode == NULL) {
            options.mode = argv[i];
        } else {
            log_print(LOG_ERROR, "%s and %s: one mode at a time, or each", options.mode, argv[i]);
            return false;
        }
    }
    return true;
}

static const char help[] =
    "usage: modes [MODE | each] [seconds=N] [display=NAME]\n"
    "Lists the modes of the display, or shows a test card in one of them until a key is pressed.\n"
    "  MODE          0x118, 1024x768, 1024x768x16 or preferred\n"
    "  each          each mode for a moment\n"
    "  seconds=N     for N seconds at most\n"
    "  display=NAME  another display than screens\\display\\0\n";

int main(int argc, char **argv)
{
    help_if_asked(argc, argv, help);
    if (!read_arguments(argc, argv) || !stage_open(&stage, options.display)) {
        return 1;
    }
    if (options.mode == NULL) {
        return table_print(&stage, print) ? 0 : 1;
    }
    return (strcmp(options.mode, "each") == 0 ? show_each() : show_one()) ? 0 : 1;
}
