/*
 * d\hello: what a driver may. It reads the clock chip through its ports, looks into the
 * video BIOS, takes and gives back an interrupt line, and shows what even a driver is refused.
 */
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/port.h>
#include <ternion/process.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

/* Real-time clock (MC146818): its registers are read through an index and a data port. */
#define RTC_INDEX 0x70
#define RTC_DATA 0x71
#define RTC_MINUTES 0x02
#define RTC_HOURS 0x04

#define VIDEO_BIOS 0xC0000U
#define BIOS_UNIT 512U    /* an option ROM's third byte is its size in these */
#define KERNEL_MEMORY 0x100000U
#define TIMER_IRQ 0U
#define PRINTER_IRQ 7U

MANIFEST(
    .partners = PARTNERS_ALL,
    .irqs = IRQ_BIT(PRINTER_IRQ),
    .ports = { { RTC_INDEX, RTC_DATA } },
    .memory = { { VIDEO_BIOS, VIDEO_BIOS + 0x7FFF }, { KERNEL_MEMORY, KERNEL_MEMORY + 0xFFF } },
);

static void tell(const char *what, status_t status)
{
    log_print(LOG_INFORMATION, "%s: %s", what,
              status == OK ? "allowed" : status == NOT_ALLOWED ? "refused" : status_meaning(status));
}

static uint8_t rtc_read(uint8_t index)
{
    port_write8(RTC_INDEX, index);
    return port_read8(RTC_DATA);
}

/* The chip counts in binary-coded decimal, so that hexadecimal digits show the time. */
static void show_time(void)
{
    log_print(LOG_INFORMATION, "reading ports: the clock chip says %02x:%02x", rtc_read(RTC_HOURS),
              rtc_read(RTC_MINUTES));
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
    show_time();
    show_video_bios();
    show_interrupts();
    tell("mapping the kernel's memory", physical_map(KERNEL_MEMORY, 1, 0, &address));
    if (name_find("d\\init", &init) == OK) {
        tell("ending the supervisor", process_terminate(init, 0));
    }
    return 0;
}
