#include <ternion/vga.h>

#include <ternion/port.h>

/* Ports. */
#define ATTRIBUTE 0x3C0              /* index and data in turn; a read of the status says that an index comes */
#define ATTRIBUTE_READ 0x3C1
#define MISCELLANEOUS_WRITE 0x3C2
#define SEQUENCER 0x3C4              /* index, data behind it */
#define DAC_MASK 0x3C6
#define DAC_READ_INDEX 0x3C7
#define DAC_WRITE_INDEX 0x3C8
#define DAC_DATA 0x3C9
#define MISCELLANEOUS_READ 0x3CC
#define GRAPHICS 0x3CE               /* index, data behind it */
#define CRTC 0x3D4                   /* the same */
#define STATUS 0x3DA

#define STATUS_RETRACE 0x08U
#define ATTRIBUTE_SHOWN 0x20U        /* beside an index: the palette is in use, and the screen is not dark */

#define SEQUENCER_RESET 0
#define SEQUENCER_PLANES 2           /* that are written */
#define SEQUENCER_MEMORY 4
#define CRTC_CURSOR_LOW 15
#define CRTC_PROTECTION 17
#define CRTC_PROTECTED 0x80U         /* registers 0 to 7 cannot be written */
#define GRAPHICS_SET_ENABLE 1
#define GRAPHICS_FUNCTION 3
#define GRAPHICS_READ_PLANE 4
#define GRAPHICS_MODE 5
#define GRAPHICS_MISCELLANEOUS 6
#define GRAPHICS_NOT_TEXT 0x01U
#define GRAPHICS_MASK 8

#define PLANES 4U
#define PLANES_ALL 0x0FU
#define FONT_PLANE 2U

#define SEQUENCER_COUNT 5U
#define CRTC_COUNT 25U
#define GRAPHICS_COUNT 9U
#define ATTRIBUTE_COUNT 21U
#define PALETTE_COUNT 16U

/* All registers of a mode, by index: the reference's tables of register values, "BIOS Video Modes". */
struct registers {
    uint8_t miscellaneous;
    uint8_t sequencer[SEQUENCER_COUNT];
    uint8_t crtc[CRTC_COUNT];
    uint8_t graphics[GRAPHICS_COUNT];
    uint8_t attribute[ATTRIBUTE_COUNT];
};

static const struct registers mode_registers[] = {
    [VGA_TEXT] = {
        .miscellaneous = 0x67,
        .sequencer = { 0x03, 0x00, 0x03, 0x00, 0x02 },
        .crtc = { 0x5F, 0x4F, 0x50, 0x82, 0x55, 0x81, 0xBF, 0x1F, 0x00, 0x4F, 0x0D, 0x0E, 0x00,
                  0x00, 0x00, 0x00, 0x9C, 0x8E, 0x8F, 0x28, 0x1F, 0x96, 0xB9, 0xA3, 0xFF },
        .graphics = { 0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x0E, 0x00, 0xFF },
        .attribute = { 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x14, 0x07, 0x38, 0x39, 0x3A, 0x3B, 0x3C, 0x3D, 0x3E, 0x3F, 0x0C, 0x00, 0x0F, 0x08, 0x00 },
    },
    [VGA_640_480_16] = {
        .miscellaneous = 0xE3,
        .sequencer = { 0x03, 0x01, 0x0F, 0x00, 0x06 },
        .crtc = { 0x5F, 0x4F, 0x50, 0x82, 0x54, 0x80, 0x0B, 0x3E, 0x00, 0x40, 0x00, 0x00, 0x00,
                  0x00, 0x00, 0x00, 0xEA, 0x8C, 0xDF, 0x28, 0x00, 0xE7, 0x04, 0xE3, 0xFF },
        .graphics = { 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x05, 0x0F, 0xFF },
        .attribute = { 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x14, 0x07, 0x38, 0x39, 0x3A, 0x3B, 0x3C, 0x3D, 0x3E, 0x3F, 0x01, 0x00, 0x0F, 0x00, 0x00 },
    },
    [VGA_320_200_256] = {
        .miscellaneous = 0x63,
        .sequencer = { 0x03, 0x01, 0x0F, 0x00, 0x0E },
        .crtc = { 0x5F, 0x4F, 0x50, 0x82, 0x54, 0x80, 0xBF, 0x1F, 0x00, 0x41, 0x00, 0x00, 0x00,
                  0x00, 0x00, 0x00, 0x9C, 0x8E, 0x8F, 0x28, 0x40, 0x96, 0xB9, 0xA3, 0xFF },
        .graphics = { 0x00, 0x00, 0x00, 0x00, 0x00, 0x40, 0x05, 0x0F, 0xFF },
        .attribute = { 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F, 0x41, 0x00, 0x0F, 0x00, 0x00 },
    },
};

