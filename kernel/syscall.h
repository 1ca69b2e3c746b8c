/* From a number in EAX to a handler: the tables that tools/generate-syscalls makes from syscall.def. */
#pragma once

#include <abi/status.h>
#include <abi/syscall_numbers.h>
#include <abi/types.h>

struct registers;

/* Unpacks the registers, calls the handler sys_…, packs its results; the status goes to EAX by entry.asm. */
typedef status_t syscall_function_t(struct registers *registers);

/* A table per class: what a class may not call is syscall_refused. */
extern syscall_function_t *const syscall_tables[CLASS_COUNT][SYSCALL_COUNT];

/* A number that will never be a call. */
#define SYSCALL_MISSING 125U

/* By number: bit N is set if the call may answer status N. */
extern const uint32_t syscall_statuses[SYSCALL_COUNT];

/* Numbers that are no call, and calls of a higher class. */
extern syscall_function_t syscall_missing;
extern syscall_function_t syscall_refused;

/* The status, which the call's declaration must name: else it panics. */
[[nodiscard]] status_t syscall_checked(uint32_t number, status_t status);

/* What a thunk does with a handler's status. Debug builds (make DEBUG=1) check it. */
#ifdef KERNEL_DEBUG
#define SYSCALL_ANSWER(number, status) syscall_checked(number, status)
#else
#define SYSCALL_ANSWER(number, status) (status)
#endif



