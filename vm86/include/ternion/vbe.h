/*
 * VBE: the blocks in which a BIOS answers, as they lie in memory. VBE Core Functions Standard 3.0, sections 4.3 and 4.4; what older
 * versions do not fill in is as it was, so a block is all zeroes before a call. Nothing that stands in them is true only because a BIOS
 * says so.
 */
#pragma once

#include <stdint.h>

#define VBE_DONE 0x004FU         /* AX behind a call: AL 4Fh, the call is known; AH 0, it succeeded. Section 4.2 */
#define VBE_MODE_END 0xFFFFU     /* of a list of modes */

#define VBE_SET_LINEAR 0x4000U   /* beside the number of 4F02: with the linear framebuffer */
#define VBE_SET_KEEP 0x8000U     /* memory is not cleared */

/* 4F00. Pointers are far pointers: offset, segment. */
struct [[gnu::packed]] vbe_controller_block {
    uint8_t signature[4];            /* VBE2 on the way in, VESA on the way back */
    uint16_t version;                /* BCD: 0102h, 0200h, 0300h */
    uint32_t oem_text;
    uint32_t capabilities;           /* VBE_CAN_… */
    uint32_t modes;
    uint16_t memory;                 /* of 64 KB */
    /* VBE 2.0 */
    uint16_t oem_revision;
    uint32_t vendor_text;
    uint32_t product_text;
    uint32_t revision_text;
    uint8_t reserved[222];
    uint8_t oem_data[256];           /* lists and texts may lie here */
};
_Static_assert(sizeof(struct vbe_controller_block) == 512, "VBE 3.0, section 4.3");

#define VBE_CAN_DAC_8_BITS 0x01U     /* capabilities: the DAC can be switched to 8 bits a colour */
#define VBE_IS_NOT_VGA 0x02U         /* the controller has no registers of a VGA */

/* 4F01 */
struct [[gnu::packed]] vbe_mode_block {
    uint16_t attributes;             /* VBE_MODE_… */
    uint8_t window_attributes[2];    /* VBE_WINDOW_… of windows A and B */
    uint16_t granularity;            /* KB: in such steps a window moves */
    uint16_t window_size;            /* KB */
    uint16_t window_segment[2];
    uint32_t window_function;        /* far pointer: what 4F05 does, to be called */
    uint16_t pitch;
    /* VBE 1.2; in VBE 1.0 and 1.1 optional */
    uint16_t width, height;
    uint8_t character_width, character_height;
    uint8_t planes;
    uint8_t bits;                    /* of a pixel */
    uint8_t banks;
    uint8_t model;                   /* enum vbe_model */
    uint8_t bank_size;
    uint8_t pages;                   /* less one */
    uint8_t reserved;
    struct { uint8_t bits, shift; } red, green, blue, spare;
    uint8_t colour_flags;
    /* VBE 2.0 */
    uint32_t frame;                  /* physical address of the linear framebuffer */
    uint32_t offscreen;
    uint16_t offscreen_size;
    /* VBE 3.0: of modes with a linear framebuffer, where the above are for banks */
    uint16_t linear_pitch;
    uint8_t banked_pages, linear_pages;
    struct { uint8_t bits, shift; } linear_red, linear_green, linear_blue, linear_spare;
    uint32_t clock_max;
    uint8_t rest[190];
};
_Static_assert(sizeof(struct vbe_mode_block) == 256, "VBE 3.0, section 4.4");

#define VBE_MODE_WORKS 0x0001U       /* attributes: with this monitor and memory */
#define VBE_MODE_HAS_SIZE 0x0002U    /* width and what follows are filled in; VBE 1.2 and later: reserved, 1 */
#define VBE_MODE_GRAPHICS 0x0010U
#define VBE_MODE_NO_WINDOW 0x0040U
#define VBE_MODE_LINEAR 0x0080U

#define VBE_WINDOW_IS_THERE 0x01U    /* window_attributes */
#define VBE_WINDOW_WRITES 0x04U

enum vbe_model {
    VBE_TEXT,
    VBE_CGA,
    VBE_HERCULES,
    VBE_PLANAR,
    VBE_PACKED,
    VBE_UNCHAINED,
    VBE_DIRECT_COLOUR,
    VBE_YUV,
};
