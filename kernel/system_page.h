/* The page that every process reads at SYSTEM_PAGE: what the machine has, and the time. */
#pragma once

#include <abi/system.h>

/* The kernel's own, writable view. */
extern struct system_page *const system_page;

void system_page_initialise(void);
