/* d\rtc: the time of day, from the clock chip. */
#include <ternion/clock_device.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/port.h>
#include <ternion/server.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#define CLOCK_IRQ 8U
#define CLOCK_NAME "clocks\\rtc\\0"
#define CLOCK_TEXT "clock chip, read once a second"

/* Motorola MC146818A data sheet: registers behind an index and a data port. */
#define CLOCK_INDEX 0x70
#define CLOCK_DATA 0x71
#define SECONDS 0x00
#define MINUTES 0x02
#define HOURS 0x04
#define WEEKDAY 0x06             /* from 1, Sunday, on */
#define DAY 0x07
#define MONTH 0x08
#define YEAR 0x09
#define CONTROL 0x0B
#define CAUSE 0x0C               /* of the interrupt; reading it makes the chip quiet */
#define UPDATE_ENDED 0x10        /* in CONTROL: interrupt when the time has changed */

/* The last page below 1 MB; the BIOS's date lies in it. */
#define BIOS_PAGE 0xFF000U
#define BIOS_DATE_OFFSET 0xFF5
#define BIOS_DATE_SIZE 8

MANIFEST(
    .role = ROLE_PLATFORM,
    .partners = PARTNERS_ALL,
    .irqs = IRQ_BIT(CLOCK_IRQ),
    .ports = { { CLOCK_INDEX, CLOCK_DATA } },
    .memory = { { BIOS_PAGE, BIOS_PAGE + PAGE_SIZE - 1 } },
);

static struct date_time now;
static bool has_ticked;

static uint8_t chip_read(uint8_t index)
{
    port_write8(CLOCK_INDEX, index);
    return port_read8(CLOCK_DATA);
}

/* The chip counts in binary-coded decimal. */
static uint8_t chip_number(uint8_t index)
{
    uint8_t value = chip_read(index);

    return (uint8_t)(value / 16 * 10 + value % 16);
}

static void chip_write(uint8_t index, uint8_t value)
{
    port_write8(CLOCK_INDEX, index);
    port_write8(CLOCK_DATA, value);
}

static void show_bios_date(void)
{
    uint32_t address;

    if (physical_map(BIOS_PAGE, 1, PHYSICAL_READ_ONLY, &address) != OK) {
        return;                  /* the policy did not give it: the clock does without */
    }
    log_print(LOG_INFORMATION, "this BIOS is of %.*s", BIOS_DATE_SIZE, (const char *)address + BIOS_DATE_OFFSET);
    MUST(memory_free(address, 1));
}

static void take_time(void)
{
    (void)chip_read(CAUSE);
    now = (struct date_time){
        .year = (uint16_t)(2000 + chip_number(YEAR)), .month = chip_number(MONTH), .day = chip_number(DAY),
        .weekday = (uint8_t)((chip_number(WEEKDAY) + 5) % 7 + 1), .hours = chip_number(HOURS), .minutes = chip_number(MINUTES), .seconds = chip_number(SECONDS),
    };
    if (!has_ticked) {
        log_print(LOG_INFORMATION, "it is %02u:%02u:%02u", now.hours, now.minutes, now.seconds);
    }
    has_ticked = true;
}

/* What every driver answers for each of its devices. There is one; its number is 0. */
static status_t describe(struct server_call *call, const struct device_call_number *request, struct device_call_description *reply)
{
    if (request->number != 0) {
        return ABSENT;
    }
    reply->type = DEVICE_CLOCK;
    server_give_string(call, CLOCK_TEXT, sizeof CLOCK_TEXT - 1);
    return OK;
}

static status_t initialise(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    (void)call;
    (void)reply;
    return request->number == 0 ? OK : ABSENT;    /* the time is all that it has */
}

static status_t read(struct server_call *call, const struct device_call_number *request, struct date_time *reply)
{
    (void)call;
    *reply = now;
    return request->number == 0 && has_ticked ? OK : ABSENT;
}

PROTOCOL_SERVER(device_call, DEVICE_PROTOCOL, .describe = describe, .initialise = initialise)
PROTOCOL_SERVER(clock_call, CLOCK_DEVICE_PROTOCOL, .read = read)     /* the others: it does not know how */

static struct server server = SERVER(&device_call_protocol, &clock_call_protocol);

int main(void)
{
    device_id_t device;

    show_bios_date();
    MUST(irq_listen(CLOCK_IRQ));
    chip_write(CONTROL, chip_read(CONTROL) | UPDATE_ENDED);
    (void)chip_read(CAUSE);     /* an interrupt from before would keep the line up */
    MUST(device_register(CLOCK_NAME, sizeof CLOCK_NAME - 1, DEVICE_CLOCK, 0, &device));
    for (;;) {
        struct event event;

        MUST(server_wait(&server, &event, FOREVER));     /* answers requests; the only place where it sleeps */
        switch (event.kind) {
        case EVENT_IRQ:
            take_time();
            MUST(irq_acknowledge(CLOCK_IRQ));
            break;
        case EVENT_SAVE_STATE:
            (void)state_saved();
            break;
        }
    }
}
