/*
 * A machine around d\vesa: a BIOS that can be told to go wrong, a VGA with its registers, planes and banks, and the calls of the kernel.
 * For the tests of d\vesa.
 */
#pragma once

#include <abi/shared.h>
#include <ternion/vbe.h>
#include <ternion/vm86.h>

#define WORLD_FRAME 0xE0000000U
#define WORLD_FRAME_SIZE 0x400000U
#define WORLD_WINDOW 0x10000U
#define WORLD_MODES_MAX 40U
#define WORLD_FUNCTIONS 0x16U        /* 4F00 to 4F15 */

/* What a function does. */
struct world_answer {
    status_t status;                 /* of bios_int; not OK: it hangs or fails */
    uint16_t ax;                     /* 0: as it should */
    bool is_lie;                     /* it says that it is done, and does nothing */
};

struct world_mode {
    uint16_t number;
    struct vbe_mode_block block;
};

struct world {
    bool has_bios, has_vga, has_window_function;
    struct world_answer answers[WORLD_FUNCTIONS];
    struct world_answer vga_modes;   /* INT 10h, AH = 0 */
    struct world_answer fonts;       /* AH = 11h */
    uint8_t dac_says;                /* bits that 4F08 answers, whatever it did; 0: what is true */
    struct vbe_controller_block controller;
    struct world_mode modes[WORLD_MODES_MAX];
    uint32_t mode_count;
    uint8_t edid[128];
    bool has_edid;
    uint16_t pitch;                  /* that 4F06 says */
    nanoseconds_t call_ns;           /* that a call of the BIOS takes */
    bool has_dispi;                  /* graphics, whatever the registers of a VGA say, as long as it is on */
    bool planes_are_broken;          /* what is written is forgotten */
    uint16_t refused_ports[4];       /* that the BIOS was refused; 0: no more */
    status_t shared_status;          /* of shared_physical and shared_create */
    status_t frame_status;           /* of physical_map beyond 1 MB */

    /* What became of it. */
    uint16_t set;                    /* BX of the last 4F02, or the mode of AH = 0 */
    uint32_t sets, calls, windows_set, window_calls;
    uint32_t hangs;                  /* calls that were cut off */
    uint8_t state_call;              /* DL of the last 4F04; FFh: there was none */
    uint16_t start_line;
    uint8_t dac_bits;
    uint32_t windows[2];             /* positions, in granularity */
    uint32_t granularity;            /* bytes */
    bool is_graphics;
    bool dispi_is_on;
    bool is_lent;
    bool is_others;                  /* another driver has the adapter: nobody may touch a port */
    bool was_others;                 /* another one has had it */
    uint32_t panic_address;
    physical_t shared_physical;      /* address of the last one; 0: shared_create */
    uint32_t shared_live;            /* that were made and not left */
    shared_id_t shared_id;           /* of the last one */
    uint32_t shared_pages;
    char log[4096];                  /* all lines */
};

extern struct world world;
extern uint8_t world_memory[VM86_MEMORY_END];    /* the first megabyte, as the BIOS sees it */
extern uint8_t world_frame[WORLD_FRAME_SIZE];    /* of linear and banked modes */
extern uint8_t world_planes[4][0x40000];
extern uint8_t world_dac[256][3];
extern uint8_t world_attributes[32];

/* A machine with a good BIOS of VBE 3.0, 4 MB, an empty list of modes, and a text screen. */
void world_begin(void);

/* A mode that makes sense; its block for changes. */
struct vbe_mode_block *world_add_mode(uint16_t number, uint16_t width, uint16_t height, uint8_t bits);

/* The BIOS's list of modes, in its block, of all that were added. */
void world_list_modes(void);

/* What was written through the window arrives. */
void world_settle(void);

/* An EDID of a monitor with this preferred size. */
void world_add_edid(uint16_t width, uint16_t height);

/* Does any line of the log have this text? */
bool world_log_says(const char *text);
