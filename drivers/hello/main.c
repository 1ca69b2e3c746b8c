/*
 * d\hello: what a driver may. It reads ports, looks into the video
 * BIOS, takes and gives back an interrupt line, and shows what even a driver is refused.
 */
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/port.h>
#include <ternion/process.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

/* The BIOS tells here how far it has come, for who has a card that shows it; reading it does nothing. */
#define DIAGNOSTIC_PORT 0x80
#define UNUSED_PORT 0xED         /* nothing is there on any PC */

#define VIDEO_BIOS 0xC0000U
#define BIOS_UNIT 512U    /* an option ROM's third byte is its size in these */
#define KERNEL_MEMORY 0x100000U
#define TIMER_IRQ 0U
#define PRINTER_IRQ 7U

MANIFEST(
    .partners = PARTNERS_ALL,
    .irqs = IRQ_BIT(PRINTER_IRQ),
    .ports = { { DIAGNOSTIC_PORT, DIAGNOSTIC_PORT }, { UNUSED_PORT, UNUSED_PORT } },
    .memory = { { VIDEO_BIOS, VIDEO_BIOS + 0x7FFF }, { KERNEL_MEMORY, KERNEL_MEMORY + 0xFFF } },
);

static void tell(const char *what, status_t status)
{
    log_print(LOG_INFORMATION, "%s: %s", what,
              status == OK ? "allowed" : status == NOT_ALLOWED ? "refused" : status_meaning(status));
}

static void show_ports(void)
{
    log_print(LOG_INFORMATION, "reading port 0x%x: 0x%02x", DIAGNOSTIC_PORT, port_read8(DIAGNOSTIC_PORT));
    log_print(LOG_INFORMATION, "reading port 0x%x: 0x%02x", UNUSED_PORT, port_read8(UNUSED_PORT));
}

static void show_video_bios(void)
{
    uint32_t address;

    status_t status = physical_map(VIDEO_BIOS, 1, PHYSICAL_READ_ONLY, &address);
    tell("mapping the video BIOS", status);
    if (status != OK) {
        return;
    }
    const uint8_t *rom = (const uint8_t *)address;
    if (rom[0] == 0x55 && rom[1] == 0xAA) {
        log_print(LOG_INFORMATION, "the video BIOS has %u bytes", rom[2] * BIOS_UNIT);
    } else {
        log_print(LOG_INFORMATION, "there is no video BIOS");
    }
    tell("becoming an application while hardware is mapped", process_downgrade(CLASS_APPLICATION));
    MUST(memory_free(address, 1));
}

static void show_interrupts(void)
{
    status_t status = irq_listen(PRINTER_IRQ);

    tell("listening to the printer's interrupt", status);
    if (status == OK) {
        MUST(irq_ignore(PRINTER_IRQ));
    }
    tell("listening to the timer's interrupt", irq_listen(TIMER_IRQ));
}

int main(void)
{
    uint32_t address;
    process_id_t init;

    log_print(LOG_INFORMATION, "hello from a driver");
    show_ports();
    show_video_bios();
    show_interrupts();
    tell("mapping the kernel's memory", physical_map(KERNEL_MEMORY, 1, 0, &address));
    if (name_find("d\\init", &init) == OK) {
        tell("ending the supervisor", process_terminate(init, 0));
    }
    return 0;
}
