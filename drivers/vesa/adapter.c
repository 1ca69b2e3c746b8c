#include "adapter.h"

#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/string.h>
#include <ternion/svga.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>
#include <ternion/vga.h>
#include <ternion/vm86.h>

#include "bus.h"
#include "refused.h"

#define VIDEO 0x10U
#define TEXT_MODE 3U
#define VGA_MODE 0x12U
#define TRAPS_MAX 20000000U      /* a BIOS that clears its memory word by word may need so many: time is what limits a call */
#define CLEARS_NS (20 * MILLISECOND)         /* a mode set that takes longer may clear its memory word by word: the driver is faster */
#define MEMORY_FIRST 0xA0000U
#define MEMORY_PAGES 32U

/* INT 10h, AX = 1130h: where a font is; BH says which. */
#define FONT_8 3U                /* 8 by 8, the first half; the second half is apart */
#define FONT_8_UPPER 4U
#define FONT_16 6U

static bool has_bios;
static bool has_controller;
static struct vbe_controller controller;
static struct options options;
static uint8_t *memory;
static struct vga_text text;     /* as it was before the first mode */
static bool text_is_kept;
static uint8_t dac_bits = 6;     /* of a colour, in the mode that is set */
static bool clears = true;       /* the BIOS does, what is seen of a linear framebuffer */
static bool is_beyond_vga;       /* VBE may have set what the registers of a VGA do not reach */

/* ---- The start ---- */

static bool open_bios(void)
{
    struct bios_options bios = {
        .flags = (options.shared_data ? BIOS_SHARED_DATA : 0) | (options.trap_ports ? BIOS_ALL_PORTS_TRAP : 0),
        .ms = options.ms,
        .traps = TRAPS_MAX,
        .pci_read = bus_is_there() ? bus_read : NULL,
    };

    if (options.no_bios) {
        log_print(LOG_INFORMATION, "no BIOS, as the arguments say: modes of a plain VGA, by its registers");
        return false;
    }
    status_t status = bios_open(&bios);
    if (status != OK) {
        log_print(LOG_WARNING, "the BIOS cannot be called: %s; modes of a plain VGA, by its registers", status_meaning(status));
    }
    return status == OK;
}

bool adapter_open(const struct options *wanted)
{
    uint32_t address;

    if (!vga_is_there()) {
        return false;
    }
    MUST(physical_map(MEMORY_FIRST, MEMORY_PAGES, 0, &address));
    memory = (uint8_t *)address;
    options = *wanted;
    clears = true;
    text_is_kept = false;
    is_beyond_vga = vga_shows_graphics();     /* of a driver before this one */
    has_bios = open_bios();
    if (has_bios) {
        status_t status = vbe_controller(&controller);
        has_controller = status == OK;
        if (!has_controller) {
            log_print(LOG_WARNING, "there is no VBE BIOS (%s): modes of a plain VGA", vbe_problem());
        }
    }
    return true;
}

const struct vbe_controller *adapter_controller(void)
{
    return has_controller ? &controller : NULL;
}

uint8_t *adapter_memory(void)
{
    return memory;
}

/* ---- Modes ---- */

/* INT 10h, AH = 0: a mode of a VGA. It says nothing about success; the adapter does. */
static bool set_vga_mode_by_bios(uint8_t mode, bool keep)
{
    struct bios_registers registers = { .eax = mode | (keep ? 0x80U : 0) };

    vbe_try_again();
    status_t status = bios_int(VIDEO, &registers);
    refused_tell();
    if (status != OK) {
        log_print(LOG_ERROR, "mode %02Xh: %s", mode, bios_problem());
        return false;
    }
    if (vga_shows_graphics() != (mode != TEXT_MODE)) {
        log_print(LOG_ERROR, "mode %02Xh: the BIOS has not set it", mode);
        return false;
    }
    is_beyond_vga = false;
    return true;
}

static void clear_planes(void)
{
    vga_prepare_planes();
    memset(memory, 0, 0x10000);
}

