/*
 * A VGA by its registers: what no BIOS needs to be asked for, and all of it where there is no BIOS. For colour adapters.
 * IBM PS/2 Hardware Interface Technical Reference, "Video Subsystem". One thread. `memory` is that at A0000h, 64 KB, mapped.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define VGA_COLOURS 256U
#define VGA_FONT_SIZE 8192U          /* bytes of plane 2: 256 characters of 32 lines */
#define VGA_FONT_LINES 32U

/* Is there an adapter with these registers? */
bool vga_is_there(void);

/* Does it show graphics now, and no text? */
bool vga_shows_graphics(void);

/* The modes 3, 12h and 13h, as the BIOS sets them: registers and colours, without fonts; memory stays as it is. */
enum vga_mode {
    VGA_TEXT,
    VGA_640_480_16,
    VGA_320_200_256,
};
void vga_set_mode(enum vga_mode mode);

/* What belongs to a text mode and goes with the next graphics mode. */
struct vga_text {
    uint8_t font[VGA_FONT_SIZE];
    uint8_t colours[VGA_COLOURS][3]; /* red, green, blue; 6 bits each */
    uint8_t palette[16];             /* of the attribute controller: colours of attributes */
};

/* In text mode only; the screen flickers. */
void vga_keep_text(volatile uint8_t *memory, struct vga_text *text_out);
void vga_restore_text(volatile uint8_t *memory, const struct vga_text *text);

/* Modes with 16 colours: pixel n has colour n of the DAC, and bytes that are written go to the chosen planes as they are. */
void vga_prepare_planes(void);
void vga_choose_planes(uint8_t planes);

/* Do the planes hold what is written to them? They are as before afterwards. */
bool vga_planes_work(volatile uint8_t *memory);

/* The DAC's colours from `first` on, three bytes each: red, green, blue, with as many bits as it has. */
void vga_write_colours(uint32_t first, uint32_t count, const uint8_t (*colours)[3]);

/* Is the beam between two pictures? */
bool vga_is_in_retrace(void);
