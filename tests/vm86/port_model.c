#include "port_model.h"

#define SCRATCH 0x3FFU
#define CRTC_INDEX 0x3D4U
#define CRTC_DATA 0x3D5U
#define CRTC_CURSOR 0x0FU
#define PCI_ADDRESS 0xCF8U
#define DAC_READ 0x3C7U
#define DAC_WRITE 0x3C8U
#define DAC_DATA 0x3C9U
#define DAC_MASK 0x3FU               /* six bits a colour */

static uint8_t byte_read(struct port_model *model, uint16_t port)
{
    switch (port) {
    case SCRATCH:
        return model->scratch;
    case CRTC_INDEX:
        return model->crtc_index;
    case CRTC_DATA:
        return model->crtc_index == CRTC_CURSOR ? model->crtc_cursor : 0;
    case DAC_DATA:
        return model->dac[model->dac_read++ % sizeof model->dac];
    }
    return UINT8_MAX;
}

static void byte_write(struct port_model *model, uint16_t port, uint8_t value)
{
    switch (port) {
    case SCRATCH:
        model->scratch = value;
        break;
    case CRTC_INDEX:
        model->crtc_index = value;
        break;
    case CRTC_DATA:
        model->crtc_cursor = model->crtc_index == CRTC_CURSOR ? value : model->crtc_cursor;
        break;
    case DAC_READ:
        model->dac_read = value * 3U;
        break;
    case DAC_WRITE:
        model->dac_write = value * 3U;
        break;
    case DAC_DATA:
        model->dac[model->dac_write++ % sizeof model->dac] = value & DAC_MASK;
        break;
    }
}

uint32_t port_model_read(struct port_model *model, uint16_t port, uint32_t width)
{
    uint32_t value = 0;

    if (port == PCI_ADDRESS && width == 4) {
        return model->pci;
    }
    for (uint32_t i = 0; i < width; i++) {
        value |= (uint32_t)byte_read(model, (uint16_t)(port + i)) << i * 8;
    }
    return value;
}

void port_model_write(struct port_model *model, uint16_t port, uint32_t width, uint32_t value)
{
    if (port == PCI_ADDRESS && width == 4) {
        model->pci = value;
        return;
    }
    for (uint32_t i = 0; i < width; i++) {
        byte_write(model, (uint16_t)(port + i), (uint8_t)(value >> i * 8));
    }
}
