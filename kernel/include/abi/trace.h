/* What a trace records of a process: see trace_set. */
#pragma once

#include <abi/types.h>

/* What is recorded. */
#define TRACE_CALLS 1U         /* system calls: when they begin and what they answer */
#define TRACE_EVENTS 2U        /* events that it takes: messages, interrupts, deaths */
#define TRACE_PORTS 4U         /* each access to a port, with its value */
#define TRACE_FAULTS 8U        /* strikes and exceptions */
#define TRACE_ALL 15U

enum trace_kind {
    TRACE_CALL_BEGINS,         /* number: the system call; values: EBX, EDX, ESI, EDI, EBP */
    TRACE_CALL_ENDS,           /* number: the system call; values: status, EBX, ESI */
    TRACE_EVENT,               /* number: enum event_kind; values: id, sender, count or words[0], string's size */
    TRACE_PORT_READ,           /* number: the port; values: bytes, value, EIP */
    TRACE_PORT_WRITE,          /* the same */
    TRACE_STRIKE,              /* number: enum strike_kind; values: what, EIP */
    TRACE_FAULT,               /* number: the exception; values: error code, address, EIP, ESP */
    TRACE_PROCESS_ENDS,        /* number: its exit code */
    TRACE_KIND_COUNT,
};

/* Accesses outside a grant: each is one strike. */
enum strike_kind {
    STRIKE_PORT_READ,
    STRIKE_PORT_WRITE,
    STRIKE_MEMORY,             /* physical_map */
    STRIKE_IRQ,                /* irq_listen */
    STRIKE_MESSAGE,            /* to a role that it may not speak to, or a pipe or shared memory with one */
    STRIKE_KIND_COUNT,
};

#define TRACE_VALUES 5U

struct trace_record {
    nanoseconds_t time_ns;
    uint32_t sequence;         /* a gap: records that nobody took in time */
    process_id_t process;
    thread_id_t thread;
    uint16_t kind;             /* enum trace_kind */
    uint16_t number;
    uint32_t values[TRACE_VALUES];
    uint32_t unused;
};

#define TRACE_RECORDS 1024U    /* that the ring holds */
