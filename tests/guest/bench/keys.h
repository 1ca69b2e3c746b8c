/* How long a key takes from the keyboard to the screen. */
#pragma once

void report_key_to_screen(void);
