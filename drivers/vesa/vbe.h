/*
 * VBE: what a video BIOS is asked, by INT 10h with AH = 4Fh. VESA BIOS Extension Core Functions Standard 3.0, section 4; EDID: VESA
 * BIOS Extensions/Display Data Channel Standard 1.1. Between bios_open and bios_close; one thread.
 *
 * Statuses: OK: the BIOS says that it is done (AX = 004Fh). BAD_OPERATION: it does not know the call, or not in this mode. FAULT: it
 * failed, or went wrong; TIMED_OUT, DEADLOCK: it did not come back. vbe_problem has the words. Nothing that it answers is believed: sizes and
 * pointers are checked, numbers are the caller's to judge.
 */
#pragma once

#include <abi/status.h>
#include <ternion/vbe.h>

#include <stdbool.h>

#include "edid.h"

#define VBE_TEXT_SIZE 64U
#define VBE_MODES_MAX 256U

struct vbe_controller {
    uint16_t version;                /* BCD */
    uint32_t memory;                 /* bytes; 0: it does not say */
    uint32_t capabilities;           /* VBE_… of ternion/vbe.h */
    char name[VBE_TEXT_SIZE];        /* what the BIOS calls itself, printable; "" if nothing */
    uint16_t modes[VBE_MODES_MAX];   /* numbers, each once, without those of a plain VGA */
    uint32_t mode_count;
    bool has_list;                   /* false: the BIOS named no mode, and these are the standard's, which it may or may not know */
};

/* What went wrong in the last call, with its number, as "4F02: the BIOS answered 014F". Never NULL. */
const char *vbe_problem(void);

/*
 * A call was cut off since the last mode set: all others but a mode set say TIMED_OUT at once, so that a BIOS hangs once in a mode. Modes that are set without
 * VBE begin with vbe_try_again.
 */
bool vbe_hangs(void);
void vbe_try_again(void);

/* 4F00. BAD_OPERATION: there is no VBE BIOS. */
[[nodiscard]] status_t vbe_controller(struct vbe_controller *controller_out);

/* 4F01. What the BIOS leaves out is 0. */
[[nodiscard]] status_t vbe_mode(uint16_t mode, struct vbe_mode_block *block_out);

/* 4F02. flags: VBE_SET_… */
[[nodiscard]] status_t vbe_set_mode(uint16_t mode, uint16_t flags);

/* 4F03. The number without flags. */
[[nodiscard]] status_t vbe_current_mode(uint16_t *mode_out);

/*
 * 4F04: the state of hardware, BIOS data, DAC and registers, to be restored later.
 * vbe_save_state keeps it in the first megabyte, at its first success; NO_MEMORY: it is too large. vbe_restore_state: NOT_FOUND: none is kept.
 */
[[nodiscard]] status_t vbe_save_state(void);
[[nodiscard]] status_t vbe_restore_state(void);

/*
 * 4F05: window A (0) or B (1) shows memory from `position` on, counted in the mode's granularity. With vbe_window_function, that is
 * called (0: 4F05 itself is), which says nothing about success.
 */
[[nodiscard]] status_t vbe_set_window(uint8_t window, uint16_t position, uint32_t window_function);
[[nodiscard]] status_t vbe_get_window(uint8_t window, uint16_t *position_out);

/* 4F06: the pitch of the mode that is set, bytes. */
[[nodiscard]] status_t vbe_pitch(uint16_t *pitch_out);

/* 4F07: the screen begins with this line. */
[[nodiscard]] status_t vbe_set_start(uint16_t line);

/* 4F08: bits of a colour in the DAC; *bits is what is wanted, and what it is then. */
[[nodiscard]] status_t vbe_set_dac_bits(uint8_t *bits);

/* 4F09: colours, four bytes each: blue, green, red, 0, as many bits each as the DAC has. For controllers that have no DAC of a VGA. */
[[nodiscard]] status_t vbe_set_palette(uint16_t first, uint16_t count, const uint8_t *colours);

/* 4F0A: how many bytes of code there are for protected mode. */
[[nodiscard]] status_t vbe_protected_mode(uint16_t *size_out);

/* 4F15: the first block of the monitor's EDID, unchecked. */
[[nodiscard]] status_t vbe_edid(uint8_t edid_out[EDID_SIZE]);

/* No VBE: INT 10h, AX = 1130h, a font. which: BH. Statuses: also those of bios_read. */
[[nodiscard]] status_t vbe_font(uint8_t which, uint8_t *font_out, uint32_t size);
