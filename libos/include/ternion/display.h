/*
 * Displays: screens of pixels. DEVICE_DISPLAY. The screen is text until a client sets a mode, and its alone until it releases it or ends;
 * then it is text again.
 *
 * A client draws into memory that it shares with the driver. Where the adapter has a linear framebuffer that memory is the framebuffer
 * itself (DISPLAY_DIRECT) and what is drawn is seen; else the driver brings it to the adapter, and only what display_flush names is seen
 * for sure. Clients that flush what they have drawn work with both.
 *
 * What each driver of the type answers to what it cannot do, and nothing has changed then:
 *     ABSENT          it knows no display of this number
 *     BAD_ARGUMENT    no such mode; a rectangle outside of width and lines; a line that cannot be the first; colours behind the last
 *     BUSY            another process has the display
 *     NOT_ALLOWED     the caller does not have the display: set a mode first
 *     BAD_OPERATION   the mode has no palette; the adapter cannot move the display's start; there is no EDID
 *     FAULT           the adapter, or its BIOS, did not do it; the screen is text, or what it was
 */
#pragma once

#include <ternion/device.h>

#define DISPLAY_DIRECT 0x01U         /* the client's memory is the framebuffer */
#define DISPLAY_PALETTE 0x02U        /* pixels are indices of colours */
#define DISPLAY_PREFERRED 0x04U      /* by what the monitor says, or the driver's guess; one mode has it */
#define DISPLAY_FALLBACK 0x08U       /* a mode of plain VGA */
#define DISPLAY_BANKED 0x10U         /* the driver moves pixels through a window */
#define DISPLAY_START 0x20U          /* display_show can move the start */

/* Where a colour is in a pixel: value >> shift, `bits` of it. */
struct display_channel {
    uint8_t bits;
    uint8_t shift;
};

/* One of the modes that a display has. Pixels of more than 8 bits are little-endian, 1 to 4 bytes. */
struct display_mode {
    uint16_t mode;                   /* what display_set is told; VBE's number where there is one */
    uint16_t flags;                  /* DISPLAY_… */
    uint16_t width;
    uint16_t height;
    uint32_t pitch;                  /* bytes from one line to the next in the client's memory */
    uint16_t bits;                   /* that count in a pixel: 4 and 8 (one byte, an index), 15, 16 (two), 24 (three or four), 32 (four) */
    uint16_t bytes;                  /* of a pixel */
    struct display_channel red, green, blue;
    uint16_t lines;                  /* that fit the memory one below the other: those below `height` can be shown by display_show */
};

struct display_information {
    uint32_t memory;                 /* of the adapter, bytes; 0: not known */
    uint16_t modes;                  /* how many */
    uint16_t preferred;              /* its number; 0xFFFF: there is no mode */
    uint16_t current;                /* that is set; 0xFFFF: text */
    uint16_t version;                /* of VBE, BCD as in 0x0300; 0: no VBE */
    uint16_t width_mm, height_mm;    /* of the monitor; 0: not known */
    process_id_t owner;              /* who has the display; 0: nobody */
};

#define DISPLAY_NO_MODE 0xFFFFU
#define DISPLAY_MODES_MAX 256U       /* of a display */
#define DISPLAY_MODES_PER_CALL 64U
#define DISPLAY_COLOURS 256U

struct display_call_first {
    uint32_t number;
    uint32_t first;                  /* index of a mode */
};

struct display_call_count {
    uint32_t count;                  /* modes that come with the answer; none behind the last */
};

#define DISPLAY_KEEP 1U              /* flags of set: what is in the adapter's memory stays, as far as it can */

struct display_call_set {
    uint32_t number;
    uint16_t mode;
    uint16_t flags;                  /* DISPLAY_KEEP or 0 */
};

struct display_call_set_reply {
    struct display_mode mode;
    shared_id_t memory;              /* its pages begin with the first pixel */
    uint32_t unused;
    object_key_t key;
};

struct display_call_rectangle {
    uint32_t number;
    uint16_t x, y, width, height;
};

struct display_call_line {
    uint32_t number;
    uint16_t line;
    uint16_t wait;                   /* 1: for the vertical retrace, then the call is answered */
};

struct display_call_colours {
    uint32_t number;
    uint16_t first;
    uint16_t count;                  /* at most DISPLAY_COLOURS; each is four bytes: blue, green, red, 0 */
};

#define DISPLAY_PROTOCOL(OPERATION, TRANSFER, display_call) \
    OPERATION(display_call, information, 1, struct device_call_number, struct display_information) \
    TRANSFER(display_call, modes, 2, struct display_call_first, struct display_call_count, 0, DISPLAY_MODES_PER_CALL * sizeof(struct display_mode), 0, 0) \
    TRANSFER(display_call, edid, 3, struct device_call_number, struct nothing, 0, 128, 0, 0) \
    OPERATION(display_call, set, 4, struct display_call_set, struct display_call_set_reply) \
    OPERATION(display_call, flush, 5, struct display_call_rectangle, struct nothing) \
    OPERATION(display_call, show, 6, struct display_call_line, struct nothing) \
    TRANSFER(display_call, palette, 7, struct display_call_colours, struct nothing, DISPLAY_COLOURS * 4, 0, 0, 0) \
    OPERATION(display_call, release, 8, struct device_call_number, struct nothing)
