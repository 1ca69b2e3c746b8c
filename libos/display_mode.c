/* Which modes there can be, and which is meant. Portable. */
#include <ternion/display.h>
#include <ternion/memory.h>
#include <ternion/string.h>

/* ---- What can be ---- */

static bool channel_can_be(struct display_channel channel, uint32_t bytes)
{
    return channel.bits != 0 && (uint32_t)channel.bits + channel.shift <= 8 * bytes;
}

static bool format_can_be(const struct display_mode *mode)
{
    uint32_t bytes = mode->bytes;

    if ((mode->flags & DISPLAY_PALETTE) != 0) {
        return bytes == 1 && (mode->bits == 4 || mode->bits == 8);
    }
    return bytes >= 1 && bytes <= 4 && mode->bits <= 8 * bytes
        && channel_can_be(mode->red, bytes) && channel_can_be(mode->green, bytes) && channel_can_be(mode->blue, bytes);
}

bool display_mode_can_be(const struct display_mode *mode, uint32_t pages)
{
    return mode->width != 0 && mode->height != 0 && mode->lines >= mode->height && format_can_be(mode)
        && mode->pitch >= (uint32_t)mode->width * mode->bytes
        && (uint64_t)mode->pitch * mode->lines <= (uint64_t)pages * PAGE_SIZE;
}

/* ---- What is nearest ---- */

struct wish {
    uint32_t width, height, bits;
};

static uint32_t area_of(const struct display_mode *mode)
{
    return (uint32_t)mode->width * mode->height;
}

static bool is_enough(const struct display_mode *mode, const struct wish *wish)
{
    return mode->width >= wish->width && mode->height >= wish->height;
}

/* Is `one` nearer to the wish? */
static bool is_nearer(const struct display_mode *one, const struct display_mode *other, const struct wish *wish)
{
    if (is_enough(one, wish) != is_enough(other, wish)) {
        return is_enough(one, wish);
    }
    if (area_of(one) != area_of(other)) {
        return (area_of(one) < area_of(other)) == is_enough(one, wish);
    }
    bool has_too_many = one->bits > wish->bits;
    if (has_too_many != (other->bits > wish->bits)) {
        return !has_too_many;
    }
    return has_too_many ? one->bits < other->bits : one->bits > other->bits;
}

const struct display_mode *display_nearest(const struct display_mode *modes, uint32_t count, uint32_t width, uint32_t height, uint32_t bits)
{
    const struct wish wish = { width, height, bits };
    const struct display_mode *nearest = NULL;

    for (uint32_t i = 0; i < count; i++) {
        if (nearest == NULL || is_nearer(&modes[i], nearest, &wish)) {
            nearest = &modes[i];
        }
    }
    return nearest;
}

/* ---- What a person means ---- */

static int digit_of(char character)
{
    if (character >= '0' && character <= '9') {
        return character - '0';
    }
    char letter = character | 0x20;  /* in lower case */
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : 16;
}

/* Takes a number off a text; UINT32_MAX: there is none, or it is above those of modes. */
static uint32_t take_number(const char **at, int base)
{
    uint32_t number = 0;

    if (digit_of(**at) >= base) {
        return UINT32_MAX;
    }
    for (; digit_of(**at) < base; (*at)++) {
        number = number * (uint32_t)base + (uint32_t)digit_of(**at);
        if (number > UINT16_MAX) {
            return UINT32_MAX;
        }
    }
    return number;
}

/* "1024x768" or "1024x768x16"; bits 0: any. False: it is neither. */
static bool read_wish(const char *words, struct wish *wish_out)
{
    *wish_out = (struct wish){ .width = take_number(&words, 10) };
    if (wish_out->width == UINT32_MAX || *words++ != 'x' || (wish_out->height = take_number(&words, 10)) == UINT32_MAX) {
        return false;
    }
    if (*words == 'x') {
        words++;
        wish_out->bits = take_number(&words, 10);
    }
    return *words == '\0' && wish_out->bits != UINT32_MAX;
}

static const struct display_mode *mode_of_number(const struct display_mode *modes, uint32_t count, const char *words)
{
    bool is_hexadecimal = words[0] == '0' && words[1] == 'x';
    const char *at = is_hexadecimal ? words + 2 : words;
    uint32_t number = take_number(&at, is_hexadecimal ? 16 : 10);

    for (uint32_t i = 0; i < count && *at == '\0'; i++) {
        if (modes[i].mode == number) {
            return &modes[i];
        }
    }
    return NULL;
}

static const struct display_mode *mode_of_size(const struct display_mode *modes, uint32_t count, const struct wish *wish)
{
    const struct display_mode *best = NULL;

    for (uint32_t i = 0; i < count; i++) {
        const struct display_mode *mode = &modes[i];

        if (mode->width == wish->width && mode->height == wish->height && (wish->bits == 0 || mode->bits == wish->bits)
            && (best == NULL || mode->bits > best->bits)) {
            best = mode;
        }
    }
    return best;
}

const struct display_mode *display_choose(const struct display_mode *modes, uint32_t count, const char *words)
{
    struct wish wish;

    if (strcmp(words, "preferred") == 0) {
        for (uint32_t i = 0; i < count; i++) {
            if ((modes[i].flags & DISPLAY_PREFERRED) != 0) {
                return &modes[i];
            }
        }
        return NULL;
    }
    const struct display_mode *mode = mode_of_number(modes, count, words);
    return mode != NULL || !read_wish(words, &wish) ? mode : mode_of_size(modes, count, &wish);
}
