/* What the boot cost: time until the first line was out, and memory. */
#pragma once

/* Waits until d\init has started all of its list and those of it that end have ended. */
void wait_for_boot(void);

void report_frames_after_boot(void);
void report_boot_to_log(void);
