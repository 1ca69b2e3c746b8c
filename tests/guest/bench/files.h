/* What files cost: s\vfs and its client functions. */
#pragma once

void report_files(void);
