#include "pipes.h"

#include <ternion/log.h>
#include <ternion/syscall.h>

#include "measure.h"
#include "peer.h"
#include "peers.h"

#define SHARED_PAGES 4U

static struct pipe_handle there, back;
static uint8_t bytes[PIPE_SIZE];

static void pipe_open(process_id_t peer, struct pipe_handle *handle_out)
{
    MUST(pipe_create(handle_out));
    peer_tell(peer, handle_out->id, handle_out->key);
}

static void byte_there_and_back(void)
{
    uint32_t moved;

    MUST(pipe_write(there.id, bytes, 1, 0, &moved));
    MUST(pipe_read(back.id, bytes, 1, 0, &moved));
}

static void write_page(void)
{
    uint32_t moved;

    MUST(pipe_write(there.id, bytes, sizeof bytes, 0, &moved));
}

void report_pipes(void)
{
    process_id_t echo = peer_spawn(CLASS_DRIVER, PEER_ECHO);

    pipe_open(echo, &there);
    pipe_open(echo, &back);
    byte_there_and_back();
    report("pipe_1b_round_trip", measure(byte_there_and_back), "instructions");
    peer_end(echo);
    MUST(pipe_leave(there.id));
    MUST(pipe_leave(back.id));

    process_id_t drain = peer_spawn(CLASS_DRIVER, PEER_DRAIN);
    pipe_open(drain, &there);
    uint32_t page = measure(write_page);
    report("pipe_4k_write_and_read", page, "instructions");
    report_per_byte("pipe_4k_per_byte", page, sizeof bytes);
    peer_end(drain);
    MUST(pipe_leave(there.id));
}

/* By its maker alone: made, and left. */
static void shared_memory_comes_and_goes(void)
{
    struct shared_handle handle;

    MUST(shared_create(SHARED_PAGES, &handle));
    MUST(shared_leave(handle.id));
}

void report_shared_memory(void)
{
    shared_memory_comes_and_goes();
    report("shared_create_leave_4_pages", measure(shared_memory_comes_and_goes), "instructions");
}
