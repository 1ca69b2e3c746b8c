/*
 * What d\console has around it: a VGA with registers, cells, plane 2 and a ROM, and what the kernel and d\init say. For the tests of the screen that is
 * lent.
 */
#pragma once

#include <abi/grant.h>
#include <abi/status.h>
#include <ternion/vga.h>

#include "drivers/console/cells.h"

#define ADAPTER_CELLS 0x4000U            /* B8000h to BFFFFh */
#define ADAPTER_ROM 0x10000U

struct text_adapter {
    cell_t cells[ADAPTER_CELLS];
    uint8_t plane2[0x10000];             /* what is at A0000h where that is looked at */
    uint8_t rom[ADAPTER_ROM];
    uint8_t colours[256][3];
    uint8_t attributes[32], crtc[32], graphics[16], sequencer[8], miscellaneous;
    bool has_dispi, dispi_is_on;         /* graphics, whatever the registers of a VGA say */
    bool is_deaf;                        /* graphics, whatever is written anywhere */
    bool memory_is_granted;
    uint32_t accesses;                   /* to ports */

    process_id_t watched;                /* 0: nobody */
    uint32_t asker_role;                 /* of whoever asks */
    uint32_t supervised_state;           /* of d\borrower; SUPERVISED_STATE_COUNT: d\init does not know it */
    nanoseconds_t now_ns;
    nanoseconds_t timer_ns, timer_period_ns;     /* when it is due; FOREVER: not at all */
    char log[2048];                      /* all lines */
    uint32_t lines;
};

extern struct text_adapter world;

/* As the BIOS and the boot loader leave it: text, with a font of its own. */
void world_begin(void);
void world_text_mode(void);

/* As a driver of a display leaves it: nothing is there of text any more. */
void world_graphics_mode(void);

/* Is it seen to be text? */
bool world_shows_text(void);

/* A font in plane 2, and one in the ROM: byte i of a character is another in each. */
uint8_t world_glyph(uint32_t character, uint32_t line);
uint8_t world_rom_glyph(uint32_t character, uint32_t line);
void world_add_rom(uint32_t font_at);
