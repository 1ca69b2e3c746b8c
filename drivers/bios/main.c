/*
 * d\bios: makes BIOS calls for others. Its protocol stands in ternion/bios_client.h. Arguments: `shared`, then the BIOS data area is the
 * machine's own; else it has a copy, as it was at boot. clients=NAME,...: applications that may have calls made.
 *
 * It is for tracers and tests. A display has a driver of its own, which makes its calls itself.
 */
#include <ternion/bios_client.h>
#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/pci.h>
#include <ternion/server.h>
#include <ternion/string.h>
#include <ternion/syscall_table.h>

#include "clients.h"
#include "stream.h"

#define BUS "buses\\pci\\0"

MANIFEST(
    .role = ROLE_DISPLAY,
    .partners = PARTNERS_ALL,
    .rights = RIGHT_VM86,
    .ports = { BIOS_MANIFEST_PORTS },
    .memory = { BIOS_MANIFEST_MEMORY, { 0x00000, 0x00FFF } },
);

/* The registers that lead to data. */
static const struct {
    size_t segment, offset;          /* in struct bios_registers */
} pointers[BIOS_POINTER_COUNT] = {
#define POINTER(first, second) { offsetof(struct bios_registers, first), offsetof(struct bios_registers, second) }
    [BIOS_POINTER_ES_DI] = POINTER(es, edi), [BIOS_POINTER_ES_BX] = POINTER(es, ebx), [BIOS_POINTER_ES_BP] = POINTER(es, ebp),
    [BIOS_POINTER_ES_DX] = POINTER(es, edx), [BIOS_POINTER_DS_SI] = POINTER(ds, esi), [BIOS_POINTER_DS_DX] = POINTER(ds, edx),
#undef POINTER
};

static uint32_t own_flags;           /* BIOS_SHARED_DATA or 0 */

/* ---- The bus ---- */

/* There may be none: then each look for it waits no longer than a look takes. */
static bool read_configuration(uint32_t bus, uint32_t device, uint32_t function, uint32_t offset, uint32_t size, uint32_t *value_out)
{
    static struct device pci;
    const struct pci_function which = { .bus = (uint8_t)bus, .device = (uint8_t)device, .function = (uint8_t)function };

    if (pci.type != DEVICE_BUS) {
        if (device_open(&pci, BUS, DEVICE_BUS, 0) != OK) {
            pci.type = 0;
            return false;
        }
        pci.patience_ns = 0;
    }
    return pci_read(&pci, &which, offset, size, value_out) == OK;
}

/* ---- Vectors ---- */

#define VECTORS 256U
#define FONT_8 0x1FU                 /* IBM VGA BIOS: these lead to fonts, and belong to the mode that is set */
#define FONT 0x43U

static uint32_t vectors[VECTORS];    /* as they were at boot */

/* A call may have written over them: one with ES:DI left at 0:0 does. Else no call worked any more. */
static void vectors_restore(void)
{
    static const struct { uint16_t first, end; } ranges[] = { { 0, FONT_8 }, { FONT_8 + 1, FONT }, { FONT + 1, VECTORS } };

    if ((own_flags & BIOS_SHARED_DATA) != 0) {
        return;
    }
    for (uint32_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        (void)bios_write(0, (uint16_t)(ranges[i].first * sizeof vectors[0]), &vectors[ranges[i].first],
                         (ranges[i].end - ranges[i].first) * sizeof vectors[0]);
    }
}

/* ---- Calls ---- */

static bool is_good(const struct bios_request *request, uint32_t string_size)
{
    return request->vector <= 0xFF && request->pointer < BIOS_POINTER_COUNT && request->data_size <= BIOS_DATA_MAX
        && string_size <= request->data_size && (request->data_size != 0) == (request->pointer != BIOS_POINTER_NONE)
        && request->ms <= BIOS_MS_MOST && request->traps <= BIOS_TRAPS_MOST
        && (request->flags & ~(BIOS_STEP | BIOS_ALL_PORTS_TRAP | BIOS_CALL_RECORDS)) == 0;
}

/* Memory for the call's data; its registers lead there. NULL: none is wanted. */
static void *give_data(const struct server_call *call, const struct bios_request *request, struct bios_registers *registers)
{
    uint8_t *bytes = (uint8_t *)registers;

    bios_memory_clear();
    if (request->data_size == 0) {
        return NULL;
    }
    void *data = bios_memory(request->data_size, (uint16_t *)(bytes + pointers[request->pointer].segment),
                             (uint32_t *)(bytes + pointers[request->pointer].offset));
    memcpy(data, call->string, call->string_size);       /* there is room: BIOS_DATA_MAX is less than all of it */
    return data;
}

static status_t make_call(struct server_call *call, const struct bios_request *request, struct bios_answer *answer)
{
    if (!clients_may(call)) {
        return NOT_ALLOWED;
    }
    if (!is_good(request, call->string_size)) {
        return BAD_ARGUMENT;
    }
    bool is_recorded = (request->flags & BIOS_CALL_RECORDS) != 0;
    const struct bios_options options = {
        .flags = (request->flags & ~BIOS_CALL_RECORDS) | own_flags, .ms = request->ms, .traps = request->traps,
        .pci_read = read_configuration, .record = is_recorded ? stream_put : NULL,
    };

    answer->registers = request->registers;
    void *data = give_data(call, request, &answer->registers);
    bios_set_options(&options);
    vectors_restore();
    stream_begin(call->sender);
    nanoseconds_t begin_ns = clock_now();
    answer->status = (uint32_t)bios_int(request->vector, &answer->registers);
    answer->us = (uint32_t)((clock_now() - begin_ns) / MICROSECOND);
    answer->records_lost = stream_end();
    answer->cost = bios_last_cost();
    memcpy(answer->problem, bios_problem(), strnlen(bios_problem(), sizeof answer->problem - 1));
    if (data != NULL) {
        server_give_string(call, data, request->data_size);
    }
    return OK;
}

static status_t read_memory(struct server_call *call, const struct bios_place *place, struct nothing *reply)
{
    (void)reply;
    if (!clients_may(call)) {
        return NOT_ALLOWED;
    }
    if (place->size > BIOS_DATA_MAX) {
        return BAD_ARGUMENT;
    }
    status_t status = bios_read(place->segment, place->offset, call->buffer, place->size);
    if (status == OK) {
        server_give_string(call, call->buffer, place->size);
    }
    return status;
}

PROTOCOL_SERVER(bios_driver, BIOS_PROTOCOL, .call = make_call, .read = read_memory)

static struct server server = SERVER(&bios_driver_protocol);

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "shared") == 0) {
            own_flags = BIOS_SHARED_DATA;
        } else if (!clients_read(argv[i])) {
            log_print(LOG_WARNING, "argument \"%s\" is skipped: known are shared and clients=NAME,...", argv[i]);
        }
    }
    status_t status = bios_open(&(struct bios_options){ .flags = own_flags, .pci_read = read_configuration });
    if (status != OK) {
        log_print(LOG_ERROR, "there is no first megabyte: %s", status_meaning(status));
        return 1;
    }
    MUST(bios_read(0, 0, vectors, sizeof vectors));
    server_run(&server);
}
