/* The PC's speaker: the timer's channel 2 through a gate. One thread only. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Is there one that lets itself be switched off? It is silent after that. */
bool speaker_open(void);

/* Sounds until it is told otherwise; hertz: TONE_HERTZ_MIN to TONE_HERTZ_MAX, or 0: silence. */
void speaker_sound(uint32_t hertz);
