/*
 * The types that cross the border between the kernel and a process.
 *
 * Everything under kernel/include/abi is all that user space may see of the
 * kernel. Sizes are in bytes, times in nanoseconds since boot, unless a name says otherwise.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * A pointer into the memory of the calling process. In the kernel it is a type of
 * its own (an x86 named address space), so that the compiler refuses to
 * dereference or mix it up; kernel/user_memory.h alone touches what it points to.
 */
#ifdef TERNION_KERNEL
#define USER __seg_fs
#else
#define USER
#endif

#define ABI_VERSION 1U

#define PAGE_SIZE 4096U
#define NAME_SIZE_MAX 63U      /* bytes of a process name with its prefix, without a NUL */
#define ARGUMENTS_SIZE_MAX 2048U /* bytes of a process's arguments, NULs included */

/* IDs carry a generation: none is ever valid for a later object. 0 is nobody, or the kernel. */
typedef uint32_t process_id_t;
typedef uint32_t thread_id_t;
typedef uint32_t message_id_t;
typedef uint32_t timer_id_t;
typedef uint32_t pipe_id_t;
typedef uint32_t shared_id_t;
typedef uint32_t device_id_t;

/* Goes with the ID of a pipe or of shared memory: random, and whoever knows both may join. */
typedef uint64_t object_key_t;

typedef uint64_t nanoseconds_t;
typedef uint32_t irq_line_t;
typedef uint32_t module_index_t;
typedef uint32_t physical_t;   /* a physical address */

#define KERNEL_PROCESS ((process_id_t)0)
#define SELF ((process_id_t)0) /* where a call takes a process: the caller itself */
#define FOREVER UINT64_MAX     /* a deadline that never comes */

/* The three classes, strongest first; a thread runs only if none of a stronger class is ready. */
enum process_class {
    CLASS_DRIVER,
    CLASS_SERVER,
    CLASS_APPLICATION,
    CLASS_COUNT,
};
typedef uint32_t process_class_t;

/* Values of the enumerations of log.h, system.h and process.h, as system calls take them. */
typedef uint32_t log_level_t;
typedef uint32_t power_action_t;
typedef uint32_t elf_reason_t;
