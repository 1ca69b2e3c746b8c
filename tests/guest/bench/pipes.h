/* What pipes and shared memory cost. */
#pragma once

void report_pipes(void);
void report_shared_memory(void);
