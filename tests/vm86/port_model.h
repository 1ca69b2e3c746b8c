/* The ports that cases.asm touches, as PCs have them. Everything else reads as all ones, and takes all that is written. */
#pragma once

#include <stdint.h>

struct port_model {
    uint8_t scratch;                 /* 3FFh */
    uint8_t crtc_index, crtc_cursor; /* 3D4h, 3D5h; of the registers behind the index there is one, 0Fh */
    uint32_t pci;                    /* CF8h */
    uint8_t dac[768];
    uint32_t dac_read, dac_write;    /* the next byte */
};

uint32_t port_model_read(struct port_model *model, uint16_t port, uint32_t width);
void port_model_write(struct port_model *model, uint16_t port, uint32_t width, uint32_t value);
