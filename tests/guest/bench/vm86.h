/* VM86 mode and the VESA BIOS. */
#pragma once

/* vm86_trap, vesa_mode_set_seabios, vesa_mode_set_traps_seabios. The screen is text again. */
void report_vm86(void);

/* display_set_seabios, blit_ratio. */
void report_display(void);
