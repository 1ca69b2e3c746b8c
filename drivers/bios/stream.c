#include "stream.h"

#include <ternion/bios_client.h>
#include <ternion/clock.h>

#define PATIENCE_NS (60 * SECOND)    /* of one call: then a client that does not take what it asked for gets no more. Serial lines are slow */
#define PAUSE_NS MILLISECOND

static process_id_t client;          /* 0: it takes no more */
static nanoseconds_t waited_ns;
static struct bios_record records[BIOS_BATCH];
static uint32_t count;
static uint32_t lost;

void stream_begin(process_id_t for_whom)
{
    client = for_whom;
    waited_ns = 0;
    count = 0;
    lost = 0;
}

/* Its queue, or what this driver may have in queues, may be full. */
static status_t send(void)
{
    const struct payload payload = { .string = records, .string_size = count * (uint32_t)sizeof records[0] };
    status_t status = bios_driver_records_send(client, NULL, &payload);

    while ((status == NO_MEMORY || status == OVER_QUOTA) && waited_ns < PATIENCE_NS) {
        clock_sleep(PAUSE_NS);
        waited_ns += PAUSE_NS;
        status = bios_driver_records_send(client, NULL, &payload);
    }
    return status;
}

static void flush(void)
{
    if (count == 0) {
        return;
    }
    if (client == 0) {
        lost += count;
    } else if (send() != OK) {
        lost += count;
        client = 0;
    }
    count = 0;
}

void stream_put(const struct bios_record *record)
{
    records[count++] = *record;
    if (count == BIOS_BATCH) {
        flush();
    }
}

uint32_t stream_end(void)
{
    flush();
    return lost;
}
