/* newlib's, without POSIX's timers: they are not there, and timer_create is a system call of Ternion's (ternion/syscall.h). */
#pragma once

#define timer_create timer_create_of_posix
#include_next <time.h>
#undef timer_create
