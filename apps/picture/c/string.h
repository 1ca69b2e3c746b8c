/* What the picture decoder takes of ISO C's header of this name. */
#pragma once

#include <ternion/string.h>
