/* What VM86 mode and BIOS calls cost. */
#pragma once

void report_bios(void);
