#include "ports.h"

#include <ternion/clock.h>
#include <ternion/system.h>

#include "native.h"
#include "timer.h"

#define SYSTEM_CONTROL 0x61U         /* IBM PC AT Technical Reference, "System Board I/O" */
#define SYSTEM_WRITTEN 0x0FU         /* bits that read as they were written */
#define SYSTEM_REFRESH 0x10U         /* toggles with each refresh of memory */
#define SYSTEM_TIMER 0x20U
#define REFRESH_NS 15085U

/* PCI Local Bus Specification 3.0, section 3.2.2.3.2. */
#define PCI_ADDRESS 0xCF8U
#define PCI_DATA 0xCFCU
#define PCI_ENABLED 0x80000000U
#define PCI_ADDRESS_BITS 0x80FFFFFCU

/* Debug ports of emulators and their BIOSes, and those that do nothing but take time. */
static const uint16_t swallowed[] = { 0x80, 0xE9, 0xED, 0x402 };

static ports_pci_read_t *pci_read;
static uint32_t pci_address;
static uint8_t system_control;
static bool refresh;

/* Whose ports are: asked of the processor once each, and constant as long as the process is a driver. */
#define KNOWN_COUNT 64U
static struct {
    uint16_t port;
    uint8_t width;                   /* 0: nothing is known here */
    bool is_own;
} known[KNOWN_COUNT];

void ports_reset(void)
{
    timer_reset(clock_now());
    pci_address = 0;
    system_control = 0;
}

void ports_set_pci(ports_pci_read_t *function)
{
    pci_read = function;
}

/* ---- Whose is it? ---- */

static bool is_own(uint16_t port, uint32_t width)
{
    uint32_t at = (port ^ port >> 6 ^ width << 4) % KNOWN_COUNT;

    if (known[at].port != port || known[at].width != width) {
        known[at].is_own = native_is_own(port, width);
        known[at].port = port;
        known[at].width = (uint8_t)width;
    }
    return known[at].is_own;
}

static bool is_timer(uint16_t port)
{
    return port >= TIMER_FIRST && port <= TIMER_LAST;
}

static bool is_pci_data(uint16_t port, uint32_t width)
{
    return port >= PCI_DATA && port + width <= PCI_DATA + 4;
}

static bool is_emulated(uint16_t port, uint32_t width)
{
    return (width == 1 && (is_timer(port) || port == SYSTEM_CONTROL)) || (width == 4 && port == PCI_ADDRESS) || is_pci_data(port, width);
}

enum bios_port ports_kind(uint16_t port, uint32_t width)
{
    if (is_own(port, width)) {
        return BIOS_PORT_OWN;
    }
    if (is_emulated(port, width)) {
        return BIOS_PORT_EMULATED;
    }
    for (uint32_t i = 0; i < sizeof swallowed / sizeof swallowed[0]; i++) {
        if (swallowed[i] == port) {
            return BIOS_PORT_SWALLOWED;
        }
    }
    return BIOS_PORT_REFUSED;
}

/* ---- What the library answers ---- */

static uint32_t ones(uint32_t width)
{
    return width == 4 ? UINT32_MAX : (1U << width * 8) - 1;
}

/* Delays are measured by it: it goes by the clock, or, where that goes in ticks alone, by the looks at it. */
static uint8_t system_control_read(nanoseconds_t now_ns)
{
    bool has_fine_clock = system_page()->tsc_multiplier != 0;

    refresh = has_fine_clock ? now_ns / REFRESH_NS % 2 != 0 : !refresh;
    return (uint8_t)(system_control | (refresh ? SYSTEM_REFRESH : 0) | (timer_output(now_ns) != 0 ? SYSTEM_TIMER : 0));
}

static uint32_t pci_data_read(uint16_t port, uint32_t width)
{
    uint32_t bus = pci_address >> 16 & 0xFF;
    uint32_t offset = (pci_address & 0xFC) + (port - PCI_DATA);
    uint32_t value;

    if ((pci_address & PCI_ENABLED) == 0 || pci_read == NULL
        || !pci_read(bus, pci_address >> 11 & 0x1F, pci_address >> 8 & 7, offset, width, &value)) {
        return ones(width);
    }
    return value & ones(width);
}

static uint32_t emulated_read(uint16_t port, uint32_t width)
{
    nanoseconds_t now_ns = clock_now();

    if (is_timer(port)) {
        return timer_read(port, now_ns);
    }
    if (port == SYSTEM_CONTROL) {
        return system_control_read(now_ns);
    }
    if (port == PCI_ADDRESS) {
        return pci_read == NULL ? ones(width) : pci_address;     /* nobody keeps it where there is no bus */
    }
    return pci_data_read(port, width);
}

/* False: that must not be. */
static bool emulated_write(uint16_t port, uint32_t value)
{
    if (is_timer(port)) {
        timer_write(port, (uint8_t)value, clock_now());
    } else if (port == SYSTEM_CONTROL) {
        system_control = value & SYSTEM_WRITTEN;
    } else if (port == PCI_ADDRESS) {
        pci_address = value & PCI_ADDRESS_BITS;
    } else {
        return false;                /* configuration would move devices under their drivers */
    }
    return true;
}

/* ---- Accesses ---- */

uint32_t ports_read(uint16_t port, uint32_t width, enum bios_port *kind_out)
{
    uint32_t value = ones(width);

    *kind_out = ports_kind(port, width);
    if (*kind_out == BIOS_PORT_OWN) {
        value = native_read(port, width);
    } else if (*kind_out == BIOS_PORT_EMULATED) {
        value = emulated_read(port, width);
    }
    return value & ones(width);
}

void ports_write(uint16_t port, uint32_t width, uint32_t value, enum bios_port *kind_out)
{
    *kind_out = ports_kind(port, width);
    if (*kind_out == BIOS_PORT_OWN) {
        native_write(port, width, value & ones(width));
    } else if (*kind_out == BIOS_PORT_EMULATED && !emulated_write(port, value)) {
        *kind_out = BIOS_PORT_REFUSED;
    }
}
