/* 16-bit code of tests, in VM86 mode without the library: i386/vm86_code.asm, or bytes. */
#pragma once

#include <abi/vm86.h>

#include "../../../vm86/run.h"
#include "test.h"

#define VM86_SEGMENT 0x1000U         /* where code is put, and its stack */
#define VM86_DATA_SEGMENT 0x1800U    /* of vm86_data */
#define VM86_GENERAL_PROTECTION 13U  /* reasons: HLT, among others */
#define VM86_PAGE_FAULT 14U

/* In its own page: the first megabyte's memory behind VM86_DATA_SEGMENT. */
#define vm86_data ((volatile uint32_t *)(VM86_DATA_SEGMENT << 4))

/* Memory for code and data, 16 pages of zeroes, with this code at its beginning, and a state that begins there with all registers different. */
void vm86_code_at_hand(struct vm86_state *state, const void *code, uint32_t size);

/* The same with code of i386/vm86_code.asm, and DS for its data. */
#define VM86_AT_HAND(state, name) do { \
        vm86_code_at_hand(state, name, (uint32_t)(name##_end - name)); \
        (state)->ds = VM86_DATA_SEGMENT; \
    } while (0)

/* Goes in, and comes out with this reason at this place. */
void vm86_expect_leaves_at(struct vm86_state *state, uint32_t reason, uint32_t eip);

#define VM86_CODE(name) extern const uint8_t name[], name##_end[]
VM86_CODE(vm86_count);
VM86_CODE(vm86_spin);
VM86_CODE(vm86_fpu_work);
VM86_CODE(vm86_sse_work);
VM86_CODE(vm86_fpu_fill);
VM86_CODE(vm86_fpu_store);
VM86_CODE(vm86_fpu_fault);
VM86_CODE(vm86_fpu_fault_later);
VM86_CODE(vm86_read_port);
VM86_CODE(vm86_spoil_state);

/* Places in them. */
extern const uint8_t vm86_count_hlt[], vm86_fpu_fault_at[];

/*
 * Goes into the mode with a copy of `beginning` in the state, which vm86_set_up has named, again and again: whatever others make of the state
 * meanwhile, but for where it goes on outside.
 */
_Noreturn void vm86_endless(struct vm86_state *state, const struct vm86_state *beginning);
