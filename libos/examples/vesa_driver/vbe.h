/* What the BIOS is asked, by INT 10h with AH = 4Fh, and the modes that come of it: of 15 to 32 bits, with a framebuffer or a window. */
#pragma once

#include <ternion/display.h>
#include <ternion/vbe.h>
#include <ternion/vm86.h>

#define WINDOW_FIRST 0xA0000U            /* where windows can be: 128 KB */
#define WINDOW_SIZE 0x20000U
#define MODES_MAX DISPLAY_MODES_MAX

/* What clients are not told of a mode. */
struct place {
    physical_t frame;                    /* 0: there is none, pixels go through the window */
    physical_t window;
    uint32_t granularity;                /* bytes: in such steps the window moves */
};

extern struct display_mode modes[MODES_MAX];
extern struct place places[MODES_MAX];   /* modes[i] has places[i] */
extern uint32_t mode_count;
extern uint16_t preferred;

/* One call; what went wrong is in the log. FAULT: the BIOS failed, or did not come back. */
[[nodiscard]] status_t vbe_call(struct bios_registers *registers);

/* Fills in the above. ABSENT: there is no VBE BIOS. */
[[nodiscard]] status_t vbe_ask_for_modes(void);
