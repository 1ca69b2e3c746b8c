#include <ternion/svga.h>

#include <ternion/port.h>

/* ---- DISPI: the source of Bochs, iodev/display/vga.h ---- */

#define DISPI_INDEX 0x1CEU           /* words both: an ATI adapter's bytes there have no register 0, which is all that it would see of this */
#define DISPI_DATA 0x1CFU

#define DISPI_ID 0U
#define DISPI_ID_FIRST 0xB0C0U       /* version 0 */
#define DISPI_ID_LAST 0xB0CFU
#define DISPI_ENABLE 4U

static bool dispi_switch_off(void)
{
    port_write16(DISPI_INDEX, DISPI_ID);
    uint16_t id = port_read16(DISPI_DATA);
    if (id < DISPI_ID_FIRST || id > DISPI_ID_LAST) {
        return false;
    }
    port_write16(DISPI_INDEX, DISPI_ENABLE);
    port_write16(DISPI_DATA, 0);
    return true;
}

/* ---- Cirrus Logic: CL-GD5446 Technical Reference Manual, section 9 ---- */

#define SEQUENCER 0x3C4              /* index, data behind it */
#define GRAPHICS 0x3CE
#define CRTC 0x3D4
#define HIDDEN_DAC 0x3C6             /* reached where it has been read four times */

#define CIRRUS_KEY 6
#define CIRRUS_LOCKED 0x0FU          /* that is read there unless the key was written last */
#define CIRRUS_UNLOCK 0x12U

#define CIRRUS_MODE 7
#define CIRRUS_PACKED 0x01U          /* pixels are no VGA's */

/* Zeroes in all of them are a VGA. */
static const struct {
    uint16_t port;
    uint8_t index;
} cirrus_extensions[] = {
    { SEQUENCER, CIRRUS_MODE },
    { GRAPHICS, 0x09 }, { GRAPHICS, 0x0A }, { GRAPHICS, 0x0B },      /* banks */
    { CRTC, 0x1A }, { CRTC, 0x1B }, { CRTC, 0x1D },                  /* interlacing, upper bits of start and pitch */
};

static uint8_t indexed_read(uint16_t port, uint8_t index)
{
    port_write8(port, index);
    return port_read8((uint16_t)(port + 1));
}

static void indexed_write(uint16_t port, uint8_t index, uint8_t value)
{
    port_write8(port, index);
    port_write8((uint16_t)(port + 1), value);
}

/* Another adapter may have a register there, which answers what was written: it gets its value back. */
static bool cirrus_unlock(void)
{
    uint8_t kept = indexed_read(SEQUENCER, CIRRUS_KEY);

    indexed_write(SEQUENCER, CIRRUS_KEY, 0);
    if (indexed_read(SEQUENCER, CIRRUS_KEY) == CIRRUS_LOCKED) {
        indexed_write(SEQUENCER, CIRRUS_KEY, CIRRUS_UNLOCK);
        if (indexed_read(SEQUENCER, CIRRUS_KEY) == CIRRUS_UNLOCK) {
            return true;
        }
    }
    indexed_write(SEQUENCER, CIRRUS_KEY, kept);
    return false;
}

static void hidden_dac_write(uint8_t value)
{
    for (uint32_t i = 0; i < 4; i++) {
        (void)port_read8(HIDDEN_DAC);
    }
    port_write8(HIDDEN_DAC, value);
}

static bool cirrus_switch_off(void)
{
    if (!cirrus_unlock()) {
        return false;
    }
    if ((indexed_read(SEQUENCER, CIRRUS_MODE) & CIRRUS_PACKED) == 0) {
        return true;                 /* it is a VGA, as its BIOS has set it */
    }
    for (uint32_t i = 0; i < sizeof cirrus_extensions / sizeof cirrus_extensions[0]; i++) {
        indexed_write(cirrus_extensions[i].port, cirrus_extensions[i].index, 0);
    }
    hidden_dac_write(0);
    return true;
}

bool svga_switch_off(void)
{
    return dispi_switch_off() || cirrus_switch_off();
}
