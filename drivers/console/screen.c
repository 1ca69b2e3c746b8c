#include "screen.h"

#include <ternion/log.h>
#include <ternion/port.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/vga.h>

#include "text_mode.h"

#define MEMORY_PAGES 8U
#define MEMORY_CELLS (MEMORY_PAGES * PAGE_SIZE / sizeof(cell_t))

/*
 * IBM VGA. Miscellaneous Output Register, read at 3CC; bit 0 set: colour, the CRTC answers at 3D4. Older adapters have nothing to
 * read there, so all ones come.
 */
#define MISCELLANEOUS_OUTPUT 0x3CC
#define COLOUR_EMULATION 1U
#define NO_VGA 0xFFU

/* Attribute controller: index and data are written in turn to one port; a read of the status register says that an index comes. */
#define ATTRIBUTE_WRITE 0x3C0
#define ATTRIBUTE_READ 0x3C1
#define INPUT_STATUS_COLOUR 0x3DA
#define ATTRIBUTE_MODE 0x30U      /* index 10h, and 20h, without which the screen is dark */
#define MODE_BLINKS 0x08U

/* Cathode ray tube controller (6845): its index port, the data port behind it, registers. */
#define CRTC_ROW_HEIGHT 9         /* scan lines less one, in the low five bits; not of a 6845 */
#define CRTC_CURSOR_FIRST 10      /* scan line */
#define CRTC_CURSOR_LAST 11
#define CRTC_START_HIGH 12
#define CRTC_START_LOW 13
#define CRTC_CURSOR_HIGH 14
#define CRTC_CURSOR_LOW 15
#define ROW_HEIGHT 0x1FU
#define CURSOR_HIDDEN 0x20U

struct adapter {
    physical_t memory;
    uint16_t crtc;
    uint8_t cursor_last;          /* scan line, of the adapter before the VGA */
};
static const struct adapter colour = { .memory = 0xB8000, .crtc = 0x3D4, .cursor_last = 7 };
static const struct adapter monochrome = { .memory = 0xB0000, .crtc = 0x3B4, .cursor_last = 12 };

static const struct adapter *adapter;
static bool is_vga;
static bool is_lent;
static volatile cell_t *video;    /* the adapter's memory */
static uint8_t cursor_first;      /* scan line */
static struct {
    cell_t cells[CELL_ROWS][CELL_COLUMNS];   /* reading the adapter is slow */
    unsigned row, column;         /* of the cursor */
    bool cursor_is_hidden;
} shown;

static uint8_t crtc_read(uint8_t index)
{
    port_write8(adapter->crtc, index);
    return port_read8(adapter->crtc + 1);
}

static void crtc_write(uint8_t index, uint8_t value)
{
    port_write8(adapter->crtc, index);
    port_write8(adapter->crtc + 1, value);
}

static unsigned crtc_read_cell(uint8_t high)
{
    return (unsigned)crtc_read(high) << 8 | crtc_read(high + 1);
}

static void crtc_write_cell(uint8_t high, unsigned cell)
{
    crtc_write(high, (uint8_t)(cell >> 8));
    crtc_write(high + 1, (uint8_t)cell);
}

/* ---- Finding it ---- */

/* A controller keeps what is written to its cursor's place; an empty port does not. */
static bool crtc_answers(const struct adapter *candidate)
{
    adapter = candidate;
    uint8_t saved = crtc_read(CRTC_CURSOR_LOW);
    crtc_write(CRTC_CURSOR_LOW, 0x5A);
    bool answers = crtc_read(CRTC_CURSOR_LOW) == 0x5A;
    crtc_write(CRTC_CURSOR_LOW, 0xA5);
    answers = answers && crtc_read(CRTC_CURSOR_LOW) == 0xA5;
    crtc_write(CRTC_CURSOR_LOW, saved);
    return answers;
}

/* That of a VGA keeps its index, too. Its cursor stays where it is: the kernel may be writing there. */
static bool vga_answers(const struct adapter *candidate)
{
    adapter = candidate;
    port_write8(adapter->crtc, CRTC_CURSOR_HIGH);
    return port_read8(adapter->crtc) == CRTC_CURSOR_HIGH;
}

static bool adapter_find(void)
{
    uint8_t output = port_read8(MISCELLANEOUS_OUTPUT);

    is_vga = output != NO_VGA;
    if (is_vga) {
        return vga_answers(output & COLOUR_EMULATION ? &colour : &monochrome);
    }
    return crtc_answers(&colour) || crtc_answers(&monochrome);
}

/* ---- Setting it up ---- */

static void set_blinking_off(void)
{
    (void)port_read8(INPUT_STATUS_COLOUR);
    port_write8(ATTRIBUTE_WRITE, ATTRIBUTE_MODE);
    port_write8(ATTRIBUTE_WRITE, port_read8(ATTRIBUTE_READ) & (uint8_t)~MODE_BLINKS);
}

/* Two scan lines, as the BIOS has them: a VGA with high characters leaves the last one free. */
static void set_cursor_shape(void)
{
    uint8_t last = is_vga ? (crtc_read(CRTC_ROW_HEIGHT) & ROW_HEIGHT) : adapter->cursor_last;

    if (is_vga && last > 8) {
        last--;
    }
    cursor_first = last > 0 ? last - 1 : 0;
    crtc_write(CRTC_CURSOR_FIRST, cursor_first);
    crtc_write(CRTC_CURSOR_LAST, last);
}

/* What text mode needs, whoever set it. */
static void set_up(void)
{
    set_cursor_shape();
    if (is_vga && adapter == &colour) {
        set_blinking_off();
    }
}

