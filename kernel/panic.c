#include "panic.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "early_console.h"
#include "format.h"
#include "i386/backtrace.h"
#include "i386/registers.h"
#include "i386/traps.h"
#include "log.h"
#include "main.h"
#include "options.h"
#include "power.h"
#include "process.h"
#include "thread.h"

#define LOG_LINES 8U

/* A panic inside a panic has only this left. */
static bool panicking;

[[gnu::format(printf, 1, 2)]] static void print(const char *format, ...)
{
    char line[256];
    va_list arguments;

    va_start(arguments, format);
    format_text_list(line, sizeof line, format, arguments);
    va_end(arguments);
    early_console_panic_print(line);
}

static void print_registers(const struct registers *registers)
{
    print("eip %08x  cs %04x  eflags %08x  vector %u (%s)  error %x\n", registers->eip, registers->cs, registers->eflags,
          registers->vector, trap_name(registers->vector), registers->error);
    print("eax %08x  ebx %08x  ecx %08x  edx %08x\n", registers->eax, registers->ebx, registers->ecx, registers->edx);
    print("esi %08x  edi %08x  ebp %08x  ds %04x  es %04x\n", registers->esi, registers->edi, registers->ebp, registers->ds,
          registers->es);
}

static void print_process(void)
{
    if (thread_current == NULL) {
        print("process: none\n");
        return;
    }
    print("process: %s (ID %x, thread %x)\n", thread_current->process->name, thread_current->process->id, thread_current->id);
}

static void print_place(uint32_t address, const char *name, uint32_t offset)
{
    print("  %08x  %s+0x%x\n", address, name, offset);
}

[[gnu::noreturn]] static void panic_end(void)
{
    if (options.halt_on_panic || !boot_is_done) {
        print("halted\n");
        power_halt();
    }
    print("rebooting\n");
    power_reboot();
}

[[gnu::noreturn]] static void panic_print(const struct registers *registers, const void *frame_pointer, const char *format, va_list arguments)
{
    char reason[256];

    if (panicking) {
        early_console_panic_print("panic inside a panic\n");
        power_halt();
    }
    panicking = true;
    format_text_list(reason, sizeof reason, format, arguments);
    print("\nKERNEL PANIC: %s\n", reason);
    print_process();
    if (registers != NULL) {
        print_registers(registers);
    }
    print("backtrace:\n");
    if (registers != NULL) {
        backtrace_place(registers->eip, print_place);
        frame_pointer = (const void *)(uintptr_t)registers->ebp;
    }
    backtrace(frame_pointer, print_place);
    print("last lines of the log:\n");
    log_print_last(LOG_LINES);
    panic_end();
}

void panic(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    panic_print(NULL, __builtin_frame_address(0), format, arguments);
}

void panic_at(const struct registers *registers, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    panic_print(registers, __builtin_frame_address(0), format, arguments);
}
