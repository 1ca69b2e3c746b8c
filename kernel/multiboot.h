/*
 * What the boot loader says (Multiboot Specification 0.6.96, section 3.3). Nothing in it is believed:
 * addresses and counts are checked, texts are bounded.
 *
 * Used by main.c and module.c while booting.
 */
#pragma once

#include <abi/types.h>

#include "boot_memory.h"

#define BOOT_MODULES_MAX 128U
#define BOOT_LINE_MAX 1024U      /* bytes of a command line, with its NUL; what is longer is cut */

struct boot_module {
    struct physical_range range;
    physical_t line;             /* its command line; 0: none */
};

struct boot_information {
    char command_line[BOOT_LINE_MAX];
    uint32_t module_count;       /* that the boot loader loaded */
    uint32_t modules_kept;       /* entries of `modules` */
    struct boot_module modules[BOOT_MODULES_MAX];
};

extern struct boot_information boot_information;

/*
 * Reads all that the boot loader left. RAM and what is in use are known to boot_memory afterwards. Panics if it was
 * no Multiboot loader or if there is no map of the memory.
 */
void multiboot_read(void);

/* Copies a command line, ended by a NUL, at most BOOT_LINE_MAX bytes. False if it was longer and is cut. */
bool multiboot_line(physical_t from, char line_out[BOOT_LINE_MAX]);
