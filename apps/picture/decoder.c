/*
 * The picture decoder stb_image, as Debian packages it (libstb-dev), compiled here without files, floating point and threads. It is not
 * part of this tree, and the one source that is compiled with its header and without warnings.
 *
 * Pictures are hostile: a size beyond what a screen can use is refused before memory is asked for, and what its author holds for impossible
 * ends the program.
 */
#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_ONLY_BMP
#define STBI_ONLY_GIF
#define STBI_ONLY_TGA
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STBI_NO_SIMD
#define STBI_NO_THREAD_LOCALS
#define STBI_MAX_DIMENSIONS 8192
#define STBI_ASSERT(condition) ((condition) ? (void)0 : __builtin_trap())

#include <stb_image.h>

#include "decoder.h"

#define RGBA 4

_Static_assert(STBI_MAX_DIMENSIONS == PICTURE_SIDE_MAX, "what scale.c can count");

static uint32_t over_black(const uint8_t *rgba)
{
    uint32_t alpha = rgba[3];

    return (rgba[0] * alpha + 127) / 255 << 16 | (rgba[1] * alpha + 127) / 255 << 8 | (rgba[2] * alpha + 127) / 255;
}

bool decoder_decode(const uint8_t *bytes, uint32_t size, struct picture *picture_out)
{
    int width, height, channels;
    uint8_t *rgba = stbi_load_from_memory(bytes, (int)size, &width, &height, &channels, RGBA);

    if (rgba == NULL) {
        return false;
    }
    uint32_t *colours = (uint32_t *)rgba;
    for (uint32_t i = 0; i < (uint32_t)width * (uint32_t)height; i++) {
        colours[i] = over_black(rgba + i * RGBA);
    }
    *picture_out = (struct picture){ (uint32_t)width, (uint32_t)height, colours };
    return true;
}

bool decoder_size(const uint8_t *bytes, uint32_t size, uint32_t *width_out, uint32_t *height_out)
{
    int width, height, channels;

    if (stbi_info_from_memory(bytes, (int)size, &width, &height, &channels) == 0) {
        return false;
    }
    *width_out = (uint32_t)width;
    *height_out = (uint32_t)height;
    return true;
}

const char *decoder_reason(void)
{
    const char *reason = stbi_failure_reason();

    return reason != NULL ? reason : "no reason is known";
}

void picture_free(struct picture *picture)
{
    stbi_image_free(picture->colours);
    picture->colours = NULL;
}
