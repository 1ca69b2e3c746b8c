/* Pictures out of files. */
#pragma once

#include <stdbool.h>

#include "picture.h"

/*
 * Decodes PNG, JPEG, BMP, GIF (the first of its pictures) or TGA; what is transparent lies on black.
 *   bytes, size    the file; what stands behind it is ignored
 *   picture_out    picture_free ends it
 * False: decoder_reason says why.
 */
bool decoder_decode(const uint8_t *bytes, uint32_t size, struct picture *picture_out);

/* What the file's head says of its pixels. False: it is none of these kinds, or too large for any of them. */
bool decoder_size(const uint8_t *bytes, uint32_t size, uint32_t *width_out, uint32_t *height_out);

/* Why decoder_decode failed last, in a few words. */
const char *decoder_reason(void);

void picture_free(struct picture *picture);
