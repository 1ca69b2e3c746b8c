/* The machine and the kernel as a process sees them. */
#pragma once

#include <abi/types.h>

/*
 * A process's memory, bottom up:
 *     0x00000000  never mapped (the first megabyte belongs to VM86)
 *                 stack of the first thread, grows down from SYSTEM_PAGE
 *     0x001FE000  SYSTEM_PAGE, read-only, the same for every process
 *     0x001FF000  PROCESS_PAGE, read-only, its own
 *     0x00200000  image, then what memory_allocate and physical_map give
 *     0x80000000  the kernel
 */
#define SYSTEM_PAGE 0x001FE000U
#define PROCESS_PAGE 0x001FF000U
#define PROGRAM_BASE 0x00200000U
#define USER_END 0x80000000U
#define STACK_TOP SYSTEM_PAGE
#define STACK_SIZE_MAX 0x00080000U /* bytes the first thread's stack may grow to; the page below stays unmapped */

/* cpu_features */
#define CPU_FPU 1U
#define CPU_FXSR 2U
#define CPU_TSC 4U
#define CPU_SYSENTER 8U
#define CPU_PSE 16U
#define CPU_PGE 32U
#define CPU_CPUID 64U
#define CPU_WRITE_PROTECT 128U /* the kernel honours read-only pages too: 486 and later */

struct system_page {
    uint32_t abi_version;
    uint32_t cpu_features;
    uint32_t system_call_entry;  /* call it with the number in EAX; see libos/i386 */
    uint32_t frames_total;       /* pages of memory that the kernel manages */
    /*
     * The monotonic clock: nanoseconds since boot, as of the last tick, and how
     * to go on from there with the time stamp counter:
     *     now = clock_ns + min((tsc - clock_tsc) * tsc_multiplier >> 32, tick_ns)
     * Read clock_sequence before and after, and again while they differ or are
     * odd. tsc_multiplier is 0 where there is no counter.
     */
    volatile uint32_t clock_sequence;
    uint32_t tick_ns;
    volatile nanoseconds_t clock_ns;
    volatile uint64_t clock_tsc;
    uint32_t tsc_multiplier;     /* nanoseconds per count, as a fraction of 2^32 */
    volatile uint32_t device_changes; /* rises whenever a device appears, disappears or is bound: what was looked up before may be elsewhere */
    char version[32];
};

/* What a thread can read about itself. */
struct thread_slot {
    thread_id_t thread;
    uint32_t pointer;            /* set by thread_set_pointer */
    process_id_t sender;         /* of the call that came last by message_reply_wait_words */
    process_class_t sender_class;
};

#define THREAD_SLOTS 96U         /* threads that a process can have */

struct process_page {
    process_id_t id;
    process_class_t class;
    process_id_t parent;
    uint32_t self;               /* address of the struct thread_slot of the thread that reads it */
    uint32_t image_end;          /* first address behind the image */
    uint32_t name_size;
    char name[NAME_SIZE_MAX + 1];
    uint32_t arguments_size;
    char arguments[ARGUMENTS_SIZE_MAX];
    struct thread_slot slots[THREAD_SLOTS];
};

#define RANDOM_SIZE_MAX 256U     /* bytes that system_random gives at a time */

#define TIMER_PERIOD_MIN_NS 1000000U

enum power_action { POWER_REBOOT, POWER_OFF, POWER_HALT };

struct system_statistics {
    uint32_t frames_total;
    uint32_t frames_free;
    uint32_t frames_kernel;      /* code, data, frame table, boot modules, page tables of the kernel */
    uint32_t frames_heap;        /* pages that hold kernel objects */
    uint32_t frames_arenas;      /* pages that hold processes and threads; which of them depends on who lived when */
    uint32_t processes;
    uint32_t threads;
    uint32_t messages;           /* queued or received and not yet done with */
    uint32_t objects;            /* watches, interrupt listeners, timers, memberships in pipes and shared memory */
    uint32_t context_switches;
    uint32_t kernel_text_bytes;
    uint32_t boot_tsc_low;       /* time stamp counter at the kernel's first instruction: low, high */
    uint32_t boot_tsc_high;
};

#define MODULE_IS_FILE 1U        /* flags: kept for the file server, not started */
#define MODULE_STARTED 2U        /* flags: the kernel made a process of it */

struct module_information {
    uint32_t size;               /* bytes */
    uint32_t flags;
    process_class_t class;       /* of a module that is a program */
    process_id_t process;        /* that the kernel started from it, or 0 */
    char name[NAME_SIZE_MAX + 1];/* with prefix; of a file its path, without "file:" */
    uint32_t arguments_size;
    char arguments[256];         /* as process_spawn takes them */
};
