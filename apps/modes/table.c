#include "table.h"

#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/string.h>
#include <ternion/syscall_table.h>

#define WORDS_SIZE 64U

typedef void (*print_t)(const char *template, ...) __attribute__((format(printf, 1, 2)));

const char *mode_text(const struct display_mode *mode, char buffer[MODE_TEXT_SIZE])
{
    format_text(buffer, MODE_TEXT_SIZE, "mode 0x%03X %ux%ux%u", mode->mode, mode->width, mode->height, mode->bits);
    return buffer;
}

/* What a driver says may be anything. */
static void make_printable(char *text)
{
    for (; *text != '\0'; text++) {
        *text = *text >= ' ' && *text <= '~' ? *text : '?';
    }
}

static void print_words(struct stage *stage, print_t print)
{
    char words[DEVICE_DESCRIPTION_MAX + 1];
    device_type_t type;

    status_t status = device_describe(&stage->display.device, &type, words, sizeof words);
    make_printable(words);
    print("%s: %s", stage->display.device.name, status == OK ? words : status_meaning(status));
}

static void print_information(const struct display_information *information, print_t print)
{
    if (information->version != 0) {
        print("VBE %x.%x, %u KB of video memory", information->version >> 8, information->version & 0xFF, information->memory / 1024);
    } else if (information->memory != 0) {
        print("no VBE, %u KB of video memory", information->memory / 1024);
    }
    if (information->width_mm != 0 && information->height_mm != 0) {
        print("monitor of %u by %u mm", information->width_mm, information->height_mm);
    }
}

static const char *format_words(const struct display_mode *mode, char buffer[WORDS_SIZE])
{
    if ((mode->flags & DISPLAY_PALETTE) != 0) {
        format_text(buffer, WORDS_SIZE, "palette of %u", mode->bits <= 8 ? 1U << mode->bits : 0);
    } else {
        format_text(buffer, WORDS_SIZE, "%u:%u:%u, %u bytes", mode->red.bits, mode->green.bits, mode->blue.bits, mode->bytes);
    }
    return buffer;
}

static const char *flag_words(uint32_t flags, char buffer[WORDS_SIZE])
{
    format_text(buffer, WORDS_SIZE, "%s%s%s", (flags & DISPLAY_START) != 0 ? ", scrolls" : "", (flags & DISPLAY_FALLBACK) != 0 ? ", VGA" : "",
                (flags & DISPLAY_PREFERRED) != 0 ? ", preferred" : "");
    return buffer;
}

static const char *memory_word(uint32_t flags)
{
    return (flags & DISPLAY_DIRECT) != 0 ? "direct" : (flags & DISPLAY_BANKED) != 0 ? "banked" : "copied";
}

bool table_print(struct stage *stage, print_t print)
{
    struct display_information information;
    char text[MODE_TEXT_SIZE], format[WORDS_SIZE], flags[WORDS_SIZE];

    status_t status = display_information(&stage->display, &information);
    if (status != OK) {
        log_print(LOG_ERROR, "%s: %s", stage->display.device.name, status_meaning(status));
        return false;
    }
    print_words(stage, print);
    print_information(&information, print);
    for (uint32_t i = 0; i < stage->mode_count; i++) {
        const struct display_mode *mode = &stage->modes[i];

        print("%-26s pitch %5u, %4u lines, %s, %s%s", mode_text(mode, text), mode->pitch, mode->lines, memory_word(mode->flags),
              format_words(mode, format), flag_words(mode->flags, flags));
    }
    print("%u modes", stage->mode_count);
    return true;
}
