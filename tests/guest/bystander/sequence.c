#include "sequence.h"

#include <abi/vm86.h>
#include <ternion/log.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

#include "../../../vm86/run.h"

#define CODE 0x20000U            /* linear */
#define NUMBERS 0x21000U
#define PAGES_USED 3U
#define GENERAL_PROTECTION 13U

extern const uint8_t sequence_code[], sequence_code_hlt[], sequence_code_end[];

static struct vm86_state state __attribute__((aligned(128)));

void sequence_real_mode_open(void)
{
    MUST(vm86_map(CODE, PAGES_USED, VM86_MAP_ZEROES));
    MUST(vm86_set_up((uint32_t)(uintptr_t)&state));
    memcpy((void *)(uintptr_t)CODE, sequence_code, (size_t)(sequence_code_end - sequence_code));
}

static const char *why_wrong(const struct vm86_state *before, uint32_t number, uint32_t count)
{
    const uint32_t *numbers = (const uint32_t *)(uintptr_t)NUMBERS;

    if (state.reason != GENERAL_PROTECTION || state.eip != (uint32_t)(sequence_code_hlt - sequence_code)) {
        return "16-bit code end elsewhere";
    }
    for (uint32_t i = 0; i < count; i++) {
        number = sequence_next(number);
        if (numbers[i] != number) {
            return "a wrong number of 16-bit code";
        }
    }
    if (state.eax != number || state.ebx != before->ebx || state.ecx != 0 || state.edx != before->edx || state.esi != before->esi
        || state.edi != before->edi + count * sizeof number || state.ebp != before->ebp || state.esp != before->esp) {
        return "another register of 16-bit code";
    }
    if ((uint16_t)state.cs != before->cs || (uint16_t)state.ss != before->ss || (uint16_t)state.ds != before->ds
        || (uint16_t)state.es != before->es || (uint16_t)state.fs != before->fs || (uint16_t)state.gs != before->gs) {
        return "another segment of 16-bit code";
    }
    return NULL;
}

const char *sequence_real_mode(uint32_t number, uint32_t count, uint32_t *last_out)
{
    const struct vm86_state before = {
        .eax = number, .ebx = ~number, .ecx = count, .edx = number ^ 0x5A5A5A5A, .esi = 0x11111111, .edi = 0, .ebp = 0x22222222,
        .esp = 0xFFF0, .cs = CODE >> 4, .ss = CODE >> 4, .ds = 0x3333, .es = NUMBERS >> 4, .fs = 0x4444, .gs = 0x5555,
    };

    state = before;
    MUST(vm86_run(&state));
    *last_out = state.eax;
    return why_wrong(&before, number, count);
}
