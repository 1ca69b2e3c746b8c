/* A picture on a display: as large as fits, in the middle, black around it. */
#pragma once

#include <stdbool.h>

#include <ternion/display.h>

#include "picture.h"

/* Draws into the pixels of the mode that is set. False: there is no memory for it. */
bool paint(const struct display *display, const struct picture *picture);
