#define _GNU_SOURCE 1            /* names of the registers in <ucontext.h> */
#include "privileged.h"

#include <signal.h>
#include <stddef.h>
#include <ucontext.h>

#include "test.h"

/* Intel 64 and IA-32 SDM volume 2: CLI, STI, MOV to CR3 from a register. */
#define OPCODE_CLI 0xFAU
#define OPCODE_STI 0xFBU
#define OPCODE_TWO_BYTES 0x0FU
#define OPCODE_TO_CONTROL_REGISTER 0x22U
#define OPERANDS_CR3 0xD8U       /* and the number of the other register in the lowest bits */

static struct sigaction before;
static uint32_t cr3;
static void (*on_sti)(void);

/* In the order of their numbers. */
static const int registers[] = { REG_EAX, REG_ECX, REG_EDX, REG_EBX, REG_ESP, REG_EBP, REG_ESI, REG_EDI };

static void faulted(int signal, siginfo_t *information, void *context)
{
    greg_t *saved = ((ucontext_t *)context)->uc_mcontext.gregs;
    const uint8_t *code = (const uint8_t *)(uintptr_t)saved[REG_EIP];

    if (information->si_code != SI_KERNEL) {
        before.sa_sigaction(signal, information, context);
    } else if (code[0] == OPCODE_CLI || code[0] == OPCODE_STI) {
        saved[REG_EIP]++;
        if (code[0] == OPCODE_STI && on_sti != NULL) {
            on_sti();
        }
    } else if (code[0] == OPCODE_TWO_BYTES && code[1] == OPCODE_TO_CONTROL_REGISTER && (code[2] & 0xF8U) == OPERANDS_CR3) {
        cr3 = (uint32_t)saved[registers[code[2] & 7U]];
        saved[REG_EIP] += 3;
    } else {
        FAIL("privileged instruction %02x %02x %02x", code[0], code[1], code[2]);
    }
}

void privileged_allow(void)
{
    struct sigaction action = { .sa_sigaction = faulted, .sa_flags = SA_SIGINFO | SA_NODEFER };

    CHECK(sigaction(SIGSEGV, &action, &before) == 0);
}

void privileged_on_sti(void (*hook)(void))
{
    on_sti = hook;
}

uint32_t privileged_cr3(void)
{
    return cr3;
}
