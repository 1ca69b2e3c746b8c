#include "modes.h"

#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/string.h>
#include <ternion/syscall_table.h>
#include <ternion/vm86.h>

#include "adapter.h"
#include "bus.h"

#define ASK_NS (15 * SECOND)             /* of all modes together: a client waits for it */

static struct mode modes[MODES_MAX];
static uint32_t count;
static uint32_t preferred;               /* index */
static bool was_asked, no_linear, is_reporting;
static uint8_t edid[EDID_SIZE];
static struct edid monitor;
static bool has_edid;

void modes_open(bool without_linear, bool report)
{
    no_linear = without_linear;
    is_reporting = report;
    if (report) {
        (void)modes_count();
    }
}

/* ---- What the BIOS says ---- */

static const char *refuse_frame(physical_t first, uint32_t size)
{
    (void)first;
    (void)size;
    return "the arguments say no-linear";
}

static void report_refused(uint16_t number, const char *what, const char *why)
{
    if (is_reporting && why != NULL) {
        log_print(LOG_INFORMATION, "mode %03Xh: no %s: %s", number, what, why);
    }
}

/* A linear framebuffer that is refused is told once, with its first mode: it is the adapter's, not the mode's. */
static void tell_no_linear(const char *why)
{
    static bool is_told;

    if (why != NULL && !no_linear && !is_told) {
        is_told = true;
        log_print(LOG_WARNING, "no linear framebuffer, so banks: %s", why);
    }
}

/* BIOSes with modes of so many bits that cannot be used, whatever they say of them: by the beginning of their name. */
static const struct {
    const char *name;
    uint8_t bits;
    const char *why;
} flaws[] = {
    { "SeaBIOS VBE", 4, "QEMU's adapters keep nothing that is written to planes in VBE's modes" },
};

/* NULL: none that is known. */
static const char *flaw_of(const struct mode *mode)
{
    const char *name = adapter_controller()->name;

    for (uint32_t i = 0; i < sizeof flaws / sizeof flaws[0]; i++) {
        if (flaws[i].bits == mode->shown.bits && strncmp(name, flaws[i].name, strlen(flaws[i].name)) == 0) {
            return flaws[i].why;
        }
    }
    return NULL;
}

/* False: the BIOS did not come back, and is asked for no more. */
static bool read_mode(uint16_t number, const struct mode_limits *limits)
{
    struct vbe_mode_block block;
    const char *no_frame = NULL;

    status_t status = vbe_mode(number, &block);
    if (status != OK) {
        report_refused(number, "mode", vbe_problem());
        return status != TIMED_OUT;
    }
    const char *problem = mode_from_block(number, &block, limits, &modes[count], &no_frame);
    if (problem == NULL) {
        problem = flaw_of(&modes[count]);
    }
    if (problem == NULL) {
        count++;
        tell_no_linear(no_frame);
    }
    report_refused(number, "mode", problem);
    report_refused(number, "framebuffer", no_frame);
    return true;
}

static void read_modes(const struct vbe_controller *controller)
{
    nanoseconds_t end_ns = clock_after(ASK_NS);
    const struct mode_limits limits = {
        .version = controller->version, .memory = controller->memory, .frame_problem = no_linear ? refuse_frame : bus_frame_problem,
    };

    for (uint32_t i = 0; i < controller->mode_count && count < MODES_MAX - MODE_VGA_COUNT; i++) {
        if (clock_now() > end_ns) {
            log_print(LOG_ERROR, "the BIOS is slow when it is asked for modes: %u of %u are known", i, controller->mode_count);
            break;
        }
        if (!read_mode(controller->modes[i], &limits)) {
            log_print(LOG_ERROR, "the BIOS hangs when it is asked for modes: %s", vbe_problem());
            break;
        }
    }
}

static void read_edid(void)
{
    status_t status = vbe_edid(edid);

    has_edid = status == OK && edid_read(edid, &monitor);
    if (is_reporting && !has_edid) {
        log_print(LOG_INFORMATION, "no EDID: %s", status == OK ? "what the BIOS gives is none" : vbe_problem());
    }
}

static void report_cost(void)
{
    struct bios_cost cost = bios_all_cost();

    log_print(LOG_INFORMATION, "so far the BIOS took %u clock ticks, %u traps, %u of them for ports, of which %u were refused; INT within it: %u",
              cost.ticks, cost.traps, cost.ports, cost.refused, cost.interrupts);
}

static void report(const struct vbe_controller *controller)
{
    uint16_t size;

    log_print(LOG_INFORMATION, "VBE %x.%02x, %u KB, capabilities %x, %s list of %u numbers", controller->version >> 8, controller->version & 0xFF,
              controller->memory / 1024, controller->capabilities, controller->has_list ? "its" : "the standard's", controller->mode_count);
    if (has_edid) {
        log_print(LOG_INFORMATION, "the monitor prefers %u by %u, and has %u by %u mm", monitor.width, monitor.height, monitor.width_mm, monitor.height_mm);
    }
    if (vbe_protected_mode(&size) == OK) {
        log_print(LOG_INFORMATION, "%u bytes for protected mode, which are not used", size);
    }
    report_cost();
}

static void ask(void)
{
    const struct vbe_controller *controller = adapter_controller();

    was_asked = true;
    if (controller != NULL) {
        read_modes(controller);
        if (is_reporting) {
            report_cost();
        }
        read_edid();
        if (is_reporting) {
            report(controller);
        }
    }
    for (uint32_t i = 0; i < MODE_VGA_COUNT; i++) {
        modes[count++] = mode_vga[i];
    }
    preferred = mode_preferred(modes, count, monitor.width, monitor.height);
    modes[preferred].shown.flags |= DISPLAY_PREFERRED;
}

/* ---- Answers ---- */

uint32_t modes_count(void)
{
    if (!was_asked) {
        ask();
    }
    return count;
}

const struct mode *modes_at(uint32_t index)
{
    return index < modes_count() ? &modes[index] : NULL;
}

const struct mode *modes_find(uint32_t number)
{
    for (uint32_t i = 0; i < modes_count(); i++) {
        if (modes[i].shown.mode == number) {
            return &modes[i];
        }
    }
    return NULL;
}

uint16_t modes_preferred(void)
{
    (void)modes_count();
    return modes[preferred].shown.mode;
}

const uint8_t *modes_edid(void)
{
    (void)modes_count();
    return has_edid ? edid : NULL;
}

const struct edid *modes_monitor(void)
{
    (void)modes_count();
    return has_edid ? &monitor : NULL;
}

void modes_forget_start(void)
{
    for (uint32_t i = 0; i < count; i++) {
        modes[i].shown.flags &= (uint16_t)~DISPLAY_START;
        modes[i].shown.lines = modes[i].shown.height;
    }
}
