#include <stdint.h>

#include "screen.h"
#include "terminal.h"

#define ESCAPE 0x1B
#define PARAMETERS_MAX 8U
#define PARAMETER_MAX 9999U

/* Where in a sequence ESC [ parameters final the text is. */
static enum { GROUND, ESCAPED, PARAMETERS } state;
static unsigned parameters[PARAMETERS_MAX];
static unsigned parameter_count;
static uint8_t attribute = ATTRIBUTE_NORMAL;

/* ANSI counts colours red, green, blue from the lowest bit; the adapter the other way round. */
static const uint8_t vga_colours[8] = { 0, 4, 2, 6, 1, 5, 3, 7 };

/* ---- ESC [ ... m: how the characters that follow look ---- */

static void style_normal(unsigned offset)
{
    (void)offset;
    attribute = ATTRIBUTE_NORMAL;
}

static void style_bold(unsigned offset)
{
    (void)offset;
    attribute |= ATTRIBUTE_BRIGHT;
}

static void style_not_bold(unsigned offset)
{
    (void)offset;
    attribute &= (uint8_t)~ATTRIBUTE_BRIGHT;
}

static void style_swap(unsigned offset)
{
    (void)offset;
    attribute = (uint8_t)((attribute & 0x88U) | (attribute & 0x07U) << 4 | (attribute >> 4 & 0x07U));
}

static void style_foreground(unsigned colour)
{
    attribute = (uint8_t)((attribute & 0xF8U) | vga_colours[colour]);
}

static void style_bright_foreground(unsigned colour)
{
    attribute = (uint8_t)((attribute & 0xF0U) | ATTRIBUTE_BRIGHT | vga_colours[colour]);
}

/* The adapter blinks where bit 7 is set: backgrounds are never bright. */
static void style_background(unsigned colour)
{
    attribute = (uint8_t)((attribute & 0x0FU) | vga_colours[colour] << 4);
}

static const struct {
    unsigned first, last;
    void (*apply)(unsigned offset);
} styles[] = {
    { 0, 0, style_normal },
    { 1, 1, style_bold },
    { 7, 7, style_swap },
    { 22, 22, style_not_bold },
    { 27, 27, style_swap },
    { 30, 37, style_foreground },
    { 39, 39, style_normal },
    { 40, 47, style_background },
    { 90, 97, style_bright_foreground },
    { 100, 107, style_background },
};

static void style_apply(unsigned number)
{
    for (unsigned i = 0; i < sizeof styles / sizeof styles[0]; i++) {
        if (number >= styles[i].first && number <= styles[i].last) {
            styles[i].apply(number - styles[i].first);
        }
    }
}

/* ---- The sequences, by their last character ---- */

static void sequence_style(void)
{
    for (unsigned i = 0; i < parameter_count; i++) {
        style_apply(parameters[i]);
    }
}

static void sequence_clear(void)
{
    if (parameters[0] == 2) {
        screen_clear();
    }
}

static void sequence_clear_row_end(void)
{
    if (parameters[0] == 0) {
        screen_clear_row_end();
    }
}

/* Rows and columns count from 1; an absent parameter is a 1. */
static void sequence_move(void)
{
    unsigned row = parameters[0];
    unsigned column = parameter_count > 1 ? parameters[1] : 0;

    screen_move(row == 0 ? 0 : row - 1, column == 0 ? 0 : column - 1);
}

static const struct {
    char final;
    void (*run)(void);
} sequences[] = {
    { 'm', sequence_style },
    { 'J', sequence_clear },
    { 'K', sequence_clear_row_end },
    { 'H', sequence_move },
};

static void sequence_byte(char byte)
{
    if (byte >= '0' && byte <= '9') {
        unsigned *parameter = &parameters[parameter_count - 1];
        if (*parameter < PARAMETER_MAX) {
            *parameter = *parameter * 10 + (unsigned)(byte - '0');
        }
        return;
    }
    if (byte == ';') {
        if (parameter_count < PARAMETERS_MAX) {
            parameters[parameter_count++] = 0;
        }
        return;
    }
    state = GROUND;
    for (unsigned i = 0; i < sizeof sequences / sizeof sequences[0]; i++) {
        if (sequences[i].final == byte) {
            sequences[i].run();
        }
    }
}

/* ---- Bytes outside sequences ---- */

static void escape(void)
{
    state = ESCAPED;
}

/* A line end begins the next line: who writes text does not send \r. */
static void line_end(void)
{
    screen_carriage_return();
    screen_line_feed();
}

static void (*const controls[' '])(void) = {
    ['\b'] = screen_backspace,
    ['\t'] = screen_tabulate,
    ['\n'] = line_end,
    ['\r'] = screen_carriage_return,
    [ESCAPE] = escape,
};

static void ground_byte(char byte)
{
    uint8_t character = (uint8_t)byte;

    if (character >= ' ') {
        screen_put(character, attribute);
    } else if (controls[character] != NULL) {
        controls[character]();
    }
}

void terminal_write(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        switch (state) {
        case GROUND:
            ground_byte(text[i]);
            break;
        case ESCAPED:
            state = text[i] == '[' ? PARAMETERS : GROUND;
            parameters[0] = 0;
            parameter_count = 1;
            break;
        case PARAMETERS:
            sequence_byte(text[i]);
            break;
        }
    }
}