/* So that its registers are all that there is. Another mode of a VGA may be set afterwards, if the BIOS had to do it. */
static void leave_vbe(void)
{
    if (svga_switch_off() || !is_beyond_vga || (has_bios && set_vga_mode_by_bios(VGA_MODE, false))) {
        is_beyond_vga = false;
        return;
    }
    log_print(LOG_WARNING, "what the adapter has beside the registers of a VGA is as the BIOS left it: if nothing is seen, switch the machine off and on");
}

static void set_vga_mode(uint8_t mode, bool keep)
{
    if (has_bios && set_vga_mode_by_bios(mode, keep)) {
        return;
    }
    log_print(LOG_INFORMATION, "mode %02Xh is set by registers", mode);
    leave_vbe();
    vga_set_mode(VGA_640_480_16);    /* all memory can be reached there */
    if (!keep) {
        clear_planes();
    }
    if (mode == 0x13) {
        vga_set_mode(VGA_320_200_256);
    }
}

/* In modes with a palette the DAC has 6 bits until it is told otherwise: VBE 3.0, section 4.11. With planes there is an emulator that shows 6 all the same. */
static void set_dac_bits(const struct mode *mode)
{
    dac_bits = 6;
    if ((mode->shown.flags & DISPLAY_PALETTE) && mode->kind != MODE_PLANAR && !mode->is_vga && (controller.capabilities & VBE_CAN_DAC_8_BITS)) {
        uint8_t bits = 8;

        if (vbe_set_dac_bits(&bits) == OK && bits >= 6 && bits <= 8) {
            dac_bits = bits;
        }
    }
}

/* Once; and not when the adapter is in graphics mode, because a driver died there. */
static void keep_text(void)
{
    if (text_is_kept || vga_shows_graphics()) {
        return;
    }
    vga_keep_text(memory, &text);
    text_is_kept = true;
    if (has_controller && options.save_state && vbe_save_state() != OK) {
        log_print(LOG_WARNING, "the BIOS does not save its state: %s", vbe_problem());
    }
}

/* An emulator has been seen whose BIOS has such modes, and whose adapter keeps nothing that is written in them. */
static status_t open_planes(const struct mode *mode)
{
    vga_prepare_planes();
    if (vga_planes_work(memory + (mode->window.memory - MEMORY_FIRST))) {
        return OK;
    }
    log_print(LOG_ERROR, "mode %03Xh is no use: its planes do not hold what is written to them", mode->shown.mode);
    return FAULT;
}

/* What the BIOS says of the mode that it has set, beside what it said before. */
static void report_set(const struct mode *mode)
{
    uint16_t number, pitch;

    if (vbe_current_mode(&number) == OK && number != mode->shown.mode) {
        log_print(LOG_WARNING, "mode %03Xh is set, and the BIOS says that %03Xh is", mode->shown.mode, number);
    }
    if (vbe_pitch(&pitch) == OK && pitch != mode->pitch) {
        log_print(LOG_WARNING, "mode %03Xh has lines of %u bytes, and the BIOS says now %u", mode->shown.mode, mode->pitch, pitch);
    }
}

bool adapter_clears(void)
{
    return clears;
}

void adapter_clears_not(void)
{
    clears = false;
}

static status_t set_vbe_mode(const struct mode *mode, bool keep)
{
    bool is_linear = mode->kind == MODE_LINEAR;
    uint16_t flags = (is_linear ? VBE_SET_LINEAR : 0) | (keep || (is_linear && !clears) ? VBE_SET_KEEP : 0);
    nanoseconds_t begin_ns = clock_now();

    status_t status = vbe_set_mode(mode->shown.mode, flags);
    if (is_linear && clock_now() - begin_ns > CLEARS_NS) {
        clears = false;
    }
    return status;
}

status_t adapter_set_mode(const struct mode *mode, bool keep)
{
    keep_text();
    is_beyond_vga |= !mode->is_vga;
    if (mode->is_vga) {
        set_vga_mode((uint8_t)mode->shown.mode, keep);
    } else if (set_vbe_mode(mode, keep) != OK) {
        log_print(LOG_ERROR, "mode %03Xh cannot be set: %s", mode->shown.mode, vbe_problem());
        return FAULT;
    }
    if (options.report && !mode->is_vga) {
        report_set(mode);
    }
    set_dac_bits(mode);
    return mode->kind == MODE_PLANAR ? open_planes(mode) : OK;
}

