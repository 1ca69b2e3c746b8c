#include "mode.h"

#include <abi/shared.h>

#define KB 1024U
#define SIZE_MAX_PIXELS 8192U        /* of a side: more than any VBE BIOS had */
#define SCREENS_MAX 2U               /* one below the other, for who shows one and draws the next; mapping more costs each mode set */
#define FRAME_MAX (SHARED_PAGES_MAX * PAGE_SIZE)

/* Where windows can be: video memory of a VGA. */
#define WINDOW_FIRST 0xA0000U
#define WINDOW_END 0xC0000U

const struct mode mode_vga[MODE_VGA_COUNT] = {
    {
        .shown = {
            .mode = 0x12, .flags = DISPLAY_FALLBACK | DISPLAY_BANKED | DISPLAY_PALETTE,
            .width = 640, .height = 480, .pitch = 640, .bits = 4, .bytes = 1, .lines = 480,
        },
        .kind = MODE_PLANAR, .is_vga = true, .pitch = 80, .window = { .memory = 0xA0000, .size = 0x10000, .granularity = 0x10000 },
    },
    {
        .shown = {
            .mode = 0x13, .flags = DISPLAY_FALLBACK | DISPLAY_BANKED | DISPLAY_PALETTE,
            .width = 320, .height = 200, .pitch = 320, .bits = 8, .bytes = 1, .lines = 200,
        },
        .kind = MODE_BANKED, .is_vga = true, .pitch = 320, .window = { .memory = 0xA0000, .size = 0x10000, .granularity = 0x10000 },
    },
};

/* ---- Sizes ---- */

/* Modes that have a number in the standard: VBE 3.0, section 3. BIOSes before 1.2 need not say more. Bits 0: text. */
struct standard_mode {
    uint16_t width, height;
    uint8_t bits;
};
#define STANDARD_FIRST 0x100U
static const struct standard_mode standard_modes[] = {
    { 640, 400, 8 }, { 640, 480, 8 }, { 800, 600, 4 }, { 800, 600, 8 }, { 1024, 768, 4 }, { 1024, 768, 8 }, { 1280, 1024, 4 },
    { 1280, 1024, 8 }, { 0, 0, 0 }, { 0, 0, 0 }, { 0, 0, 0 }, { 0, 0, 0 }, { 0, 0, 0 }, { 320, 200, 15 }, { 320, 200, 16 },
    { 320, 200, 24 }, { 640, 480, 15 }, { 640, 480, 16 }, { 640, 480, 24 }, { 800, 600, 15 }, { 800, 600, 16 }, { 800, 600, 24 },
    { 1024, 768, 15 }, { 1024, 768, 16 }, { 1024, 768, 24 }, { 1280, 1024, 15 }, { 1280, 1024, 16 }, { 1280, 1024, 24 },
};
#define STANDARD_COUNT (sizeof standard_modes / sizeof standard_modes[0])

static const char *read_size(uint16_t number, const struct vbe_mode_block *block, struct mode *mode, uint8_t *bits_out, uint8_t *model_out)
{
    uint16_t width = block->width, height = block->height;

    *bits_out = block->bits;
    *model_out = block->model;
    if (!(block->attributes & VBE_MODE_HAS_SIZE)) {
        if (number < STANDARD_FIRST || number - STANDARD_FIRST >= STANDARD_COUNT) {
            return "the BIOS does not tell its size";
        }
        const struct standard_mode *standard = &standard_modes[number - STANDARD_FIRST];
        width = standard->width;
        height = standard->height;
        *bits_out = standard->bits;
        *model_out = standard->bits == 4 ? VBE_PLANAR : standard->bits == 8 ? VBE_PACKED : VBE_DIRECT_COLOUR;
    }
    if (width == 0 || height == 0 || width > SIZE_MAX_PIXELS || height > SIZE_MAX_PIXELS) {
        return "its size makes no sense";
    }
    mode->shown.width = width;
    mode->shown.height = height;
    return NULL;
}

/* ---- Pixels ---- */

struct masks {
    struct display_channel red, green, blue;
};

/* Colours where the BIOS does not say: VBE before 2.0. */
static const struct masks masks_15 = { { 5, 10 }, { 5, 5 }, { 5, 0 } };
static const struct masks masks_16 = { { 5, 11 }, { 6, 5 }, { 5, 0 } };
static const struct masks masks_24 = { { 8, 16 }, { 8, 8 }, { 8, 0 } };

static struct masks masks_of(const struct vbe_mode_block *block, bool is_linear_block, uint32_t bits)
{
    struct masks masks = { { block->red.bits, block->red.shift }, { block->green.bits, block->green.shift }, { block->blue.bits, block->blue.shift } };