/* ---- Registers behind an index ---- */

static uint8_t indexed_read(uint16_t port, uint8_t index)
{
    port_write8(port, index);
    return port_read8((uint16_t)(port + 1));
}

static void indexed_write(uint16_t port, uint8_t index, uint8_t value)
{
    port_write8(port, index);
    port_write8((uint16_t)(port + 1), value);
}

static void indexed_write_all(uint16_t port, const uint8_t *values, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        indexed_write(port, (uint8_t)i, values[i]);
    }
}

/* While entries of its palette are written, the attribute controller shows nothing. */
static void attribute_write(uint32_t first, uint32_t count, const uint8_t *values)
{
    for (uint32_t i = 0; i < count; i++) {
        (void)port_read8(STATUS);
        port_write8(ATTRIBUTE, (uint8_t)(first + i));
        port_write8(ATTRIBUTE, values[i]);
    }
    (void)port_read8(STATUS);
    port_write8(ATTRIBUTE, ATTRIBUTE_SHOWN);
}

static void attribute_read_palette(uint8_t *values)
{
    for (uint32_t i = 0; i < PALETTE_COUNT; i++) {
        (void)port_read8(STATUS);
        port_write8(ATTRIBUTE, (uint8_t)i);
        values[i] = port_read8(ATTRIBUTE_READ);
    }
    (void)port_read8(STATUS);
    port_write8(ATTRIBUTE, ATTRIBUTE_SHOWN);
}

/* ---- Finding it ---- */

/* A controller keeps what is written to its cursor's place; an empty port does not. Older adapters have no output register to read. */
bool vga_is_there(void)
{
    if (port_read8(MISCELLANEOUS_READ) == 0xFF) {
        return false;
    }
    uint8_t kept = indexed_read(CRTC, CRTC_CURSOR_LOW);
    indexed_write(CRTC, CRTC_CURSOR_LOW, 0x5A);
    bool answers = indexed_read(CRTC, CRTC_CURSOR_LOW) == 0x5A;
    indexed_write(CRTC, CRTC_CURSOR_LOW, 0xA5);
    answers = answers && indexed_read(CRTC, CRTC_CURSOR_LOW) == 0xA5;
    indexed_write(CRTC, CRTC_CURSOR_LOW, kept);
    return answers;
}

bool vga_shows_graphics(void)
{
    return (indexed_read(GRAPHICS, GRAPHICS_MISCELLANEOUS) & GRAPHICS_NOT_TEXT) != 0;
}

/* ---- Colours ---- */

void vga_write_colours(uint32_t first, uint32_t count, const uint8_t (*colours)[3])
{
    port_write8(DAC_MASK, 0xFF);
    port_write8(DAC_WRITE_INDEX, (uint8_t)first);
    for (uint32_t i = 0; i < count; i++) {
        port_write8(DAC_DATA, colours[i][0]);
        port_write8(DAC_DATA, colours[i][1]);
        port_write8(DAC_DATA, colours[i][2]);
    }
}

static void read_colours(uint8_t (*colours)[3])
{
    port_write8(DAC_READ_INDEX, 0);
    for (uint32_t i = 0; i < VGA_COLOURS; i++) {
        colours[i][0] = port_read8(DAC_DATA);
        colours[i][1] = port_read8(DAC_DATA);
        colours[i][2] = port_read8(DAC_DATA);
    }
}

/* The 64 colours of an EGA, which attributes choose from: bits 2, 1, 0 are two thirds of red, green, blue; 5, 4, 3 one third. */
static uint8_t ega_level(uint32_t colour, uint32_t bit)
{
    return (uint8_t)((colour >> bit & 1) * 42 + (colour >> (bit + 3) & 1) * 21);
}

static void write_ega_colours(void)
{
    uint8_t colours[64][3];

    for (uint32_t i = 0; i < 64; i++) {
        colours[i][0] = ega_level(i, 2);
        colours[i][1] = ega_level(i, 1);
        colours[i][2] = ega_level(i, 0);
    }
    vga_write_colours(0, 64, colours);
}

/* ---- Modes ---- */

