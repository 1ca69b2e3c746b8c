/* A display, as its client has it. */
#pragma once

/* vesa_mode_set_seabios, display_set_seabios, display_release_seabios, display_change_seabios, blit_ratio. The screen is text again. */
void report_display(void);
