/*
 * A mode: what a client is told of it, and how its pixels come to the adapter. Made of what a VBE BIOS says, if that makes sense. Portable.
 */
#pragma once

#include <ternion/display.h>
#include <ternion/vbe.h>

#include <stdbool.h>

enum mode_kind {
    MODE_LINEAR,                     /* the client draws into the framebuffer itself */
    MODE_BANKED,                     /* bytes are copied through a window */
    MODE_PLANAR,                     /* four planes of bits, through a window */
};

#define MODE_PLANES 4U

/* Through it a part of the framebuffer is seen. */
struct mode_window {
    physical_t memory;
    uint32_t size;                   /* bytes */
    uint32_t granularity;            /* bytes: where it can begin */
    uint32_t function;               /* far pointer, for vbe_set_window; 0: none */
    uint8_t number;                  /* 0: A, 1: B */
};

struct mode {
    struct display_mode shown;
    enum mode_kind kind;
    bool is_vga;                     /* one of a plain VGA: number below 14h */
    uint32_t pitch;                  /* in the adapter's memory; of a plane */
    physical_t frame;                /* MODE_LINEAR */
    uint32_t frame_size;             /* bytes that clients may have of it */
    struct mode_window window;       /* the other kinds */
};

/* What a mode must fit into. */
struct mode_limits {
    uint16_t version;                /* of VBE */
    uint32_t memory;                 /* of the adapter, bytes; 0: not known */
    /* Is this physical memory the adapter's, and ours? NULL: yes; else why not. */
    const char *(*frame_problem)(physical_t first, uint32_t size);
};

/*
 * Makes a mode of what the BIOS says of it. NULL: done; else why there is no such mode, in words for a person, and mode_out is untouched.
 *   no_linear_out   why the mode is without its linear framebuffer; NULL: it has one, or the BIOS offers none
 */
const char *mode_from_block(uint16_t number, const struct vbe_mode_block *block, const struct mode_limits *limits, struct mode *mode_out,
                            const char **no_linear_out);

/* Modes 12h, 640 by 480 with 16 colours, and 13h, 320 by 200 with 256: IBM VGA. */
#define MODE_VGA_COUNT 2U
extern const struct mode mode_vga[MODE_VGA_COUNT];

/*
 * The index of the mode that is best for a monitor: its own size, else 1024 by 768, 800 by 600 or 640 by 480 if that is not larger; of these
 * the one with most bits. Else the first of all.
 *   width, height   pixels of the monitor; 0: not known
 */
uint32_t mode_preferred(const struct mode *modes, uint32_t count, uint32_t width, uint32_t height);
