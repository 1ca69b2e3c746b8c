/*
 * d\edu: a driver of QEMU's `edu` device, which d\pci has started. It tries what a driver of a PCI device needs, tells of it,
 * and then does what it is asked to (edu_protocol.h). Arguments in front of d\pci's own:
 *
 *     storm    raises an interrupt and never quiets the device
 *     share    tries nothing: it only looks at each interrupt, whether it was its own
 */
#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/process.h>
#include <ternion/server.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>
#include <ternion/system.h>

#include "card.h"
#include "edu_protocol.h"

#define BUS "buses\\pci\\0"
#define ARGUMENTS_OF_BUS 2
#define INTERRUPT_NS SECOND      /* within which an interrupt has come, and a transfer ended: it takes the card 100 ms */
#define CAUSE_TRIAL 0x5AU
#define CAUSE_STORM 0x01U

MANIFEST_PCI(
    PCI_MATCHES({ .vendor = 0x1234, .device = 0x11E8, .interface = 0xFF, .is_used = 1 }),
    .role = ROLE_PLATFORM,
    .partners = PARTNERS_ALL,
    .rights = RIGHT_DMA,
);

static struct device bus;
static struct pci_function function;
static struct edu_counts counts;
static bool is_storming;
static uint8_t *there, *back;            /* a page each, that the card reaches, too */
static physical_t there_physical, back_physical;

static void tell(const char *what, status_t status)
{
    log_print(LOG_INFORMATION, "%s: %s", what, status_name(status));
}

/* ---- Interrupts ---- */

/* Answers an interrupt, which may be another device's; its causes. */
static uint32_t take_interrupt(void)
{
    uint32_t causes = card_causes();

    counts.interrupts++;
    counts.own += causes != 0;
    if (!is_storming) {
        card_take_back(causes);
    }
    MUST(irq_acknowledge(function.irq));
    return causes;
}

/* Waits for an interrupt with a cause. Who asks for something else meanwhile is refused. */
static status_t wait_for_cause(uint32_t cause)
{
    nanoseconds_t deadline_ns = clock_after(INTERRUPT_NS);
    struct event event;

    while (event_wait(&event, deadline_ns) == OK) {
        if (event.kind == EVENT_IRQ && take_interrupt() & cause) {
            return OK;
        }
        if (event.kind == EVENT_MESSAGE) {
            message_answer(&event, BUSY);
        }
    }
    return TIMED_OUT;
}

static void storm_begin(void)
{
    is_storming = true;
    card_raise(CAUSE_STORM);
}

/* ---- Transfers ---- */

static status_t transfer(physical_t physical, bool is_from_card)
{
    card_transfer(physical, CARD_TRANSFER_MAX, is_from_card);
    status_t status = wait_for_cause(CARD_CAUSE_TRANSFER);
    return status != OK || !card_is_busy() ? status : BUSY;
}

static status_t transfer_there_and_back(void)
{
    for (uint32_t i = 0; i < CARD_TRANSFER_MAX; i++) {
        there[i] = (uint8_t)(i * 7 + (i >> 8) + counts.transfers);
    }
    memset(back, 0, CARD_TRANSFER_MAX);
    status_t status = transfer(there_physical, false);
    if (status == OK) {
        status = transfer(back_physical, true);
    }
    if (status == OK && memcmp(there, back, CARD_TRANSFER_MAX) != 0) {
        status = CHANGED;
    }
    counts.transfers += status == OK;
    return status;
}

static status_t memory_open(void)
{
    uint32_t there_address, back_address;

    status_t status = dma_allocate(1, 0, &there_address, &there_physical);
    if (status == OK) {
        status = dma_allocate(1, 0, &back_address, &back_physical);
    }
    if (status == OK) {
        there = (uint8_t *)there_address;
        back = (uint8_t *)back_address;
    }
    return status;
}

/* ---- What it can be asked ---- */

static status_t serve_raise(struct server_call *call, const struct edu_value *request, struct nothing *reply)
{
    (void)call;
    (void)reply;
    card_raise(request->value);
    return OK;
}

static status_t serve_storm(struct server_call *call, const struct nothing *request, struct nothing *reply)
{
    (void)call;
    (void)request;
    (void)reply;
    storm_begin();
    return OK;
}

static status_t serve_quiet(struct server_call *call, const struct nothing *request, struct nothing *reply)
{
    (void)call;
    (void)request;
    (void)reply;
    is_storming = false;
    card_take_back(card_causes());
    return OK;
}

static status_t serve_count(struct server_call *call, const struct nothing *request, struct edu_counts *reply)
{
    (void)call;
    (void)request;
    *reply = counts;
    return OK;
}

static status_t serve_transfer(struct server_call *call, const struct nothing *request, struct nothing *reply)
{
    (void)call;
    (void)request;
    (void)reply;
    return transfer_there_and_back();
}

static status_t serve_abandon(struct server_call *call, const struct edu_value *request, struct nothing *reply)
{
    (void)call;
    (void)reply;
    card_transfer(back_physical, CARD_TRANSFER_MAX, true);
    process_exit(request->value);
}

PROTOCOL_SERVER(edu, EDU_PROTOCOL, .raise = serve_raise, .storm = serve_storm, .quiet = serve_quiet, .count = serve_count,
                .transfer = serve_transfer, .abandon = serve_abandon)

static struct server server = SERVER(&edu_protocol);

/* ---- Start and loop ---- */

static void open_card(int argc, char **argv)
{
    MUST(device_open(&bus, BUS, DEVICE_BUS, clock_after(DEVICE_PATIENCE_NS)));
    MUST(pci_own_function(&bus, argc, argv, &function));
    MUST(card_open(&function));
    MUST(irq_listen(function.irq));
    log_print(LOG_INFORMATION, "process %u drives %s, identification %08x, interrupt %u", process_page()->id, argv[argc - 1],
              card_identification(), function.irq);
}

/* What lies behind its own memory is another's. */
static status_t reach_out(void)
{
    uint32_t address;

    return physical_map(function.resources[0].first + function.resources[0].size, 1, PHYSICAL_UNCACHED, &address);
}

static void try_all(void)
{
    tell("memory of others", reach_out());
    tell("memory", memory_open());
    card_raise(CAUSE_TRIAL);
    tell("interrupt", wait_for_cause(CAUSE_TRIAL));
    tell("mastering", pci_set_mastering(&bus, &function, true));
    tell("transfer there and back", transfer_there_and_back());
}

static void obey(int argc, char **argv)
{
    bool tries = true;

    for (int i = 1; i < argc - ARGUMENTS_OF_BUS; i++) {
        if (strcmp(argv[i], "storm") == 0) {
            storm_begin();
            tries = false;
        } else if (strcmp(argv[i], "share") == 0) {
            tries = false;
        } else {
            log_print(LOG_ERROR, "argument \"%s\" is not known", argv[i]);
        }
    }
    if (tries) {
        try_all();
    }
    log_print(LOG_INFORMATION, "ready");
}

int main(int argc, char **argv)
{
    open_card(argc, argv);
    obey(argc, argv);
    for (;;) {
        struct event event;

        MUST(server_wait(&server, &event, FOREVER));
        switch (event.kind) {
        case EVENT_IRQ:
            (void)take_interrupt();
            break;
        case EVENT_SAVE_STATE:
            (void)state_saved();
            break;
        }
    }
}
