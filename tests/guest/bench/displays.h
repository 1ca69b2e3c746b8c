/* A display, as its client has it. */
#pragma once

/* display_set_seabios, blit_ratio. The screen is text again. */
void report_display(void);
