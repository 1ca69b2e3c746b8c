/* Processes, threads and memory: what a spawner gives and what can be asked of them. */
#pragma once

#include <abi/grant.h>
#include <abi/types.h>

#define SPAWN_WATCH 1U      /* flags: the spawner gets EVENT_PROCESS_EXITED when it ends */

struct spawn {
    process_class_t class;
    uint32_t flags;
    const char USER *name;  /* without the prefix: the kernel puts the one of the class before it */
    uint32_t name_size;     /* bytes, without a NUL */
    const void USER *image; /* an ELF32 executable, anywhere in the caller's memory */
    uint32_t image_size;
    const char USER *arguments; /* strings, each ended by a NUL, one after the other */
    uint32_t arguments_size;    /* bytes of them all, NULs included, at most ARGUMENTS_SIZE_MAX */
    struct grant grant;
};

/* Why an image was refused: beside BAD_IMAGE. */
#define ELF_REASON_LIST(REASON) \
    REASON(ELF_FINE, "nothing is wrong with it") \
    REASON(ELF_TRUNCATED, "it is cut short: a header or segment lies behind its end") \
    REASON(ELF_NOT_ELF, "it does not begin with the ELF magic number") \
    REASON(ELF_NOT_I386, "it is not a 32-bit little-endian image for the i386") \
    REASON(ELF_NOT_EXECUTABLE, "it is not a statically linked executable (type EXEC)") \
    REASON(ELF_BAD_HEADER, "its header has sizes or counts that ELF does not allow") \
    REASON(ELF_NO_SEGMENT, "it has no segment to load") \
    REASON(ELF_TOO_MANY_SEGMENTS, "it has more segments to load than the kernel takes") \
    REASON(ELF_BAD_SEGMENT_SIZE, "a segment is larger in the file than in memory, or wraps around") \
    REASON(ELF_BAD_SEGMENT_ADDRESS, "a segment lies outside the memory that programs may use") \
    REASON(ELF_UNALIGNED_SEGMENT, "a segment's address and file offset differ within a page") \
    REASON(ELF_OVERLAP, "two segments share a page") \
    REASON(ELF_WRITABLE_TEXT, "a segment is both writable and executable") \
    REASON(ELF_BAD_ENTRY, "the entry point is not inside an executable segment") \
    REASON(ELF_BAD_MANIFEST, "its manifest is damaged, or made for another version of the system") \
    REASON(ELF_NO_LIBRARY, "it was linked to a library, or a build of one, that did not come with the kernel")

enum elf_reason {
#define ELF_REASON_ENUMERATOR(name, meaning) name,
    ELF_REASON_LIST(ELF_REASON_ENUMERATOR)
#undef ELF_REASON_ENUMERATOR
    ELF_REASON_COUNT,
};

/*
 * Exit codes: 0 to 255 are the process's own; from EXIT_TERMINATED on the
 * kernel says why it ended.
 */
#define EXIT_OWN_MASK 0xFFU         /* reads as 0 by who is not among the partners of the one that ended */
#define EXIT_TERMINATED 0x100U      /* by process_terminate; the low byte is the caller's code */
#define EXIT_FAULT 0x200U           /* low byte: number of the processor exception */
#define EXIT_STACK_NO_MEMORY 0x300U /* its stack could not grow */
#define EXIT_STRIKES 0x400U         /* a driver that touched too much that it may not */

enum process_state { PROCESS_RUNNING, PROCESS_ASLEEP, PROCESS_FROZEN };

struct process_information {
    process_id_t id;
    process_id_t parent;
    process_class_t class;
    uint32_t state;
    uint32_t threads;
    uint32_t frames;                 /* of its own, page tables included */
    uint32_t used[RESOURCE_COUNT];   /* by it and its descendants */
    uint32_t limits[RESOURCE_COUNT];
    nanoseconds_t cpu_ns;            /* counted in clock ticks */
    uint32_t over_budget;            /* 1: runs behind the applications, until it sleeps */
    uint32_t role;                   /* enum process_role */
    uint32_t partners;               /* ROLE_BIT of each role that it may exchange messages with */
    uint32_t strikes;                /* accesses outside its grant so far */
    char name[NAME_SIZE_MAX + 1];
};

/* memory_allocate and memory_protect */
#define MEMORY_READ_ONLY 1U
#define MEMORY_ON_DEMAND 2U          /* frames are taken when a page is first touched */

/* physical_map */
#define PHYSICAL_READ_ONLY 1U
#define PHYSICAL_UNCACHED 2U
#define PHYSICAL_WRITE_COMBINING 4U  /* for framebuffers: writes may be gathered. Where the processor has no PAT they are written through */

/* dma_allocate */
#define DMA_BELOW_16_MB 1U           /* for devices on the ISA bus */
#define DMA_WITHIN_64_KB 2U          /* it crosses no multiple of 64 KB: what the 8237 needs; at most 16 pages */
#define DMA_PAGES_MAX 256U           /* 1 MB */
