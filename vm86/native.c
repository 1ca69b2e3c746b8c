#include "native.h"

#include <ternion/string.h>

#include "memory.h"
#include "run.h"

#define CODE_OFFSET 0x10U            /* in the stack's segment */
#define CODE_SIZE 4U
#define WIDTHS 3U                    /* 1, 2, 4 bytes */

#define PAGE_FAULT 14U               /* exception: SDM volume 3, table 6-1 */

/* A word of a string that lies where nothing is mapped. */
#define NOWHERE_SEGMENT 0xFFFFU
#define NOWHERE_OFFSET 0x1000U

#define HLT 0xF4

/*
 * OUTS, and a HLT that would leave the mode behind it. OUTS asks for the port, then for memory, and then writes (SDM volume 2, OUTS,
 * "Operation"): where there is no memory it tells whether it may, and writes nothing.
 */
static const uint8_t tries[WIDTHS][CODE_SIZE] = { { 0x6E, HLT }, { 0x6F, HLT }, { 0x66, 0x6F, HLT } };

static struct vm86_state *state;

void native_begin(struct vm86_state *with)
{
    state = with;
}

/* 16-bit code may have been where the code is: it is written anew each time. */
bool native_is_own(uint16_t port, uint32_t width)
{
    struct vm86_state saved = *state;

    memcpy(vm86_memory + MEMORY_STACK + CODE_OFFSET, tries[width / 2], CODE_SIZE);
    *state = (struct vm86_state){
        .edx = port, .esi = NOWHERE_OFFSET, .ds = NOWHERE_SEGMENT, .cs = MEMORY_STACK_SEGMENT, .eip = CODE_OFFSET, .ss = MEMORY_STACK_SEGMENT,
    };
    bool is_own = vm86_run(state) == OK && state->reason == PAGE_FAULT;
    *state = saved;
    return is_own;
}
