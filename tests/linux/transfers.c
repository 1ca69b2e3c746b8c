/* What passes between two processes. */
#include <stdbool.h>

#include "linux.h"
#include "operations.h"
#include "report.h"

#define ROUND_TRIPS 1000U
#define PAGE_BYTES 4096U
#define SOCKET_LOCAL 1U                 /* AF_UNIX */
#define SOCKET_STREAM 1U
#define FUTEX_WAIT 0U
#define FUTEX_WAKE 1U

struct both_ends {
    uint32_t read;
    uint32_t write;
};

static void pipe_make(struct both_ends *ends_out)
{
    must("pipe", linux_call_3(LINUX_PIPE, (uint32_t)ends_out, 0, 0));
}

/* ---- A byte there, and a byte back ---- */

static struct both_ends ours;

static void round_trip(void)
{
    byte_write(ours.write);
    (void)byte_read(ours.read);
}

[[gnu::noreturn]] static void echo(uint32_t read, uint32_t write)
{
    while (byte_read(read) != 0) {
        byte_write(write);
    }
    process_exit();
}

void report_pipe_round_trip(void)
{
    struct both_ends there, back;

    pipe_make(&there);
    pipe_make(&back);
    uint32_t child = process_fork();
    if (child == 0) {
        file_close(there.write);
        echo(there.read, back.write);
    }
    ours = (struct both_ends){ .read = back.read, .write = there.write };
    report_samples("linux_pipe_1b_round_trip", round_trip, ROUND_TRIPS, "instructions", 1);
    file_close(there.write);
    process_wait(child);
    file_close(there.read);
    file_close(back.read);
    file_close(back.write);
}

void report_socket_round_trip(void)
{
    uint32_t sockets[2];

    must("socketpair", linux_call_6(LINUX_SOCKETPAIR, SOCKET_LOCAL, SOCKET_STREAM, 0, (uint32_t)sockets, 0, 0));
    uint32_t child = process_fork();
    if (child == 0) {
        file_close(sockets[0]);
        echo(sockets[1], sockets[1]);
    }
    file_close(sockets[1]);
    ours = (struct both_ends){ .read = sockets[0], .write = sockets[0] };
    report_samples("linux_socket_round_trip", round_trip, ROUND_TRIPS, "instructions", 1);
    file_close(sockets[0]);
    process_wait(child);
}

/* ---- Pages through a pipe ---- */

static uint8_t page[PAGE_BYTES];

static void page_write(void)
{
    must("write", linux_call_3(LINUX_WRITE, ours.write, (uint32_t)page, sizeof(page)));
}

void report_pipe_throughput(void)
{
    pipe_make(&ours);
    uint32_t child = process_fork();
    if (child == 0) {
        file_close(ours.write);
        while (must("read", linux_call_3(LINUX_READ, ours.read, (uint32_t)page, sizeof(page))) != 0) {
        }
        process_exit();
    }
    report_samples("linux_pipe_4k_per_byte", page_write, ROUND_TRIPS, "instructions/byte", PAGE_BYTES);
    file_close(ours.write);
    process_wait(child);
    file_close(ours.read);
}

/* ---- Turns, taken in memory that two processes share ---- */

enum { OURS, THEIRS, NOBODYS };

static volatile uint32_t *turn;

static void futex(uint32_t operation, uint32_t value)
{
    (void)linux_call_6(LINUX_FUTEX, (uint32_t)turn, operation, value, 0, 0, 0);
}

static void turn_pass(uint32_t to)
{
    *turn = to;
    futex(FUTEX_WAKE, 1);
}

static void futex_round_trip(void)
{
    turn_pass(THEIRS);
    while (*turn == THEIRS) {
        futex(FUTEX_WAIT, THEIRS);
    }
}

void report_futex_round_trip(void)
{
    turn = memory_share(sizeof(*turn));
    uint32_t child = process_fork();
    if (child == 0) {
        while (*turn != NOBODYS) {
            if (*turn == THEIRS) {
                turn_pass(OURS);
            }
            futex(FUTEX_WAIT, OURS);
        }
        process_exit();
    }
    report_samples("linux_futex_round_trip", futex_round_trip, ROUND_TRIPS, "instructions", 1);
    turn_pass(NOBODYS);
    process_wait(child);
}

/* ---- A thread, from its beginning to the news of its end ---- */

#define THREAD_FLAGS 0x00350F00U        /* clone(2): shares memory, files and signals; tells its ID and its end */
#define STACK_BYTES 4096U

static uint8_t stack[STACK_BYTES] __attribute__((aligned(16)));
static volatile uint32_t thread;        /* its ID while it lives; Linux clears it, and wakes who waits */

static void thread_create_join(void)
{
    uint32_t id;

    must("clone", linux_thread_start(THREAD_FLAGS, stack + sizeof(stack), (uint32_t *)&thread, (uint32_t *)&thread));
    while ((id = thread) != 0) {
        (void)linux_call_6(LINUX_FUTEX, (uint32_t)&thread, FUTEX_WAIT, id, 0, 0, 0);
    }
}

void report_thread_create_join(void)
{
    report_samples("linux_thread_create_join", thread_create_join, ROUND_TRIPS, "instructions", 1);
}
