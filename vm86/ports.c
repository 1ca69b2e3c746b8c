#include "ports.h"

#include <ternion/clock.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "native.h"
#include "timer.h"

#define SYSTEM_CONTROL 0x61U         /* IBM PC AT Technical Reference, "System Board I/O" */
#define SYSTEM_WRITTEN 0x0FU         /* bits that read as they were written */
#define SYSTEM_REFRESH 0x10U         /* toggles with each refresh of memory */
#define SYSTEM_TIMER 0x20U
#define REFRESH_COUNTS 18U           /* of the timer: its counter 1 did that */

/* PCI Local Bus Specification 3.0, section 3.2.2.3.2. */
#define PCI_ADDRESS PORTS_PCI_FIRST
#define PCI_DATA 0xCFCU
#define PCI_ENABLED 0x80000000U
#define PCI_ADDRESS_BITS 0x80FFFFFCU

/* Debug ports of emulators and their BIOSes, and those that do nothing but take time. */
static const uint16_t swallowed[] = { 0x80, 0xE9, 0xED, 0x402 };

static ports_pci_read_t *pci_read;
static uint32_t pci_address;
static uint8_t system_control;
static bool refresh;

uint32_t ports_plain[MONITOR_PLAIN_PORTS];

/*
 * What kinds ports are of, each at its place: port << 16 | width << 8 | enum bios_port; 0: of none is anything known here. The processor is asked
 * for each once, as that is constant as long as the process is a driver.
 */
#define KNOWN_COUNT 256U             /* a power of two */
static uint32_t known[KNOWN_COUNT];

void ports_reset(void)
{
    timer_reset(clock_now());
    pci_address = 0;
    system_control = 0;
    memset(ports_plain, 0, sizeof ports_plain);
}

void ports_set_pci(ports_pci_read_t *function)
{
    pci_read = function;
}

/* ---- Whose is it? ---- */

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

[[gnu::noinline]] static enum bios_port find_kind(uint16_t port, uint32_t width)
{
    if (native_is_own(port, width)) {
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

/* One look at memory for a port that is asked for again and again. */
static inline enum bios_port kind_of(uint16_t port, uint32_t width)
{
    uint32_t key = (uint32_t)port << 16 | width << 8;
    uint32_t *place = &known[(port ^ port >> 8) % KNOWN_COUNT];
    uint32_t kind = *place ^ key;

    if (kind > BIOS_PORT_REFUSED) {
        kind = find_kind(port, width);
        *place = key | kind;
    }
    return (enum bios_port)kind;
}

enum bios_port ports_kind(uint16_t port, uint32_t width)
{
    return kind_of(port, width);
}

/* ---- What the library answers ---- */

static uint32_t ones(uint32_t width)
{
    return width == 4 ? UINT32_MAX : (1U << width * 8) - 1;
}

/* Delays are measured by it: it goes by the clock, or, where that goes in ticks alone, by the looks at it. */
static uint8_t system_control_read(uint32_t now)
{
    bool has_fine_clock = system_page()->tsc_multiplier != 0;

    refresh = has_fine_clock ? now / REFRESH_COUNTS % 2 != 0 : !refresh;
    return (uint8_t)(system_control | (refresh ? SYSTEM_REFRESH : 0) | (timer_output(now) ? SYSTEM_TIMER : 0));
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
    if (port == SYSTEM_CONTROL) {
        return system_control_read(timer_counts(clock_now()));
    }
    if (is_timer(port)) {
        return timer_read(port, timer_counts(clock_now()));
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
        timer_write(port, (uint8_t)value, timer_counts(clock_now()));
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

static void keep_plain(uint16_t port, uint32_t width, enum bios_port kind)
{
    static const enum monitor_plain plain[] = {
        [BIOS_PORT_OWN] = MONITOR_OWN, [BIOS_PORT_SWALLOWED] = MONITOR_QUIET, [BIOS_PORT_REFUSED] = MONITOR_QUIET_REFUSED,
    };

    ports_plain[monitor_plain_place(port)] = MONITOR_PLAIN_PORT(port, width, plain[kind]);
}

uint32_t ports_read(uint16_t port, uint32_t width, enum bios_port *kind_out)
{
    enum bios_port kind = kind_of(port, width);

    *kind_out = kind;
    if (kind == BIOS_PORT_EMULATED) {
        return emulated_read(port, width) & ones(width);
    }
    keep_plain(port, width, kind);
    return kind == BIOS_PORT_OWN ? native_read(port, width) & ones(width) : ones(width);
}

void ports_write(uint16_t port, uint32_t width, uint32_t value, enum bios_port *kind_out)
{
    enum bios_port kind = kind_of(port, width);

    *kind_out = kind;
    if (kind == BIOS_PORT_EMULATED) {
        *kind_out = emulated_write(port, value) ? kind : BIOS_PORT_REFUSED;
        return;
    }
    keep_plain(port, width, kind);
    if (kind == BIOS_PORT_OWN) {
        native_write(port, width, value & ones(width));
    }
}
