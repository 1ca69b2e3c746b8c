/*
 * d\rtc: the date and the time of day, from the chip that keeps them while the machine is off. Its protocol stands in
 * ternion/clock_device.h.
 *
 * The chip interrupts once a second as long as somebody waits for a second's beginning, and not at all else. Should the interrupt not
 * come, the chip is looked at.
 */
#include <ternion/clock.h>
#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/process.h>
#include <ternion/server.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

#include "calendar.h"
#include "chip.h"

#define NAME "clocks\\rtc\\0"
#define WAITING_MAX 64U
#define INTERRUPT_LATE_NS (1500 * MILLISECOND)
#define LOOK_NS (20 * MILLISECOND)

MANIFEST(
    .role = ROLE_PLATFORM,
    .partners = PARTNERS_ALL,
    .irqs = IRQ_BIT(CHIP_IRQ),
    .ports = { { 0x70, 0x71 } },
);

/* ---- Those who wait for the next second ---- */

static struct pending_call waiting[WAITING_MAX];
static uint32_t waiting_count;
static bool interrupts_come = true;
static bool listening;
static nanoseconds_t look_ns = FOREVER;  /* when the chip is looked at if no interrupt comes before */
static uint8_t second_seen;              /* when it was looked at last */

/* The line is listened to only while somebody waits: whoever else has a use for the chip's interrupt is not disturbed. */
static void interrupts_wanted(bool wanted)
{
    if (wanted && interrupts_come && !listening) {
        status_t status = irq_listen(CHIP_IRQ);

        listening = status == OK;
        if (!listening) {
            log_print(LOG_WARNING, "interrupt %u is not to be had: %s", CHIP_IRQ, status_meaning(status));
            interrupts_come = false;
        }
    }
    chip_interrupt(wanted && listening);
    if (!wanted && listening) {
        MUST(irq_ignore(CHIP_IRQ));
        listening = false;
    }
}

/* Sets the time of the next look. */
static void look_later(void)
{
    struct date_time now;

    if (waiting_count == 0) {
        look_ns = FOREVER;
        return;
    }
    look_ns = clock_after(interrupts_come ? INTERRUPT_LATE_NS : LOOK_NS);
    if (chip_read(&now) == OK) {
        second_seen = now.seconds;
    }
}

/* The time has changed: all who wait get it. Those who died meanwhile are no concern. */
static void tell_waiting(void)
{
    struct date_time now;
    status_t status = chip_read(&now);

    for (uint32_t i = 0; i < waiting_count; i++) {
        (void)clock_call_await_second_answer(&waiting[i], status, &now);
    }
    waiting_count = 0;
    interrupts_wanted(false);
    look_ns = FOREVER;
}

static void look(void)
{
    struct date_time now;

    if (interrupts_come) {
        interrupts_come = false;
        log_print(LOG_WARNING, "interrupt %u does not come: the chip is looked at instead", CHIP_IRQ);
    }
    if (chip_read(&now) != OK || now.seconds != second_seen) {
        tell_waiting();
    } else {
        look_later();
    }
}

/* ---- Those who wait until the clock is set ---- */

static struct pending_call setting[WAITING_MAX];
static uint32_t setting_count;

static void tell_set(void)
{
    struct date_time now;
    status_t status = chip_read(&now);

    for (uint32_t i = 0; i < setting_count; i++) {
        (void)clock_call_await_set_answer(&setting[i], status, &now);
    }
    setting_count = 0;
}

/* Who waits may end, or give up. */
static void forget_gone(void)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < setting_count; i++) {
        if (message_receive(setting[i].id, NULL, 0) != BAD_ID) {
            setting[kept++] = setting[i];
        }
    }
    setting_count = kept;
}

/* ---- The protocol of clocks ---- */

static status_t read(struct server_call *call, const struct device_call_number *request, struct date_time *reply)
{
    (void)call;
    return request->number == 0 ? chip_read(reply) : ABSENT;
}

/* The time is everybody's: s\tasks knows which applications are a person's, who may set it. */
static bool may_set(process_id_t process)
{
    struct process_information information;

    return process_information(process, &information) == OK && information.class != CLASS_APPLICATION;
}