/* An older adapter has no such register; and who borrows knows none. */
bool screen_shows_graphics(void)
{
    return is_vga && vga_shows_graphics();
}

bool screen_open(struct screen_information *information_out)
{
    uint32_t address;

    if (!adapter_find()) {
        return false;
    }
    MUST(physical_map(adapter->memory, MEMORY_PAGES, 0, &address));
    video = (volatile cell_t *)address;
    if (adapter == &monochrome) {
        *information_out = (struct screen_information){ PALETTE_MONOCHROME, "text screen, 80 by 25, monochrome" };
    } else if (is_vga) {
        *information_out = (struct screen_information){ PALETTE_16, "text screen of a VGA, 80 by 25, 16 colours" };
    } else {
        *information_out = (struct screen_information){ PALETTE_16_8, "text screen of a CGA or EGA, 80 by 25, 16 colours" };
    }
    is_lent = screen_shows_graphics();
    if (!is_lent) {
        set_up();
    }
    return true;
}

/* ---- What others have written ---- */

/* Where in its memory the adapter begins to show it. Those before the VGA do not tell, and the BIOS begins at 0. */
static unsigned start_cell(void)
{
    return is_vga ? crtc_read_cell(CRTC_START_HIGH) : 0;
}

static void read_cells(unsigned start)
{
    for (unsigned row = 0; row < CELL_ROWS; row++) {
        for (unsigned column = 0; column < CELL_COLUMNS; column++) {
            shown.cells[row][column] = video[(start + row * CELL_COLUMNS + column) % MEMORY_CELLS];
        }
    }
}

static void write_cells(void)
{
    for (unsigned row = 0; row < CELL_ROWS; row++) {
        for (unsigned column = 0; column < CELL_COLUMNS; column++) {
            video[row * CELL_COLUMNS + column] = shown.cells[row][column];
        }
    }
}

void screen_take_over(struct terminal *terminal)
{
    if (is_lent) {
        return;
    }
    unsigned start = start_cell();
    unsigned cursor = (crtc_read_cell(CRTC_CURSOR_HIGH) - start) % MEMORY_CELLS;

    read_cells(start);
    if (start != 0) {
        write_cells();
    }
    crtc_write_cell(CRTC_START_HIGH, 0);
    /* A cursor that can stay is not written: the kernel may have moved it since. Elsewhere it is no place at all. */
    bool stays = start == 0 && cursor < CELL_COUNT;
    shown.row = stays ? cursor / CELL_COLUMNS : CELL_ROWS;
    shown.column = cursor % CELL_COLUMNS;
    terminal_take_over(terminal, shown.cells, cursor / CELL_COLUMNS, cursor < CELL_COUNT ? cursor % CELL_COLUMNS : 0);
}

/* A look at the cursor and at the row above it is enough: a line that somebody wrote has moved one of them. */
void screen_resume(struct terminal *terminal)
{
    if (is_lent) {
        return;
    }
    unsigned above = shown.row == 0 ? 0 : shown.row - 1;
    bool same = crtc_read_cell(CRTC_CURSOR_HIGH) == shown.row * CELL_COLUMNS + shown.column;

    for (unsigned column = 0; same && column < CELL_COLUMNS; column++) {
        same = video[above * CELL_COLUMNS + column] == shown.cells[above][column];
    }
    if (!same) {
        screen_take_over(terminal);
    }
}

/* ---- Showing ---- */

static void show_row(const struct terminal *terminal, unsigned row)
{
    for (unsigned column = 0; column < CELL_COLUMNS; column++) {
        cell_t cell = terminal->cells.at[row][column];

        if (shown.cells[row][column] != cell) {
            shown.cells[row][column] = cell;
            video[row * CELL_COLUMNS + column] = cell;
        }
    }
}

static void show_cursor(const struct terminal *terminal)
{
    if (terminal->cursor_is_hidden != shown.cursor_is_hidden) {
        shown.cursor_is_hidden = terminal->cursor_is_hidden;
        crtc_write(CRTC_CURSOR_FIRST, shown.cursor_is_hidden ? CURSOR_HIDDEN : cursor_first);
    }
    if (terminal->now.row != shown.row || terminal->now.column != shown.column) {
        shown.row = terminal->now.row;
        shown.column = terminal->now.column;
        crtc_write_cell(CRTC_CURSOR_HIGH, shown.row * CELL_COLUMNS + shown.column);
    }
}

void screen_show(struct terminal *terminal)
{
    if (is_lent) {
        return;
    }
    for (unsigned row = terminal->cells.changed_first; row <= terminal->cells.changed_last; row++) {
        show_row(terminal, row);
    }
    cells_seen(&terminal->cells);
    show_cursor(terminal);
}

/* ---- Lending ---- */

void screen_lend(void)
{
    if (!is_lent && is_vga && adapter == &colour && !screen_shows_graphics()) {
        text_mode_keep();
    }
    is_lent = true;
}

bool screen_set_text_mode(void)
{
    return adapter == &colour && text_mode_set();
}

bool screen_take_back(struct terminal *terminal)
{
    if (screen_shows_graphics()) {
        return false;
    }
    is_lent = false;
    set_up();
    crtc_write_cell(CRTC_START_HIGH, 0);
    memcpy(shown.cells, terminal->cells.at, sizeof shown.cells);
    write_cells();
    shown.row = CELL_ROWS;       /* the cursor is to be written, wherever it is */
    shown.cursor_is_hidden = false;
    screen_show(terminal);
    return true;
}