static bool set_text_by_bios(void)
{
    if (!has_bios) {
        return false;
    }
    if (set_vga_mode_by_bios(TEXT_MODE, false)) {
        return true;
    }
    return has_controller && vbe_set_mode(TEXT_MODE, 0) == OK && !vga_shows_graphics();
}

void adapter_set_text(void)
{
    if (!set_text_by_bios()) {
        log_print(LOG_INFORMATION, "text mode is set by registers");
        leave_vbe();
        vga_set_mode(VGA_TEXT);
    }
    is_beyond_vga = false;
    if (has_controller && options.save_state) {
        (void)vbe_restore_state();
    }
    if (text_is_kept) {
        vga_restore_text(memory, &text);
    }
    dac_bits = 6;
}

status_t adapter_set_start(uint16_t line)
{
    if (vbe_set_start(line) == OK) {
        return OK;
    }
    log_print(LOG_ERROR, "the screen cannot begin with line %u: %s", line, vbe_problem());
    return FAULT;
}

/* ---- Colours ---- */

static uint8_t level(uint32_t colour, uint32_t shift)
{
    return (uint8_t)((colour >> shift & 0xFF) >> (8 - dac_bits));
}

static status_t set_colours_by_bios(uint32_t first, uint32_t count, const uint32_t *colours)
{
    uint32_t entries[VGA_COLOURS];

    for (uint32_t i = 0; i < count; i++) {
        entries[i] = (uint32_t)level(colours[i], 16) << 16 | (uint32_t)level(colours[i], 8) << 8 | level(colours[i], 0);
    }
    if (vbe_set_palette((uint16_t)first, (uint16_t)count, (const uint8_t *)entries) == OK) {
        return OK;
    }
    log_print(LOG_ERROR, "colours cannot be set: %s", vbe_problem());
    return FAULT;
}

status_t adapter_set_colours(const struct mode *mode, uint32_t first, uint32_t count, const uint32_t *colours)
{
    uint8_t entries[VGA_COLOURS][3];

    /* What modes say of themselves there, attribute bit 5, is set by many BIOSes whose DAC is where it always was. */
    if (!mode->is_vga && (controller.capabilities & VBE_IS_NOT_VGA)) {
        return set_colours_by_bios(first, count, colours);
    }
    for (uint32_t i = 0; i < count; i++) {
        entries[i][0] = level(colours[i], 16);
        entries[i][1] = level(colours[i], 8);
        entries[i][2] = level(colours[i], 0);
    }
    vga_write_colours(first, count, entries);
    return OK;
}

/* ---- Fonts ---- */

/* Is it likely one? A space is empty and an A is not. */
static bool is_font(const uint8_t *font, uint32_t lines)
{
    uint32_t ink_of_space = 0, ink_of_a = 0;

    for (uint32_t line = 0; line < lines; line++) {
        ink_of_space |= font[' ' * lines + line];
        ink_of_a |= font['A' * lines + line];
    }
    return ink_of_space == 0 && ink_of_a != 0;
}

static bool read_text_font(uint8_t *font_out)
{
    for (uint32_t character = 0; text_is_kept && character < 256; character++) {
        memcpy(font_out + character * 16, &text.font[character * VGA_FONT_LINES], 16);
    }
    return text_is_kept;
}

bool adapter_font(uint32_t lines, uint8_t *font_out)
{
    if (lines == 8) {
        return has_bios && vbe_font(FONT_8, font_out, 128 * 8) == OK && vbe_font(FONT_8_UPPER, font_out + 128 * 8, 128 * 8) == OK
            && is_font(font_out, 8);
    }
    if (has_bios && vbe_font(FONT_16, font_out, 256 * 16) == OK && is_font(font_out, 16)) {
        return true;
    }
    return read_text_font(font_out);
}
