#include "ports.h"

#include <ternion/call.h>
#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/port.h>
#include <ternion/syscall.h>

#include "measure.h"
#include "peer.h"
#include "peers.h"

#define LOOP 2U                  /* instructions of a sample's loop */
#define SWITCHES 2U              /* in a call and its answer */

static process_id_t server;

static uint64_t call_sample(void)
{
    return SAMPLE({ struct words words = { { 0 } }; MUST(message_call_words(server, &words)); });
}

static uint64_t port_sample(void)
{
    return SAMPLE((void)port_read8(PEER_PORT));
}

/* Both sides touch a port after each switch: were the map loaded then, by whomever, it would be seen here. */
static uint64_t call_and_ports_sample(void)
{
    return SAMPLE({ struct words words = { { 0 } }; (void)port_read8(PEER_PORT); MUST(message_call_words(server, &words)); });
}

static uint32_t measure_with(const char *role, sample_t *sample)
{
    server = peer_spawn(CLASS_DRIVER, role);
    (void)thread_yield();
    uint32_t cost = measure_samples(sample, OPERATIONS);
    peer_end(server);
    return cost;
}

void report_ports(void)
{
    uint32_t without = measure_with(PEER_WORDS, call_sample);
    uint32_t with = measure_with(PEER_PORTS, call_and_ports_sample);
    uint32_t access = measure_samples(port_sample, OPERATIONS) - LOOP;
    uint32_t natively = without + SWITCHES * access;

    report("port_read", access, "instructions");
    report("io_bitmap_switch", with > natively ? (with - natively) / SWITCHES : 0, "instructions");
}
