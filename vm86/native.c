#include "native.h"

#include <ternion/string.h>

#include "memory.h"
#include "run.h"

#define CODE_OFFSET 0x10U            /* in the stack's segment */
#define CODE_SIZE 4U
#define WIDTHS 3U                    /* 1, 2, 4 bytes */

#define GENERAL_PROTECTION 13U       /* exceptions: SDM volume 3, table 6-1 */
#define PAGE_FAULT 14U

/* A word of a string that lies where nothing is mapped. */
#define NOWHERE_SEGMENT 0xFFFFU
#define NOWHERE_OFFSET 0x1000U

#define HLT 0xF4

enum access { ACCESS_READ, ACCESS_WRITE, ACCESS_TRY, ACCESS_COUNT };

/*
 * IN and OUT, and a HLT that leaves the mode again. OUTS asks for the port, then for memory, and then writes (SDM volume 2, OUTS,
 * "Operation"): where there is no memory it tells whether it may, and writes nothing.
 */
static const struct {
    uint8_t code[CODE_SIZE];
    uint32_t size;                   /* bytes of the first instruction */
} accesses[ACCESS_COUNT][WIDTHS] = {
    [ACCESS_READ] = { { { 0xEC, HLT }, 1 }, { { 0xED, HLT }, 1 }, { { 0x66, 0xED, HLT }, 2 } },
    [ACCESS_WRITE] = { { { 0xEE, HLT }, 1 }, { { 0xEF, HLT }, 1 }, { { 0x66, 0xEF, HLT }, 2 } },
    [ACCESS_TRY] = { { { 0x6E, HLT }, 1 }, { { 0x6F, HLT }, 1 }, { { 0x66, 0x6F, HLT }, 2 } },
};

static struct vm86_state *state;

/* Where the code stands in its segment. 16-bit code may have been there: it is written anew each time. */
static uint32_t place(enum access access, uint32_t width)
{
    uint32_t offset = CODE_OFFSET + (access * WIDTHS + width / 2) * CODE_SIZE;

    memcpy(vm86_memory + MEMORY_STACK + offset, accesses[access][width / 2].code, CODE_SIZE);
    return offset;
}

void native_begin(struct vm86_state *with)
{
    state = with;
    for (enum access access = ACCESS_READ; access < ACCESS_COUNT; access++) {
        for (uint32_t width = 1; width <= 4; width *= 2) {
            (void)place(access, width);
        }
    }
}

/* Runs one of them; what the state is then, with where it stopped counted from its beginning. */
static struct vm86_state perform(enum access access, uint16_t port, uint32_t width, uint32_t value)
{
    struct vm86_state saved = *state;
    uint32_t offset = place(access, width);

    *state = (struct vm86_state){
        .eax = value, .edx = port, .esi = NOWHERE_OFFSET, .ds = NOWHERE_SEGMENT,
        .cs = MEMORY_STACK_SEGMENT, .eip = offset, .ss = MEMORY_STACK_SEGMENT,
    };
    status_t status = vm86_run(state);
    struct vm86_state after = *state;
    *state = saved;
    after.reason = status == OK ? after.reason : UINT32_MAX;
    after.eip -= offset;
    return after;
}

static bool has_done(const struct vm86_state *after, enum access access, uint32_t width)
{
    return after->reason == GENERAL_PROTECTION && after->eip == accesses[access][width / 2].size;
}

bool native_read(uint16_t port, uint32_t width, uint32_t *value_out)
{
    struct vm86_state after = perform(ACCESS_READ, port, width, 0);

    if (!has_done(&after, ACCESS_READ, width)) {
        return false;
    }
    *value_out = after.eax;
    return true;
}

bool native_write(uint16_t port, uint32_t width, uint32_t value)
{
    struct vm86_state after = perform(ACCESS_WRITE, port, width, value);

    return has_done(&after, ACCESS_WRITE, width);
}

bool native_is_own(uint16_t port, uint32_t width)
{
    return perform(ACCESS_TRY, port, width, 0).reason == PAGE_FAULT;
}
