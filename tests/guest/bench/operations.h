/* What system calls, switches, messages and processes cost. */
#pragma once

void report_null_syscall(void);
void report_context_switch(void);
void report_call_reply(void);
void report_spawn_exit_reap(void);