PROTOCOL_DECLARE(display_call, 0x001A, 1, DISPLAY_PROTOCOL)

/* A display with what the client has of it. */
struct display {
    struct device device;
    struct display_mode mode;        /* width 0: none is set */
    uint8_t *pixels;                 /* of the first line. May be elsewhere after any call of this header, and mode.pitch another: the driver may
                                        have come back */
    /* libos' own */
    process_id_t driver;             /* that has set the mode, and its number for the display */
    uint32_t driver_number;
    bool is_complete;                /* palette and picture are there, too */
    shared_id_t memory;
    uint32_t pages;
    uint32_t line;                   /* that was shown last */
    uint32_t palette[DISPLAY_COLOURS];                  /* to be set again behind a driver's death */
    uint32_t palette_known[DISPLAY_COLOURS / 32];       /* bit by bit: those that were set */
};

/*
 * All of these block. Should the driver die, or the name lead to another display by now, those of them that need a mode set the same
 * again, with its palette, start and, as far as the adapter can, its picture: nothing is lost but time. Where that cannot be, they say why
 * (BAD_ARGUMENT: the display has no such mode), and try once more when they are called again; what was drawn is kept meanwhile.
 *
 * What a driver answers is not believed: BAD_SIZE: its memory, or its list, is not as large as it says; BAD_PROTOCOL: such a mode cannot be.
 * Beside the statuses above they have those of device.h. While the process has a mode it gets EVENT_SHARED_RELEASED when the driver dies.
 */

/* As device_open, for the default display "screens\\display\\0" where name is NULL. Nothing is set. */
[[nodiscard]] status_t display_open(struct display *display, const char *name, nanoseconds_t deadline_ns);

[[nodiscard]] status_t display_information(struct display *display, struct display_information *information_out);

/* All modes, at most `room` of them, in the driver's order; *count_out: how many. */
[[nodiscard]] status_t display_modes(struct display *display, struct display_mode *modes, uint32_t room, uint32_t *count_out);

/* The monitor's 128 bytes of EDID. BAD_OPERATION: there is none. */
[[nodiscard]] status_t display_edid(struct display *display, uint8_t edid_out[128]);

/*
 * Sets a mode, black, and maps its pixels; the display is the caller's from here on, until display_release or its end.
 *   mode   of a struct display_mode
 * BAD_ARGUMENT, BUSY: what was set is set, and no other status says so. FAULT; NO_MEMORY, OVER_QUOTA: its pixels cannot be mapped: then, and
 * with all others, nothing is set any more, and the screen is text.
 */
[[nodiscard]] status_t display_set(struct display *display, uint32_t mode);

/* What was drawn there is on the screen when this comes back. The rectangle lies within width and lines, seen by now or not;
 * an empty one is fine. */
[[nodiscard]] status_t display_flush(struct display *display, uint32_t x, uint32_t y, uint32_t width, uint32_t height);

/* In a mode with DISPLAY_START the picture begins with this line of the memory: 0 to lines - height. wait: when the beam is at its end, and this comes back then. */
[[nodiscard]] status_t display_show(struct display *display, uint32_t line, bool wait);

/* Colours of a palette, 00RRGGBBh each; the adapter may have fewer bits. */
[[nodiscard]] status_t display_set_palette(struct display *display, uint32_t first, uint32_t count, const uint32_t *colours);

/* The screen is text again. */
[[nodiscard]] status_t display_release(struct display *display);

/* ---- Modes: these only look at them. Portable ---- */

/* Can there be such a mode, in so many pages of memory? What display_set asks of a driver's answer. */
bool display_mode_can_be(const struct display_mode *mode, uint32_t pages);

/*
 * Which of several modes is nearest. One that is not smaller than wanted, if there is one, and of those the smallest; else the largest. Among
 * modes of one size that with most bits up to `bits`, or else with fewest. NULL: there is none.
 */
const struct display_mode *display_nearest(const struct display_mode *modes, uint32_t count, uint32_t width, uint32_t height, uint32_t bits);

/*
 * Which mode a person means: a number (0x118, 280), a size (1024x768), a size and bits (1024x768x16), or "preferred". NULL: none of these modes,
 * or nothing of this kind.
 */
const struct display_mode *display_choose(const struct display_mode *modes, uint32_t count, const char *words);

/* ---- Pixels. Portable ---- */

/* The pixel of a colour 00RRGGBBh: in a mode with a palette the nearest of display_palette. */
uint32_t display_pixel(const struct display_mode *mode, uint32_t colour);

/* The colour of a pixel, as far as the mode has it: in a mode with a palette by display_palette. */
uint32_t display_colour(const struct display_mode *mode, uint32_t pixel);

/*
 * A palette for pictures, as display_set_palette takes it: with 8 bits, the highest three are red, the next three green, two blue; with 4 the sixteen
 * colours of text. Returns how many there are; 0: the mode has none.
 */
uint32_t display_palette(const struct display_mode *mode, uint32_t colours_out[DISPLAY_COLOURS]);

/* Writes a pixel. */
static inline void display_store(uint8_t *at, uint32_t bytes, uint32_t pixel)
{
    for (; bytes > 0; bytes--, pixel >>= 8) {
        *at++ = (uint8_t)pixel;
    }
}
