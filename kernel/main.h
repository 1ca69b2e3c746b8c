/* What the boot order in main.c leaves behind. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The boot list is done. A panic before that halts: a reboot would only lead there again. */
extern bool boot_is_done;

/* The time stamp counter at the kernel's beginning; 0 without one. */
extern uint64_t kernel_boot_tsc;

/* Frames of RAM that the kernel keeps for ever: itself, tables, boot modules. */
extern uint32_t kernel_frames;