    if (is_linear_block && block->linear_red.bits != 0) {
        masks = (struct masks){
            { block->linear_red.bits, block->linear_red.shift }, { block->linear_green.bits, block->linear_green.shift },
            { block->linear_blue.bits, block->linear_blue.shift },
        };
    }
    if (masks.red.bits == 0 && masks.green.bits == 0 && masks.blue.bits == 0) {
        masks = bits == 15 ? masks_15 : bits == 16 ? masks_16 : masks_24;
    }
    return masks;
}

static bool channel_is_sound(const struct display_channel *channel, uint32_t pixel_bits, uint32_t *taken)
{
    if (channel->bits == 0 || channel->bits > 8 || channel->shift >= pixel_bits || channel->bits > pixel_bits - channel->shift) {
        return false;
    }
    uint32_t mask = ((1U << channel->bits) - 1) << channel->shift;
    bool is_free = (*taken & mask) == 0;
    *taken |= mask;
    return is_free;
}

static const char *read_colours(const struct vbe_mode_block *block, bool is_linear_block, uint32_t bits, struct mode *mode)
{
    struct masks masks = masks_of(block, is_linear_block, bits);
    uint32_t bytes = (bits + 7) / 8;
    uint32_t taken = 0;

    if (!channel_is_sound(&masks.red, bytes * 8, &taken) || !channel_is_sound(&masks.green, bytes * 8, &taken)
        || !channel_is_sound(&masks.blue, bytes * 8, &taken)) {
        return "the places of its colours make no sense";
    }
    /* Many call 15 bits 16. */
    bool is_15 = bits == 16 && masks.red.bits + masks.green.bits + masks.blue.bits == 15;
    mode->shown.bits = (uint16_t)(is_15 ? 15 : bits);
    mode->shown.bytes = (uint16_t)bytes;
    mode->shown.red = masks.red;
    mode->shown.green = masks.green;
    mode->shown.blue = masks.blue;
    return NULL;
}

static const char *read_pixels(const struct vbe_mode_block *block, bool is_linear_block, uint8_t bits, uint8_t model, struct mode *mode)
{
    bool is_direct = (model == VBE_DIRECT_COLOUR || model == VBE_PACKED) && (bits == 15 || bits == 16 || bits == 24 || bits == 32);

    if (is_direct) {
        return read_colours(block, is_linear_block, bits, mode);
    }
    bool is_planar = model == VBE_PLANAR && bits == 4;
    if (!is_planar && !(model == VBE_PACKED && bits == 8)) {
        return "its pixels are of a kind that is not known here";
    }
    mode->shown.bits = bits;
    mode->shown.bytes = 1;
    mode->shown.flags |= DISPLAY_PALETTE;
    return NULL;
}

/* ---- Memory ---- */

static const char *read_pitch(uint32_t pitch, const struct mode_limits *limits, struct mode *mode)
{
    bool is_planar = mode->kind == MODE_PLANAR;
    uint32_t line = is_planar ? mode->shown.width / 8U : (uint32_t)mode->shown.width * mode->shown.bytes;
    uint64_t size = (uint64_t)pitch * mode->shown.height * (is_planar ? MODE_PLANES : 1);

    if (is_planar && mode->shown.width % 8 != 0) {
        return "its width is no multiple of 8";
    }
    if (pitch < line) {
        return "its lines are longer than from one to the next";
    }
    if (limits->memory != 0 && size > limits->memory) {
        return "the adapter has not so much memory";
    }
    if (size > FRAME_MAX) {
        return "it is larger than memory that can be shared";
    }
    mode->pitch = pitch;
    return NULL;
}

static uint32_t smaller(uint32_t left, uint32_t right)
{
    return left < right ? left : right;
}

static const char *read_frame(const struct vbe_mode_block *block, const struct mode_limits *limits, struct mode *mode)
{
    uint32_t height = mode->shown.height;
    uint32_t lines = smaller(SCREENS_MAX * height, smaller(limits->memory, FRAME_MAX) / mode->pitch);

    lines = lines < height ? height : lines;
    if (block->frame == 0 || block->frame % PAGE_SIZE != 0) {
        return "the BIOS's address of the framebuffer makes no sense";
    }
    if (lines * mode->pitch > UINT32_MAX - block->frame) {
        return "the framebuffer would end behind 4 GB";
    }
    const char *problem = limits->frame_problem(block->frame, lines * mode->pitch);
    if (problem != NULL) {
        lines = height;              /* the BIOS may have told of more memory than there is */
        problem = limits->frame_problem(block->frame, lines * mode->pitch);
    }
    if (problem != NULL) {
        return problem;
    }
    mode->frame = block->frame;
    mode->frame_size = lines * mode->pitch;
    mode->shown.lines = (uint16_t)lines;
    mode->shown.pitch = mode->pitch;
    mode->shown.flags |= DISPLAY_DIRECT | (lines > height ? DISPLAY_START : 0);
    return NULL;
}

