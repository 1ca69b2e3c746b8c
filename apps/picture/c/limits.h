/* What the picture decoder takes of ISO C's header of this name: the compiler's own asks for a C library's. */
#pragma once

#define INT_MAX __INT_MAX__
#define INT_MIN (-__INT_MAX__ - 1)
#define UINT_MAX (2U * __INT_MAX__ + 1U)
#define CHAR_BIT __CHAR_BIT__
