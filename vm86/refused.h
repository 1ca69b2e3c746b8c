/* Ports that were refused, for who tells of them. */
#pragma once

#include <ternion/vm86.h>

void refused_forget(void);

/* A port was refused: what is known of already is told no more. */
void refused_note(uint16_t port, uint32_t width, bool is_read);

/* The next that was not told of. False: there is none. */
bool refused_next(struct bios_refused *refused_out);
