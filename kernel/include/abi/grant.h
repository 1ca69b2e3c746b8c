/*
 * What a process may use of the system and touch of the machine, and whom it may speak to. A program says what it needs in
 * its manifest (ternion/manifest.h); whoever spawns it decides; nobody can give what he has not.
 */
#pragma once

#include <abi/types.h>

/* What a process is to others. Who may exchange messages with whom is said by roles. */
enum process_role {
    ROLE_NONE,             /* any program */
    ROLE_SUPERVISOR,       /* d\init, and the task manager */
    ROLE_LOG,              /* a\log; log_write asks for it too */
    ROLE_BUS,              /* PCI, DMA controller */
    ROLE_DISPLAY,
    ROLE_INPUT,            /* keyboard, mouse */
    ROLE_STORAGE,
    ROLE_AUDIO,
    ROLE_NETWORK,
    ROLE_LINE,             /* serial, parallel */
    ROLE_PLATFORM,         /* clock, speaker, and what else a PC has */
    ROLE_INPUT_SERVER,
    ROLE_FILE_SERVER,
    ROLE_WINDOW_SERVER,
    ROLE_NETWORK_SERVER,
    ROLE_AUDIO_SERVER,
    ROLE_COUNT,
};

#define ROLE_BIT(role) (1U << (role))
#define PARTNERS_ALL 0xFFFFU

#define IRQ_BIT(line) (1U << (line))

/* What is neither port nor address. */
#define RIGHT_DMA 0x001U             /* dma_allocate */
#define RIGHT_DMA_CONTROLLER 0x002U  /* the ports of the 8237, dma_guard and dma_check: the DMA driver's */
#define RIGHT_PCI 0x004U             /* the ports of PCI configuration, dma_guard and dma_check: the PCI driver's */
#define RIGHT_VM86 0x008U            /* VM86 mode */
#define RIGHT_SPEAKER 0x010U         /* speaker_divisor */
#define RIGHT_CONTROL_DRIVERS 0x020U /* a server with it may end drivers and put them to sleep */
#define RIGHT_BIND_DEVICES 0x040U    /* device_bind */
#define RIGHT_TRACE 0x080U           /* trace_set: sees whatever others do */
#define RIGHT_DEBUG 0x100U           /* debug_listen: sees the memory of processes that made a mistake */
#define RIGHT_ASSIGN_ROLES 0x200U    /* may give processes any role and any number of strikes, and register devices of any type */
#define RIGHTS_ALL 0x3FFU
#define RIGHT_COUNT 10U

struct port_range {
    uint16_t first;
    uint16_t last;
};

struct memory_range {
    physical_t first;                /* byte */
    physical_t last;                 /* byte */
};

#define ACCESS_PORTS_MAX 12U
#define ACCESS_MEMORY_MAX 8U
#define STRIKES_USUAL 16U

struct access {
    uint32_t rights;                 /* RIGHT_… */
    uint32_t role;                   /* enum process_role */
    uint32_t partners;               /* ROLE_BIT of each role that it may exchange messages with; a call needs both sides' word */
    uint32_t irqs;                   /* IRQ_BIT of each line */
    uint32_t strikes;                /* accesses outside the grant at which it is unloaded; 0: STRIKES_USUAL */
    struct port_range ports[ACCESS_PORTS_MAX];      /* { 0, 0 }: none */
    struct memory_range memory[ACCESS_MEMORY_MAX];  /* physical, but no RAM; { 0, 0 }: none */
};

/* What a process and all that descend from it may use together. 0 stands for the spawner's own limit. */
enum resource {
    RESOURCE_FRAMES,        /* pages of memory, page tables included */
    RESOURCE_PROCESSES,
    RESOURCE_THREADS,
    RESOURCE_MESSAGE_BYTES, /* sent and not yet received */
    RESOURCE_OBJECTS,       /* watches, interrupt listeners, timers, memberships, devices, DMA memory, messages sent and not yet received */
    RESOURCE_COUNT,
};

/* Where the access of a new process comes from. What exceeds the spawner's own is refused: NOT_ALLOWED. */
enum access_source {
    ACCESS_MANIFEST,        /* what the image's manifest asks for. Without a manifest: no role, no hardware, the spawner's partners */
    ACCESS_EXPLICIT,        /* grant.access */
    ACCESS_SAME,            /* the spawner's own, but without a role */
};

struct grant {
    uint32_t limits[RESOURCE_COUNT];
    uint32_t source;        /* enum access_source */
    struct access access;   /* ACCESS_EXPLICIT */
};

/*
 * The manifest in an image: a note (System V ABI, chapter 5, "Note Section") of this name and type in a segment of type
 * PT_NOTE. The kernel reads the access alone.
 */
#define MANIFEST_NOTE_NAME "Ternion"
#define MANIFEST_NOTE_TYPE 1U
#define MANIFEST_PCI_MAX 4U

/* PCI functions that a driver is for. PCI Local Bus Specification 3.0, section 6.2.1 and appendix D. */
struct pci_match {
    uint16_t vendor;        /* 0: any, and the class counts */
    uint16_t device;
    uint8_t class;
    uint8_t subclass;
    uint8_t interface;      /* 0xFF: any */
    uint8_t is_used;        /* 0: this entry says nothing */
};

struct manifest {
    struct access access;
    struct pci_match pci[MANIFEST_PCI_MAX];
};
