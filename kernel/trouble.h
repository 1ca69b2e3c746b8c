/* Entered by task gates, in any state of the kernel: called by entry.asm. Implemented in i386/trouble.c. */
#pragma once

[[gnu::noreturn]] void trouble_double_fault(void);
[[gnu::noreturn]] void trouble_nmi(void);
