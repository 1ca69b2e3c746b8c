/*
 * VM86: BIOS calls for drivers.
 *
 *     MUST(bios_open(&(struct bios_options){ 0 }));
 *     struct bios_registers registers = { .eax = 0x4F00 };
 *     uint8_t *block = bios_memory(512, &registers.es, &registers.edi);
 *     memcpy(block, "VBE2", 4);
 *     status_t status = bios_int(0x10, &registers);
 *
 * The BIOS runs in VM86 mode in a first megabyte of the process's own: what it does there, and how long it takes, costs this call and
 * nothing else. Ports of the process's grant are its own, too; of all others the library decides (docs/vm86.md). The driver needs
 * RIGHT_VM86 and what BIOS_MANIFEST_… say. What a BIOS wants never reaches another process, nor hardware outside the grant.
 *
 * One thread at a time may call; a process has one first megabyte. Nothing here prints: bios_problem says what went wrong.
 */
#pragma once

#include <abi/status.h>
#include <abi/vm86.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a driver's manifest has for it, beside RIGHT_VM86: the ports of VGA cards and of the Bochs display interface (words at 1CFh reach into
 * 1D0h), and memory of the
 * adapter and ROM:
 *     .ports = { BIOS_MANIFEST_PORTS }, .memory = { BIOS_MANIFEST_MEMORY }
 * Who has not the ROM (C0000h on) has a copy of it, and one strike.
 */
#define BIOS_MANIFEST_PORTS { 0x1CE, 0x1D0 }, { 0x3B0, 0x3DF }
#define BIOS_MANIFEST_MEMORY { 0xA0000, 0xFFFFF }

/* Where things are in the process's first megabyte. */
#define BIOS_MEMORY_FIRST 0x10000U   /* what bios_memory gives: 128 KB */
#define BIOS_MEMORY_END 0x30000U

#define BIOS_MS_USUAL 5000U          /* of running, not of waiting for others who run */
#define BIOS_TRAPS_USUAL 1000000U

struct bios_record;

/* Why a port that is not the process's own is asked for, and what becomes of it. */
enum bios_port {
    BIOS_PORT_OWN,                   /* in the grant: done */
    BIOS_PORT_EMULATED,              /* timer, refresh toggle, PCI configuration: the library answers */
    BIOS_PORT_SWALLOWED,             /* debug and delay ports: nothing is done, all ones are read, and nobody complains */
    BIOS_PORT_REFUSED,               /* the same, but it is counted and told */
};

#define BIOS_SHARED_DATA 1U          /* flags: page 0, with the BIOS data area, is the machine's own. The grant must have memory 0 to FFFh */
#define BIOS_ALL_PORTS_TRAP 2U       /* also those of the grant: for records and traces. Slower */
#define BIOS_STEP 4U                 /* each instruction leaves the mode and is counted and recorded. Much slower */

struct bios_options {
    uint32_t flags;                  /* BIOS_… */
    uint32_t ms;                     /* of running, or halting, that a call may take; 0: BIOS_MS_USUAL */
    uint32_t traps;                  /* that a call may take; 0: BIOS_TRAPS_USUAL */
    /* PCI configuration as the BIOS may see it; NULL: there is no PCI bus. False: no such function, all ones are read. */
    bool (*pci_read)(uint32_t bus, uint32_t device, uint32_t function, uint32_t offset, uint32_t size, uint32_t *value_out);
    /* Called with each record of what a call does; NULL: with none. The record is the library's. */
    void (*record)(const struct bios_record *record);
};

/* Segments and general registers of a call, in and out. Flags: out only, CF (1) and ZF (40h) are of interest. */
struct bios_registers {
    union { uint32_t eax; uint16_t ax; struct { uint8_t al, ah; }; };
    union { uint32_t ebx; uint16_t bx; struct { uint8_t bl, bh; }; };
    union { uint32_t ecx; uint16_t cx; struct { uint8_t cl, ch; }; };
    union { uint32_t edx; uint16_t dx; struct { uint8_t dl, dh; }; };
    union { uint32_t esi; uint16_t si; };
    union { uint32_t edi; uint16_t di; };
    union { uint32_t ebp; uint16_t bp; };
    uint16_t ds, es;
    uint32_t flags;
};

#define BIOS_CARRY 0x01U
#define BIOS_ZERO 0x40U