void vga_set_mode(enum vga_mode mode)
{
    const struct registers *registers = &mode_registers[mode];

    port_write8(MISCELLANEOUS_WRITE, registers->miscellaneous);
    indexed_write(SEQUENCER, SEQUENCER_RESET, 0x01);
    indexed_write_all(SEQUENCER, registers->sequencer, SEQUENCER_COUNT);
    indexed_write(CRTC, CRTC_PROTECTION, indexed_read(CRTC, CRTC_PROTECTION) & (uint8_t)~CRTC_PROTECTED);
    indexed_write_all(CRTC, registers->crtc, CRTC_COUNT);
    indexed_write_all(GRAPHICS, registers->graphics, GRAPHICS_COUNT);
    attribute_write(0, ATTRIBUTE_COUNT, registers->attribute);
    write_ega_colours();
}

/* ---- Text ---- */

/* How the planes are seen: as text mode wants it, and one behind the other. */
struct view {
    uint8_t planes, memory, read_plane, mode, miscellaneous;
};

static struct view view_read(void)
{
    return (struct view){
        .planes = indexed_read(SEQUENCER, SEQUENCER_PLANES), .memory = indexed_read(SEQUENCER, SEQUENCER_MEMORY),
        .read_plane = indexed_read(GRAPHICS, GRAPHICS_READ_PLANE), .mode = indexed_read(GRAPHICS, GRAPHICS_MODE),
        .miscellaneous = indexed_read(GRAPHICS, GRAPHICS_MISCELLANEOUS),
    };
}

static void view_set(const struct view *view)
{
    indexed_write(SEQUENCER, SEQUENCER_PLANES, view->planes);
    indexed_write(SEQUENCER, SEQUENCER_MEMORY, view->memory);
    indexed_write(GRAPHICS, GRAPHICS_READ_PLANE, view->read_plane);
    indexed_write(GRAPHICS, GRAPHICS_MODE, view->mode);
    indexed_write(GRAPHICS, GRAPHICS_MISCELLANEOUS, view->miscellaneous);
}

/* Plane 2 alone, at A0000, byte by byte. */
static const struct view font_view = { .planes = 1U << FONT_PLANE, .memory = 0x06, .read_plane = FONT_PLANE, .mode = 0x00, .miscellaneous = 0x04 };

void vga_keep_text(volatile uint8_t *memory, struct vga_text *text_out)
{
    struct view view = view_read();

    view_set(&font_view);
    for (uint32_t i = 0; i < VGA_FONT_SIZE; i++) {
        text_out->font[i] = memory[i];
    }
    view_set(&view);
    read_colours(text_out->colours);
    attribute_read_palette(text_out->palette);
}

void vga_restore_text(volatile uint8_t *memory, const struct vga_text *text)
{
    struct view view = view_read();

    view_set(&font_view);
    for (uint32_t i = 0; i < VGA_FONT_SIZE; i++) {
        memory[i] = text->font[i];
    }
    view_set(&view);
    vga_write_colours(0, VGA_COLOURS, text->colours);
    attribute_write(0, PALETTE_COUNT, text->palette);
}

/* ---- Planes ---- */

void vga_prepare_planes(void)
{
    static const uint8_t identity[PALETTE_COUNT] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };

    indexed_write(GRAPHICS, GRAPHICS_SET_ENABLE, 0);
    indexed_write(GRAPHICS, GRAPHICS_FUNCTION, 0);
    indexed_write(GRAPHICS, GRAPHICS_MODE, 0);
    indexed_write(GRAPHICS, GRAPHICS_MASK, 0xFF);
    vga_choose_planes(PLANES_ALL);
    attribute_write(0, PALETTE_COUNT, identity);
}

void vga_choose_planes(uint8_t planes)
{
    indexed_write(SEQUENCER, SEQUENCER_PLANES, planes);
}

static void choose_plane(uint8_t plane)
{
    indexed_write(GRAPHICS, GRAPHICS_READ_PLANE, plane);
    vga_choose_planes((uint8_t)(1U << plane));
}

bool vga_planes_work(volatile uint8_t *memory)
{
    uint8_t kept[PLANES];
    bool works = true;

    for (uint8_t plane = 0; plane < PLANES; plane++) {
        choose_plane(plane);
        kept[plane] = memory[0];
        memory[0] = (uint8_t)(0xA5 + plane);
    }
    for (uint8_t plane = 0; plane < PLANES; plane++) {
        choose_plane(plane);
        works = memory[0] == 0xA5 + plane && works;
        memory[0] = kept[plane];
    }
    vga_choose_planes(PLANES_ALL);
    return works;
}

bool vga_is_in_retrace(void)
{
    return (port_read8(STATUS) & STATUS_RETRACE) != 0;
}
