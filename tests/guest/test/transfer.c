#include "transfer.h"

#include <ternion/thread.h>

#include "test.h"

#define STACK_BYTES 4096U
#define A_MOMENT_NS (10 * MILLISECOND)
#define PATIENCE_NS (5 * SECOND)

static void run(void *argument)
{
    struct transfer *transfer = argument;
    uint32_t moved = UINT32_MAX;
    status_t status = transfer->writes ? pipe_write(transfer->pipe, transfer->bytes, transfer->size, transfer->flags, &moved)
                                       : pipe_read(transfer->pipe, transfer->bytes, transfer->size, transfer->flags, &moved);

    transfer->status = status;
    transfer->moved = moved;
    transfer->done = true;
}

static void start(struct transfer *transfer)
{
    EXPECT_OK(thread_start(run, transfer, STACK_BYTES, &transfer->thread));
    clock_sleep(A_MOMENT_NS);
}

void transfer_read(struct transfer *transfer, pipe_id_t pipe, void *bytes, uint32_t size)
{
    *transfer = (struct transfer){ .pipe = pipe, .bytes = bytes, .size = size };
    start(transfer);
}

void transfer_write(struct transfer *transfer, pipe_id_t pipe, const void *bytes, uint32_t size)
{
    *transfer = (struct transfer){ .pipe = pipe, .writes = true, .bytes = (void *)bytes, .size = size };
    start(transfer);
}

void transfer_expect_blocked(const struct transfer *transfer)
{
    clock_sleep(A_MOMENT_NS);
    EXPECT(!transfer->done);
}

void transfer_expect(const struct transfer *transfer, status_t status, uint32_t moved)
{
    nanoseconds_t deadline_ns = clock_after(PATIENCE_NS);

    while (!transfer->done && clock_now() < deadline_ns) {
        clock_sleep(MILLISECOND);
    }
    if (!transfer->done) {
        EXPECT_NOT("a thread that %s %u bytes goes on sleeping", transfer->writes ? "writes" : "reads", transfer->size);
    }
    EXPECT_STATUS(status, transfer->status);
    EXPECT_EQUAL(moved, transfer->moved);
}

void pipe_read_all(pipe_id_t pipe, void *bytes, uint32_t size)
{
    uint32_t moved;

    EXPECT_OK(pipe_read(pipe, bytes, size, 0, &moved));
    EXPECT_EQUAL(size, moved);
}

void pipe_write_all(pipe_id_t pipe, const void *bytes, uint32_t size)
{
    uint32_t moved;

    EXPECT_OK(pipe_write(pipe, bytes, size, 0, &moved));
    EXPECT_EQUAL(size, moved);
}

struct pipe_handle pipe_new(void)
{
    struct pipe_handle handle;

    EXPECT_OK(pipe_create(&handle));
    return handle;
}

void pipe_expect(pipe_id_t pipe, uint32_t bytes, uint32_t members)
{
    uint32_t bytes_there, members_there;

    EXPECT_OK(pipe_state(pipe, &bytes_there, &members_there));
    EXPECT_EQUAL(bytes, bytes_there);
    EXPECT_EQUAL(members, members_there);
}
