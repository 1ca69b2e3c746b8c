/*
 * The monitor: does for 16-bit code what VM86 mode leaves undone. Portable: it knows registers, and asks its world for memory and ports.
 *
 * 16-bit code finds itself on a processor in real mode at its own: IF is kept here, IOPL reads as 0 as after reset, NT and IOPL do what POPF
 * says when they are read back, but nothing else. No interrupt ever comes to it from outside, so there is none that STI would hold back for
 * one instruction. Nothing that the code does makes the monitor fail: memory that is not there, prefixes without end, wraps at 64 KB have a defined outcome. IP and SP wrap there; a
 * word or an instruction that stands across the end of a segment is a mistake, as it is on a 386.
 */
#pragma once

#include <abi/vm86.h>

#include <stdbool.h>
#include <stdint.h>

#define MONITOR_VECTORS 256U
#define MONITOR_PLAIN_PORTS 256U     /* a power of two */

/*
 * What needs no asking: of all instructions the code, of those of usual.h the rest.
 */
struct monitor_direct {
    /* Where linear address 0 is, which may be address 0, and what each page is good for, MONITOR_PAGE_…. Code is read without a look at that: the
       processor has just done so itself. */
    uint8_t *memory;
    const uint8_t *pages;
    /* Ports of which all is known: MONITOR_PLAIN_PORT of each at its place. Of the last of its kinds they are read and written so. */
    const uint32_t *plain_ports;
    uint32_t (*own_read)(uint16_t port, uint32_t width);
    void (*own_write)(uint16_t port, uint32_t width, uint32_t value);
    /* Vectors of which world.interrupt has something to say. Those that have 0:0 in the table are its own to judge as well. */
    const bool *asked_vectors;
};

/* What stands around it. Functions are given `context`. */
struct monitor_world {
    void *context;
    const struct monitor_direct *direct;     /* or NULL */
    /* Bytes at a linear address below VM86_MEMORY_END + 16. False: part of it is not there, or is read-only; then nothing is written. */
    bool (*read)(void *context, uint32_t address, void *to, uint32_t size);
    bool (*write)(void *context, uint32_t address, const void *from, uint32_t size);
    /* Is there memory that can be written? Asked before a port is read: what a port gave cannot be put back. */
    bool (*is_writable)(void *context, uint32_t address, uint32_t size);
    /* width: 1, 2, 4 */
    uint32_t (*port_read)(void *context, uint16_t port, uint32_t width);
    void (*port_write)(void *context, uint16_t port, uint32_t width, uint32_t value);
    /* An INT instruction is about to go through the vector table; EIP is before it. False: not done; the instruction counts as done, whoever
       answered: he may change registers, but not CS and EIP. */
    bool (*interrupt)(void *context, struct vm86_state *state, uint32_t vector);
};

#define MONITOR_PAGE_READABLE 1U     /* this or more: it can be read */
#define MONITOR_PAGE_WRITABLE 2U     /* this or more: it can be written, at once */

enum monitor_outcome {
    MONITOR_GOES_ON,             /* done; the code can be entered again */
    MONITOR_AGAIN,               /* a part of a repeated string instruction: the rest is done when it is entered again */
    MONITOR_HALTED,              /* HLT, interrupts on: EIP is behind it. Whoever can waits for a tick and goes on */
    MONITOR_HALTED_FOR_EVER,     /* HLT, interrupts off */
    MONITOR_UNKNOWN,             /* an instruction that is not for such code, or none at all: LGDT, MOV CR0, 0F FF, … Registers as before */
    MONITOR_FAULT,               /* memory that it needs is not there. Registers as before; `address` */
};

struct monitor {
    const struct monitor_world *world;
    bool single_step;            /* the last instruction was done with TF on: exception 1 is due, and it is the caller's to make */
    uint32_t flags;              /* those of `kept` as the code set them */
    uint32_t kept;               /* EFLAGS that nobody has for real, but read as they were written: IF, IOPL, NT and AC. Where the processor
                                    has CPUID, the caller adds ID: the code looks for it there */
    uint32_t address;            /* of MONITOR_FAULT */
    uint32_t string_max;         /* elements of a repeated instruction that are done in one go; 0: 512 */

    /* What usual.h did without asking: accesses to plain ports, those of them that were refused, and INT instructions. */
    uint32_t plain, plain_refused, interrupts;

    /* Of the instruction that was done last, for records. */
    uint8_t code[16];            /* its bytes; more may stand behind them */
    uint32_t code_size;          /* 0: it was not even read */
    uint8_t read[12];            /* memory that it read: what it popped, or an interrupt's vector */
    uint32_t read_size;
    uint8_t written[8];          /* what it pushed */
    uint32_t written_size;
};

enum monitor_plain {
    MONITOR_QUIET,               /* nothing is done there, and all ones are read */
    MONITOR_QUIET_REFUSED,       /* the same, and it is counted */
    MONITOR_OWN,
    MONITOR_PLAIN_COUNT,
};

/* width: 1, 2, 4 */
#define MONITOR_PLAIN_PORT(port, width, kind) ((uint32_t)(port) << 16 | (width) << 8 | (uint32_t)(kind))

static inline uint32_t monitor_plain_place(uint16_t port)
{
    return (port ^ port >> 8) % MONITOR_PLAIN_PORTS;
}

/* As after a BIOS call's start: interrupts on, IOPL 0. */
void monitor_initialise(struct monitor *monitor, const struct monitor_world *world);

/* Does the instruction at which the code left VM86 mode by a general protection fault, and says what is next. */
enum monitor_outcome monitor_emulate(struct monitor *monitor, struct vm86_state *state);

/*
 * Interrupt `vector`, as the processor does it in real mode: flags, CS and IP onto the stack, IF and TF off, on at the vector in the table
 * at address 0. Without asking world.interrupt. MONITOR_FAULT: the stack is not there. SDM volume 2, INT n, real-address mode.
 */
enum monitor_outcome monitor_interrupt(struct monitor *monitor, struct vm86_state *state, uint32_t vector);

/* EFLAGS as 16-bit code pushes them. RF is for debuggers, and PUSHF does not show it. SDM volume 1, section 3.4.3. */
static inline uint32_t monitor_flags(const struct monitor *monitor, const struct vm86_state *state)
{
    return (state->eflags & (VM86_EFLAGS & ~0x10000U)) | 0x2U | monitor->flags;
}