/* Of all calls since bios_open, or of the last one. */
struct bios_cost {
    uint32_t traps;                  /* times that the monitor had something to do */
    uint32_t ticks;                  /* of the clock that passed in VM86 mode */
    uint32_t ports;                  /* accesses that trapped */
    uint32_t refused;                /* of them, those that were refused */
    uint32_t interrupts;             /* INT instructions within the BIOS */
    uint32_t instructions;           /* BIOS_STEP alone */
};

/*
 * Makes the first megabyte: page 0 as it was at boot, memory of video adapters itself, ROM that is copied where it is written to, the
 * extended BIOS data area, memory for the driver. It stays as BIOS calls leave it until bios_close. OK; NOT_ALLOWED: no RIGHT_VM86, or
 * memory A0000h to FFFFFh (with BIOS_SHARED_DATA, 0 to FFFh, too) is not in the grant; NO_MEMORY, OVER_QUOTA; EXISTS: it is open.
 */
[[nodiscard]] status_t bios_open(const struct bios_options *options);
void bios_close(void);

/* Other options from the next call on: flags but for BIOS_SHARED_DATA, budgets, record. */
void bios_set_options(const struct bios_options *options);

/*
 * An INT instruction of the BIOS.
 *   vector        10h video; 11h, 12h; 15h C0h, 88h, E801h, E820h and what else it does with registers and its own memory; 1Ah; any other
 *                 but those that are refused: 13h (its DMA goes to physical memory, not to the process's), 15h 24h (A20) and 87h (moves
 *                 physical memory): CF is set and AH 86h, as if the BIOS did not know them; inside a call, too
 *   registers     in and out. DS and ES may be 0 where they do not matter
 * Blocks while the BIOS runs. OK: it came back; what it says is in the registers. TIMED_OUT: it took more than options.ms or traps;
 * FAULT: it made a mistake; DEADLOCK: it halted with interrupts off; NOT_ALLOWED: not open; BAD_ARGUMENT: no such vector. Then the registers are as they were at the end,
 * bios_problem has the words, and the next call may go well all the same.
 */
[[nodiscard]] status_t bios_int(uint32_t vector, struct bios_registers *registers);

/* A far call, for entry points such as the protected mode table's or a boot ROM's: returns at RETF. As bios_int. */
[[nodiscard]] status_t bios_call(uint16_t segment, uint16_t offset, struct bios_registers *registers);

/* What stopped the last call, with place and reason, as "port 0x43 …"; "" if nothing did. Never NULL. */
const char *bios_problem(void);

/* What the last call took; what all took since bios_open. */
struct bios_cost bios_last_cost(void);
struct bios_cost bios_all_cost(void);

struct bios_refused {
    uint16_t port;
    uint16_t width;                  /* bytes of the first access that was refused */
    bool is_read;
};

/*
 * Ports that calls since bios_open were refused, each once, for a driver's log: the next one. False: none that is new. Of a BIOS that asks for
 * more than 32, these are told.
 */
bool bios_next_refused(struct bios_refused *refused_out);

/*
 * Memory of the first megabyte for a call's data, zeroed: its address, and segment and offset for the BIOS. Good until
 * bios_memory_clear. NULL: no room; or more than 64 KB, which no offset reaches.
 *   segment_out   a register of struct bios_registers, as &registers.es
 *   offset_out    one of its 32-bit registers, as &registers.edi
 */
void *bios_memory(uint32_t size, uint16_t *segment_out, uint32_t *offset_out);
void bios_memory_clear(void);

/*
 * Copies from the first megabyte, and into it, as the BIOS sees it, wherever a far pointer leads. BAD_ADDRESS: part of it is not mapped, and
 * nothing was copied. A pointer of a BIOS is followed in no other way.
 */
[[nodiscard]] status_t bios_read(uint16_t segment, uint16_t offset, void *to, uint32_t size);
[[nodiscard]] status_t bios_write(uint16_t segment, uint16_t offset, const void *from, uint32_t size);

/* A far pointer as BIOSes store it: offset, segment. */
static inline uint16_t bios_far_segment(uint32_t pointer)
{
    return (uint16_t)(pointer >> 16);
}

static inline uint16_t bios_far_offset(uint32_t pointer)
{
    return (uint16_t)pointer;
}

/* What becomes of an access to a port; width: 1, 2 or 4 bytes. REFUSED, too, while nothing is open. As a call: by one thread. */
enum bios_port bios_port_kind(uint16_t port, uint32_t width);

/* ---- Records ---- */