static const char *read_window(const struct vbe_mode_block *block, struct mode *mode)
{
    const uint8_t wanted = VBE_WINDOW_IS_THERE | VBE_WINDOW_WRITES;
    struct mode_window *window = &mode->window;

    if (block->attributes & VBE_MODE_NO_WINDOW) {
        return "it has neither a framebuffer nor a window";
    }
    window->number = (block->window_attributes[0] & wanted) == wanted ? 0 : 1;
    if ((block->window_attributes[window->number] & wanted) != wanted) {
        return "none of its windows can be written";
    }
    window->memory = block->window_segment[window->number] * 16U;
    window->size = block->window_size * KB;
    window->granularity = block->granularity == 0 ? window->size : block->granularity * KB;
    window->function = block->window_function;
    if (window->memory < WINDOW_FIRST || window->memory % PAGE_SIZE != 0 || window->memory >= WINDOW_END || window->size < PAGE_SIZE
        || window->size > WINDOW_END - window->memory || window->granularity > window->size) {
        return "its window makes no sense";
    }
    mode->shown.pitch = mode->kind == MODE_PLANAR ? mode->shown.width : mode->pitch;
    mode->shown.lines = mode->shown.height;
    mode->shown.flags |= DISPLAY_BANKED;
    return NULL;
}

/* ---- The whole ---- */

static const char *read_mode(uint16_t number, const struct vbe_mode_block *block, const struct mode_limits *limits, bool is_linear, struct mode *mode)
{
    bool is_linear_block = is_linear && limits->version >= 0x0300;
    uint8_t bits, model;

    *mode = (struct mode){ .shown.mode = number };
    const char *problem = read_size(number, block, mode, &bits, &model);
    if (problem != NULL) {
        return problem;
    }
    mode->kind = model == VBE_PLANAR ? MODE_PLANAR : is_linear ? MODE_LINEAR : MODE_BANKED;
    problem = read_pixels(block, is_linear_block, bits, model, mode);
    if (problem != NULL) {
        return problem;
    }
    problem = read_pitch(is_linear_block && block->linear_pitch != 0 ? block->linear_pitch : block->pitch, limits, mode);
    if (problem != NULL) {
        return problem;
    }
    return mode->kind == MODE_LINEAR ? read_frame(block, limits, mode) : read_window(block, mode);
}

const char *mode_from_block(uint16_t number, const struct vbe_mode_block *block, const struct mode_limits *limits, struct mode *mode_out,
                            const char **no_linear_out)
{
    struct mode mode;
    const char *problem = NULL;

    *no_linear_out = NULL;
    if (!(block->attributes & VBE_MODE_WORKS)) {
        return "the BIOS says that it does not work here";
    }
    if (!(block->attributes & VBE_MODE_GRAPHICS)) {
        return "it is text";
    }
    bool is_linear = (block->attributes & VBE_MODE_LINEAR) != 0;
    if (is_linear) {
        problem = read_mode(number, block, limits, true, &mode);
        *no_linear_out = problem;
    }
    if (!is_linear || problem != NULL) {
        problem = read_mode(number, block, limits, false, &mode);
    }
    if (problem == NULL) {
        *mode_out = mode;
    }
    return problem;
}

/* ---- The best of them ---- */

static bool is_better(const struct display_mode *mode, const struct display_mode *best)
{
    if (mode->bits != best->bits) {
        return mode->bits > best->bits;
    }
    return (mode->flags & DISPLAY_DIRECT) > (best->flags & DISPLAY_DIRECT);
}

/* The best mode of a size. False: there is none. */
static bool best_of_size(const struct mode *modes, uint32_t count, uint32_t width, uint32_t height, uint32_t *index_out)
{
    bool is_found = false;

    for (uint32_t i = 0; i < count; i++) {
        const struct display_mode *mode = &modes[i].shown;

        if (mode->width == width && mode->height == height && (!is_found || is_better(mode, &modes[*index_out].shown))) {
            *index_out = i;
            is_found = true;
        }
    }
    return is_found;
}

uint32_t mode_preferred(const struct mode *modes, uint32_t count, uint32_t width, uint32_t height)
{
    const struct { uint32_t width, height; } sizes[] = { { width, height }, { 1024, 768 }, { 800, 600 }, { 640, 480 } };
    uint32_t index = 0;

    for (uint32_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        bool is_too_large = width != 0 && height != 0 && (sizes[i].width > width || sizes[i].height > height);

        if (!is_too_large && best_of_size(modes, count, sizes[i].width, sizes[i].height, &index)) {
            break;
        }
    }
    return index;
}
