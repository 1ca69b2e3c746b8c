#include "text_mode.h"

#include <ternion/string.h>
#include <ternion/svga.h>
#include <ternion/syscall.h>
#include <ternion/vga.h>

#include "rom_font.h"

#define MEMORY_FIRST 0xA0000U        /* where plane 2 is reached, with the font */
#define MEMORY_PAGES 16U
#define ROM_FIRST 0xC0000U           /* of a VGA's BIOS, wherever the adapter is */
#define ROM_PAGES 16U
#define ROM_BLOCK 512U               /* its size is told in these: Plug and Play BIOS Specification 1.0A, section 3.1 */

static struct vga_text text;
static bool is_kept;

/* NULL: it is not in the grant. */
static uint8_t *memory_open(void)
{
    static uint32_t address;

    if (address == 0 && physical_map(MEMORY_FIRST, MEMORY_PAGES, 0, &address) != OK) {
        return NULL;
    }
    return (uint8_t *)address;
}

void text_mode_keep(void)
{
    if (!is_kept && memory_open() != NULL) {
        vga_keep_text(memory_open(), &text);
        is_kept = true;
    }
}

/* In the ROM of the adapter's BIOS; NULL: there is none, or it is not in the grant. */
static const uint8_t *find_font(void)
{
    uint32_t address;

    if (physical_map(ROM_FIRST, ROM_PAGES, PHYSICAL_READ_ONLY, &address) != OK) {
        return NULL;
    }
    const uint8_t *rom = (const uint8_t *)address;
    uint32_t size = rom[2] * ROM_BLOCK;
    if (rom[0] != 0x55 || rom[1] != 0xAA) {
        return NULL;
    }
    return rom_font_find(rom, size < ROM_PAGES * PAGE_SIZE ? size : ROM_PAGES * PAGE_SIZE);
}

static void put_font(const uint8_t *font)
{
    memset(text.font, 0, sizeof text.font);
    for (uint32_t character = 0; character < ROM_FONT_CHARACTERS; character++) {
        memcpy(&text.font[character * VGA_FONT_LINES], font + character * ROM_FONT_LINES, ROM_FONT_LINES);
    }
}

bool text_mode_set(void)
{
    uint8_t *memory = memory_open();
    const uint8_t *font = is_kept || memory == NULL ? NULL : find_font();

    if (memory == NULL || (!is_kept && font == NULL)) {
        return false;
    }
    (void)svga_switch_off();
    vga_set_mode(VGA_TEXT);
    if (!is_kept) {
        vga_keep_text(memory, &text);            /* for its colours, which are the mode's own */
        put_font(font);
        is_kept = true;
    }
    vga_restore_text(memory, &text);
    return true;
}