enum bios_record_kind {
    BIOS_RECORD_CALL,                /* a call begins: vector in `value`, registers */
    BIOS_RECORD_TRAP,                /* the monitor emulated an instruction: its bytes, registers and memory. Behind those of its ports */
    BIOS_RECORD_PORT_READ,           /* port, width, value, enum bios_port */
    BIOS_RECORD_PORT_WRITE,
    BIOS_RECORD_INTERRUPT,           /* an INT within: vector in `value`; `depth` */
    BIOS_RECORD_RETURN,              /* its IRET */
    BIOS_RECORD_STEP,                /* BIOS_STEP: an instruction that the processor did itself */
    BIOS_RECORD_COPY,                /* a page of ROM was written to first, and is the process's own now: `value` is its address */
    BIOS_RECORD_WRITTEN,             /* behind a call: bytes of memory that are others than before: first address in `value`, `count` of them */
    BIOS_RECORD_END,                 /* a call is over: status in `value`, registers, cost */
    BIOS_RECORD_KIND_COUNT,
};

/* What came of an instruction that the monitor did. */
enum bios_trap {
    BIOS_TRAP_DONE,
    BIOS_TRAP_AGAIN,                 /* a part of a repeated instruction; the next record has more of it */
    BIOS_TRAP_HALTED,
    BIOS_TRAP_HALTED_FOR_EVER,
    BIOS_TRAP_UNKNOWN,               /* no instruction for 16-bit code; nothing was done */
    BIOS_TRAP_FAULT,                 /* memory that it needs is not there; nothing was done */
    BIOS_TRAP_COUNT,
};

#define BIOS_RECORD_READ 12U
#define BIOS_RECORD_WRITTEN_MAX 8U

/* One size for all, so that a file of them needs no parser. */
struct bios_record {
    uint32_t kind;                   /* enum bios_record_kind */
    uint32_t number;                 /* of the record in its call, from 0 */
    uint32_t depth;                  /* interrupts nested */
    uint32_t value;                  /* TRAP: what came of it, enum bios_trap */
    uint32_t count;                  /* TRAP: of BIOS_TRAP_FAULT, the address */
    uint16_t port;
    uint16_t width;                  /* bytes of a port access */
    uint32_t port_kind;              /* enum bios_port */
    uint32_t flags_before, flags_after;      /* TRAP: EFLAGS as the code sees them; in `before` and `after` they are as the processor has them */
    uint8_t code[16];                /* the instruction's bytes, from CS:EIP on */
    uint8_t read[BIOS_RECORD_READ];          /* TRAP: memory that it read: what it popped, or the vector of an interrupt */
    uint8_t written[BIOS_RECORD_WRITTEN_MAX];        /* TRAP: memory that it pushed. Of INS and OUTS the records of their ports tell */
    uint8_t code_size, read_size, written_size, zero;        /* code_size: 0 in other kinds than TRAP, which have bytes behind the instruction, too */
    struct vm86_state before, after; /* registers; their other fields are 0. `before`: of all kinds; `after`: TRAP, END */
    struct bios_cost cost;           /* END */
};

/*
 * A record as a line for people, without a line's end; what does not fit is cut. Number, place, and what happened, further to the right the more
 * interrupts are nested:
 *         17  c000:9b2a    out dx, al  port 0x3c8
 * Returns the length that the whole line has. Whatever stands in the record, the line is text.
 */
size_t bios_record_text(const struct bios_record *record, char *text, size_t size);

/* ---- Recordings ---- */

/*
 * A file of records: this, and behind it struct bios_record to the file's end, of one or several calls. Numbers are little-endian. A reader
 * takes no other version and no other size; `tools/bios-replay FILE` reads such files on the host.
 */
#define BIOS_RECORDING_MAGIC "TernionV"     /* without the NUL */
#define BIOS_RECORDING_VERSION 1U

struct bios_recording {
    char magic[8];
    uint32_t version;
    uint32_t record_size;
};

void bios_recording_begin(struct bios_recording *recording);

#define BIOS_RECORDING_LINE_MIN 16U

/*
 * Bytes of a recording as a line of text, without a line's end: for machines whose only way out is a log, which bios-replay reads, too.
 *   position         of the first byte in the file
 *   text, text_size  at least BIOS_RECORDING_LINE_MIN bytes of room; a line is as long as that allows
 * Returns how many bytes the line has of them, at least one.
 */
size_t bios_recording_line(uint32_t position, const void *bytes, size_t size, char *text, size_t text_size);

/* Is it the beginning of a file that can be read? NULL: yes; else why not. */
const char *bios_recording_problem(const struct bios_recording *recording);
