/* What system calls, switches and processes cost. */
#pragma once

void report_null_syscall(void);
void report_context_switch(void);
void report_spawn_exit_reap(void);
