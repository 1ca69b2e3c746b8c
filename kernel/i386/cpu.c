#include "i386/cpu.h"

#include "i386/registers.h"

/* CR0 and CR4: SDM volume 3, section 2.5. */
#define CR0_MONITOR_FPU 0x00000002U
#define CR0_EMULATE_FPU 0x00000004U
#define CR0_NUMERIC_ERROR 0x00000020U
#define CR0_WRITE_PROTECT 0x00010000U
#define CR0_ALIGNMENT_MASK 0x00040000U
#define CR4_PAGE_SIZE_EXTENSIONS 0x00000010U
#define CR4_GLOBAL_PAGES 0x00000080U
#define CR4_FXSR 0x00000200U
#define CR4_SIMD_EXCEPTIONS 0x00000400U

#define EFLAGS_ALIGNMENT_CHECK 0x00040000U
#define EFLAGS_ID 0x00200000U

/* CPUID function 1, EDX: SDM volume 2, CPUID. */
#define CPUID_WITH_CR4 0x0000005EU /* VME, DE, PSE, TSC, PAE: each of them is switched in CR4 */
#define CPUID_PSE 0x00000008U
#define CPUID_TSC 0x00000010U
#define CPUID_SEP 0x00000800U
#define CPUID_PGE 0x00002000U
#define CPUID_PAT 0x00010000U
#define CPUID_FXSR 0x01000000U
#define CPUID_SSE 0x02000000U

/*
 * Page attributes, SDM volume 3, section 12.12: as at reset, but that pages marked write-through are write-combining. No page is so marked
 * but those that ask for that.
 */
#define MSR_PAT 0x277U
#define PAT_LOW 0x00070106U
#define PAT_HIGH 0x00070106U

uint32_t cpu_features;

/* Can this bit of EFLAGS be changed? The 386 has no alignment check, early 486s no ID. */
static bool flag_changes(uint32_t flag)
{
    uint32_t before;
    uint32_t after;

    asm volatile("pushfl\n\t"
                 "popl %0\n\t"
                 "movl %0, %1\n\t"
                 "xorl %2, %1\n\t"
                 "pushl %1\n\t"
                 "popfl\n\t"
                 "pushfl\n\t"
                 "popl %1\n\t"
                 "pushl %0\n\t"
                 "popfl"
                 : "=&r"(before), "=&r"(after)
                 : "r"(flag)
                 : "cc");
    return ((before ^ after) & flag) != 0;
}

/* After FNINIT an FPU's status word is zero; without one the bus floats. */
static bool fpu_answers(void)
{
    uint16_t status = 0x5A5A;

    cpu_write_cr0(cpu_read_cr0() & ~(CR0_EMULATE_FPU | CR0_TASK_SWITCHED));
    asm volatile("fninit; fnstsw %0" : "+m"(status));
    return (status & 0xFF) == 0;
}

static void cpuid(uint32_t function, uint32_t *eax, uint32_t *edx, uint32_t *ebx)
{
    uint32_t ecx;

    asm volatile("cpuid" : "=a"(*eax), "=b"(*ebx), "=c"(ecx), "=d"(*edx) : "a"(function));
}

static void features_from_cpuid(void)
{
    uint32_t highest, signature, edx, ebx;

    cpuid(0, &highest, &edx, &ebx);
    if (highest < 1) {
        return;
    }
    cpuid(1, &signature, &edx, &ebx);
    if ((edx & CPUID_WITH_CR4) != 0) {
        cpu_write_cr4(0);        /* whatever the boot loader left: with VME the processor would do a part of the monitor's work, wrongly */
    }
    cpu_features |= edx & CPUID_PSE ? CPU_PSE : 0;
    cpu_features |= edx & CPUID_TSC ? CPU_TSC : 0;
    cpu_features |= edx & CPUID_PGE ? CPU_PGE : 0;
    cpu_features |= edx & CPUID_FXSR ? CPU_FXSR : 0;
    /* The first Pentium Pros announce SYSENTER and do not have it (SDM volume 2, SYSENTER). */
    if ((edx & CPUID_SEP) != 0 && ((signature & 0xF00) != 0x600 || (signature & 0xFF) >= 0x33)) {
        cpu_features |= CPU_SYSENTER;
    }
    if ((edx & CPUID_PAT) != 0) {
        cpu_write_msr64(MSR_PAT, PAT_LOW, PAT_HIGH);
    }
    if ((edx & CPUID_SSE) == 0) {
        return;
    }
    /* Programs may use SSE only where the kernel keeps its registers apart: with FXSAVE. */
    if ((edx & CPUID_FXSR) != 0) {
        cpu_write_cr4(cpu_read_cr4() | CR4_FXSR | CR4_SIMD_EXCEPTIONS);
    }
}

void cpu_initialise(void)
{
    uint32_t cr0;

    cpu_features = 0;
    if (flag_changes(EFLAGS_ALIGNMENT_CHECK)) {
        cpu_features |= CPU_WRITE_PROTECT;
    }
    if (flag_changes(EFLAGS_ID)) {
        cpu_features |= CPU_CPUID;
        features_from_cpuid();
    }
    if (fpu_answers()) {
        cpu_features |= CPU_FPU;
    } else {
        cpu_features &= ~CPU_FXSR;
    }

    /* No alignment checks: SYSEXIT would carry a process's AC flag over to another. */
    cr0 = cpu_read_cr0() & ~(CR0_EMULATE_FPU | CR0_ALIGNMENT_MASK);
    cr0 |= CR0_TASK_SWITCHED | CR0_MONITOR_FPU;
    cr0 |= cpu_has(CPU_FPU) ? 0 : CR0_EMULATE_FPU;
    if (cpu_has(CPU_WRITE_PROTECT)) {
        cr0 |= CR0_WRITE_PROTECT | CR0_NUMERIC_ERROR;
    }
    cpu_write_cr0(cr0);
    if (cpu_has(CPU_PGE)) {
        cpu_write_cr4(cpu_read_cr4() | CR4_GLOBAL_PAGES);
    }
    if (cpu_has(CPU_PSE)) {
        cpu_write_cr4(cpu_read_cr4() | CR4_PAGE_SIZE_EXTENSIONS);
    }
}