static status_t set(struct server_call *call, const struct clock_call_set *request, struct nothing *reply)
{
    (void)reply;
    if (request->number != 0) {
        return ABSENT;
    }
    if (!may_set(call->sender)) {
        return NOT_ALLOWED;
    }
    if (!calendar_has(&request->time)) {
        return BAD_ARGUMENT;
    }
    status_t status = chip_set(&request->time);
    if (status == OK) {
        log_print(LOG_INFORMATION, "set to %04u-%02u-%02u %02u:%02u:%02u by process %u", request->time.year, request->time.month,
                  request->time.day, request->time.hours, request->time.minutes, request->time.seconds, call->sender);
        tell_set();
    }
    return status;
}

static status_t await_second(struct server_call *call, const struct device_call_number *request, struct date_time *reply)
{
    if (request->number != 0) {
        return ABSENT;
    }
    status_t status = chip_read(reply);
    if (status != OK) {
        return status;
    }
    if (waiting_count == WAITING_MAX) {
        return NO_MEMORY;
    }
    struct pending_call *pending = &waiting[waiting_count];
    status = server_answer_later(call, pending);
    if (pending->id != 0 && waiting_count++ == 0) {      /* 0: nobody waits for the answer */
        interrupts_wanted(true);
        look_later();
    }
    return status;
}

static status_t await_set(struct server_call *call, const struct device_call_number *request, struct date_time *reply)
{
    (void)reply;
    if (request->number != 0) {
        return ABSENT;
    }
    if (setting_count == WAITING_MAX) {
        forget_gone();
    }
    if (setting_count == WAITING_MAX) {
        return NO_MEMORY;
    }
    struct pending_call *pending = &setting[setting_count];
    status_t status = server_answer_later(call, pending);
    setting_count += pending->id != 0;
    return status;
}

PROTOCOL_SERVER(clock_call, CLOCK_DEVICE_PROTOCOL, .read = read, .set = set, .await_second = await_second, .await_set = await_set)

/* ---- The protocol of all devices ---- */

static status_t describe(struct server_call *call, const struct device_call_number *request, struct device_call_description *reply)
{
    if (request->number != 0) {
        return ABSENT;
    }
    reply->type = DEVICE_CLOCK;
    size_t length = format_text(call->buffer, DEVICE_DESCRIPTION_MAX, "clock with battery, MC146818: %s", chip_form());
    server_give_string(call, call->buffer, (uint32_t)length);
    return OK;
}

static status_t initialise(struct server_call *call, const struct device_call_number *request, struct nothing *reply)
{
    (void)call;
    (void)reply;
    return request->number == 0 ? OK : ABSENT;   /* the time is all that it has, and stays */
}

PROTOCOL_SERVER(device_call, DEVICE_PROTOCOL, .describe = describe, .initialise = initialise)

static struct server server = SERVER(&clock_call_protocol, &device_call_protocol);

/* ---- Start and loop ---- */

static void start(void)
{
    struct date_time now;
    device_id_t device;

    if (!chip_open()) {
        log_print(LOG_WARNING, "there is no clock at port 70h");
        process_exit(ABSENT);
    }
    if (chip_read(&now) == OK) {
        log_print(LOG_INFORMATION, "it is %04u-%02u-%02u %02u:%02u:%02u", now.year, now.month, now.day, now.hours, now.minutes, now.seconds);
    } else {
        log_print(LOG_WARNING, "the battery was empty, or the date is none: the clock must be set");
    }
    MUST(device_register(NAME, sizeof NAME - 1, DEVICE_CLOCK, 0, &device));
}

static void take(const struct event *event)
{
    switch (event->kind) {
    case EVENT_IRQ:
        bool is_second = chip_quiet();

        MUST(irq_acknowledge(CHIP_IRQ));
        if (is_second) {
            tell_waiting();
        }
        break;
    case EVENT_SAVE_STATE:
        (void)state_saved();
        break;
    }
}

int main(void)
{
    start();
    for (;;) {
        struct event event;

        /* Not server_wait: what is served may change the deadline. */
        if (event_wait(&event, look_ns) == OK && !server_serve(&server, &event)) {
            take(&event);
        }
        if (clock_now() >= look_ns) {
            look();
        }
    }
}
