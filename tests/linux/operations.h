/* What is measured of Linux: each says its line. */
#pragma once

void report_null_syscall(void);
void report_context_switch(void);
void report_pipe_round_trip(void);
void report_pipe_throughput(void);
void report_futex_round_trip(void);
void report_socket_round_trip(void);
void report_spawn(void);
void report_fork_exit(void);
void report_thread_create_join(void);
