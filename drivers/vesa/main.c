/*
 * d\vesa: the screen in graphics modes, by the machine's own VESA BIOS; the device screens\display\0. Its protocol stands in ternion/display.h.
 *
 *     adapter   sets modes          vbe  asks the BIOS      bus  where framebuffers may be
 *     modes     knows all of them   mode  makes one of what the BIOS says            edid  the monitor
 *     screen    text or a mode      shadow, banks, planes  for modes without a linear framebuffer
 *     retrace   when a picture ends
 *     service   who has it          lending  the text screen's driver                panic_text  the kernel's last words
 *
 * docs/display.md tells of its arguments.
 */
#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>
#include <ternion/vm86.h>

#include "adapter.h"
#include "bus.h"
#include "lending.h"
#include "modes.h"
#include "options.h"
#include "screen.h"
#include "service.h"

#define DEVICE_NAME "screens\\display\\0"
#define LENT_LOOK_NS (500 * MILLISECOND)

/*
 * For each PCI display adapter with the registers of a VGA d\pci has a process of this started, which gets the ports and the memory of that
 * function beside these. The framebuffer at E0000000h is that of adapters on the ISA bus.
 */
MANIFEST_PCI(
    PCI_MATCHES({ .class = 0x03, .subclass = 0x00, .interface = 0x00, .is_used = 1 }),
    .role = ROLE_DISPLAY,
    .partners = PARTNERS_ALL,
    .rights = RIGHT_VM86,
    .ports = {
        { 0x1CE, 0x1D0 },            /* DISPI: Bochs, QEMU; ATI's extended registers. Words at 1CF are 1D0, too */
        { 0x3B0, 0x3DF },            /* MDA, CGA, EGA, VGA, and what SVGA chips have between them */
    },
    .memory = {
        { 0x0, 0xFFF },              /* the BIOS's data, for the argument shared-data */
        { 0xA0000, 0xFFFFF },        /* video memory, ROM */
        { 0xE0000000, 0xE0FFFFFF },
    },
);

static void take(const struct event *event)
{
    switch (event->kind) {
    case EVENT_PROCESS_EXITED:
        service_forget(event->id);
        break;
    case EVENT_DEVICES:
        if (!lending_look_again()) {
            log_print(LOG_WARNING, "another driver has the adapter: it is left alone");
            service_lose();
        }
        break;
    case EVENT_TIMER:
        service_look();
        break;
    case EVENT_SAVE_STATE:
        service_end();
        (void)state_saved();
        break;
    }
}

/* Nothing is served meanwhile: there is no device yet. */
static void wait_while_lent(void)
{
    struct server closed = { .protocols = (const struct protocol *const[]){ NULL } };
    struct event event;

    if (lending_begin()) {
        return;
    }
    log_print(LOG_INFORMATION, "another driver has the adapter: this one waits until that has given it back");
    while (!lending_begin()) {
        if (server_wait(&closed, &event, clock_after(LENT_LOOK_NS)) == OK && event.kind == EVENT_SAVE_STATE) {
            (void)state_saved();
        }
    }
}

static void start(int argc, char **argv)
{
    struct options options;
    device_id_t device;

    options_read(argc, argv, &options);
    if (!bus_open(argc, argv)) {
        log_print(LOG_INFORMATION, "another process is there for the adapter on the PCI bus");
        process_exit(ABSENT);
    }
    lending_open();
    wait_while_lent();
    if (!adapter_open(&options)) {
        log_print(LOG_INFORMATION, "there is no VGA");
        process_exit(ABSENT);
    }
    screen_open();
    modes_open(options.no_linear, options.report);
    service_open();
    status_t status = device_register(DEVICE_NAME, sizeof DEVICE_NAME - 1, DEVICE_DISPLAY, 0, &device);
    if (status != OK) {
        log_print(LOG_ERROR, DEVICE_NAME " cannot be registered: %s", status_meaning(status));
        process_exit(status == EXISTS ? ABSENT : (uint32_t)status);
    }
}

int main(int argc, char **argv)
{
    start(argc, argv);
    for (;;) {
        struct event event;

        status_t status = server_wait(&service, &event, screen_grace_end());
        if (status == OK) {
            take(&event);
        } else if (clock_now() >= screen_grace_end()) {
            service_end();           /* not for every TIMED_OUT: what was served may have changed the deadline */
        }
    }
}
