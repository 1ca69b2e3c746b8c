/* Threads of the test's own process that read or write a pipe, and what came of it. */
#pragma once

#include <stdbool.h>

#include <abi/shared.h>
#include <abi/status.h>

/* A thread that is still under way may not find its structure gone: it is static, or its end is waited for. */
struct transfer {
    pipe_id_t pipe;
    bool writes;
    void *bytes;
    uint32_t size;
    uint32_t flags;
    thread_id_t thread;
    volatile status_t status;
    volatile uint32_t moved;
    volatile bool done;
};

/* Each starts a thread, and returns when that has had the time to block. */
void transfer_read(struct transfer *transfer, pipe_id_t pipe, void *bytes, uint32_t size);
void transfer_write(struct transfer *transfer, pipe_id_t pipe, const void *bytes, uint32_t size);

/* It must not be done. */
void transfer_expect_blocked(const struct transfer *transfer);

/* Waits for its end. */
void transfer_expect(const struct transfer *transfer, status_t status, uint32_t moved);

/* Reads or writes in the running thread: all must be moved. */
void pipe_read_all(pipe_id_t pipe, void *bytes, uint32_t size);
void pipe_write_all(pipe_id_t pipe, const void *bytes, uint32_t size);

/* A pipe of which the caller is the only member. */
struct pipe_handle pipe_new(void);

/* What is in it, and who. */
void pipe_expect(pipe_id_t pipe, uint32_t bytes, uint32_t members);
