/*
 * Linux's system calls, as far as they are measured or needed for it. There is no C library: what a library
 * adds to a call is not Linux's.
 * The numbers are those of Linux's i386 interface (arch/x86/entry/syscalls/syscall_32.tbl), which never change.
 */
#pragma once

#include <stdint.h>

enum linux_number {
    LINUX_EXIT = 1,
    LINUX_FORK = 2,
    LINUX_READ = 3,
    LINUX_WRITE = 4,
    LINUX_CLOSE = 6,
    LINUX_WAITPID = 7,
    LINUX_PIPE = 42,
    LINUX_IOCTL = 54,
    LINUX_GETPPID = 64,
    LINUX_GETRUSAGE = 77,
    LINUX_REBOOT = 88,
    LINUX_UNAME = 122,
    LINUX_SCHED_YIELD = 158,
    LINUX_NANOSLEEP = 162,
    LINUX_MMAP2 = 192,
    LINUX_FUTEX = 240,
    LINUX_SOCKETPAIR = 360,
};

/* Each answers what Linux does: a negative number is an error. */
int32_t linux_call_0(uint32_t number);
int32_t linux_call_3(uint32_t number, uint32_t first, uint32_t second, uint32_t third);
int32_t linux_call_6(uint32_t number, uint32_t first, uint32_t second, uint32_t third, uint32_t fourth,
                     uint32_t fifth, uint32_t sixth);

/* A process that runs the program at path, by vfork and execve; its ID. */
int32_t linux_spawn(const char *path, char *const arguments[], char *const environment[]);

/* A thread that ends at once; flags as clone takes them. */
int32_t linux_thread_start(uint32_t flags, void *stack_end, uint32_t *id_out, uint32_t *id_cleared);

/* The number of a call that cannot fail in a sound system; else says what failed, and switches the machine off. */
uint32_t must(const char *what, int32_t result);

/* A process that goes on where this one stands; 0 in the new one. */
uint32_t process_fork(void);
[[gnu::noreturn]] void process_exit(void);
/* Waits for the end of a child. */
void process_wait(uint32_t id);

void byte_write(uint32_t file);
/* 0: the other end is closed. */
uint32_t byte_read(uint32_t file);
void file_close(uint32_t file);

/* Memory that a process and its children share. */
void *memory_share(uint32_t bytes);
