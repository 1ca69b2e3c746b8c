#include "i386/panic_text.h"

#include "i386/cpu.h"
#include "memory.h"

#define FONT_PHYSICAL 0xA0000U           /* where plane 2 is reached while characters' lines are put there */
#define FONT_LINES 32U                   /* room of a character */
#define CELL_LINES 16U                   /* of it that are seen */
#define CHARACTERS 256U
#define CELLS_PHYSICAL 0xB8000U
#define CELLS (80U * 25U)
#define BLANK 0x0720U

#define GRAPHICS 0x3CEU
#define MISCELLANEOUS 6U
#define NOT_TEXT 0x01U

/* What is done to ports, one by one. An index and its data are one word: the byte behind the index is the data. */
struct access {
    uint16_t port;                       /* with READ or WORD */
    uint16_t value;
};

#define READ 0x8000U                     /* what is read is of no interest */
#define WORD 0x4000U
#define INDEXED(port, index, data) { WORD | (port), (uint16_t)((data) << 8 | (index)) }
#define SEQUENCER(index, data) INDEXED(0x3C4U, index, data)
#define GRAPHIC(index, data) INDEXED(GRAPHICS, index, data)
#define CRTC(index, data) INDEXED(0x3D4U, index, data)
#define DISPI(index, data) { WORD | 0x1CEU, index }, { WORD | 0x1CFU, data }
#define ATTRIBUTE(index, data) { READ | 0x3DAU, 0 }, { 0x3C0U, index }, { 0x3C0U, data }
#define ATTRIBUTE_SHOWN { READ | 0x3DAU, 0 }, { 0x3C0U, 0x20U }
#define COLOUR(entry, level) { 0x3C8U, entry }, { 0x3C9U, level }, { 0x3C9U, level }, { 0x3C9U, level }

/*
 * Text mode 3. First what lies above a VGA: the DISPI interface (the source of Bochs, iodev/display/vga.h), Cirrus Logic's registers
 * (CL-GD5446 Technical Reference Manual, section 9). Then the mode (IBM VGA/XGA Technical Reference, "BIOS Video Modes"), but with the
 * planes open in the way that a font is written.
 */
static const struct access text_mode[] = {
    DISPI(4, 0),
    SEQUENCER(6, 0x12U), SEQUENCER(7, 0), GRAPHIC(9, 0), GRAPHIC(10, 0), GRAPHIC(11, 0), CRTC(0x1AU, 0), CRTC(0x1BU, 0), CRTC(0x1DU, 0),
    { READ | 0x3C6U, 0 }, { READ | 0x3C6U, 0 }, { READ | 0x3C6U, 0 }, { READ | 0x3C6U, 0 }, { 0x3C6U, 0 }, { 0x3C6U, 0xFFU },
    { 0x3C2U, 0x67U },
    SEQUENCER(0, 3), SEQUENCER(1, 0), SEQUENCER(2, 4), SEQUENCER(3, 0), SEQUENCER(4, 6),
    CRTC(17, 0x16U),                     /* the first eight are no longer protected */
    CRTC(0, 0x5FU), CRTC(1, 0x4FU), CRTC(2, 0x50U), CRTC(3, 0x82U), CRTC(4, 0x55U), CRTC(5, 0x81U), CRTC(6, 0xBFU), CRTC(7, 0x1FU),
    CRTC(8, 0), CRTC(9, 0x4FU), CRTC(10, 0x0DU), CRTC(11, 0x0EU), CRTC(12, 0), CRTC(13, 0), CRTC(14, 0), CRTC(15, 0),
    CRTC(16, 0x9CU), CRTC(18, 0x8FU), CRTC(19, 0x28U), CRTC(20, 0x1FU), CRTC(21, 0x96U), CRTC(22, 0xB9U), CRTC(23, 0xA3U), CRTC(24, 0xFFU),
    GRAPHIC(0, 0), GRAPHIC(1, 0), GRAPHIC(2, 0), GRAPHIC(3, 0), GRAPHIC(4, 2), GRAPHIC(5, 0), GRAPHIC(6, 4), GRAPHIC(7, 0), GRAPHIC(8, 0xFFU),
    ATTRIBUTE(0, 0), ATTRIBUTE(7, 7), ATTRIBUTE(16, 0x0CU), ATTRIBUTE(17, 0), ATTRIBUTE(18, 15), ATTRIBUTE(19, 8), ATTRIBUTE(20, 0), ATTRIBUTE_SHOWN,
    COLOUR(0, 0), COLOUR(7, 0xFFU),
};

static const struct access text_planes[] = {
    SEQUENCER(2, 3), SEQUENCER(4, 2), GRAPHIC(4, 0), GRAPHIC(5, 0x10U), GRAPHIC(6, 0x0EU),
};

/* All planes are written, as they are; their pixels 0 and 15, and bytes 0 and 255, are black and white, whatever the palette was. */
static const struct access black_and_white[] = {
    { 0x3C6U, 0xFFU }, COLOUR(0, 0), COLOUR(15, 0xFFU), COLOUR(255, 0xFFU),
};

static const struct access planes[] = {
    SEQUENCER(2, 15), GRAPHIC(1, 0), GRAPHIC(3, 0), GRAPHIC(5, 0), GRAPHIC(8, 0xFFU),
    ATTRIBUTE(0, 0), ATTRIBUTE(15, 15), ATTRIBUTE(18, 15), ATTRIBUTE(20, 0), ATTRIBUTE_SHOWN,
};

static void access_all(const struct access *list, uint32_t count)
{
    for (; count != 0; count--, list++) {
        uint16_t port = list->port & 0xFFFU;

        if (list->port >= READ) {
            (void)port_read8(port);
        } else if (list->port >= WORD) {
            port_write16(port, list->value);
        } else {
            port_write8(port, (uint8_t)list->value);
        }
    }
}

#define ACCESS_ALL(list) access_all(list, sizeof(list) / sizeof *(list))

bool panic_text_is_shown(void)
{
    uint8_t index = port_read8(GRAPHICS);

    port_write8(GRAPHICS, MISCELLANEOUS);
    uint8_t value = port_read8(GRAPHICS + 1);
    port_write8(GRAPHICS, index);
    return (value & NOT_TEXT) == 0;
}

void panic_text_set(const uint8_t *font, uint32_t lines)
{
    volatile uint8_t *plane = physical_to_virtual(FONT_PHYSICAL);
    volatile uint16_t *cells = physical_to_virtual(CELLS_PHYSICAL);

    ACCESS_ALL(text_mode);
    for (uint32_t i = 0; i < CHARACTERS * FONT_LINES; i++) {
        uint32_t line = i % FONT_LINES;

        plane[i] = line < CELL_LINES ? font[i / FONT_LINES * lines + line * lines / CELL_LINES] : 0;
    }
    ACCESS_ALL(text_planes);
    for (uint32_t i = 0; i < CELLS; i++) {
        cells[i] = BLANK;
    }
}

void panic_text_black_and_white(bool has_planes)
{
    ACCESS_ALL(black_and_white);
    if (has_planes) {
        ACCESS_ALL(planes);
    }
}
