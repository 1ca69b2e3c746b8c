#include "report.h"

#include <abi/debug.h>
#include <abi/process.h>

#include <ternion/clock.h>
#include <ternion/exception.h>
#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#include "backtrace.h"
#include "image.h"
#include "memory.h"
#include "repetition.h"

#define CALLERS_MAX 20U                  /* lines */
#define STEPS_MAX 500U                   /* callers, where functions call themselves */
#define NOT_INTERRUPTED 0x80U            /* debug_thread.exception from here on: it is in a system call, and EIP was not kept */
#define CALLERS_OF_OTHERS 3U             /* that are told of a thread without a mistake */
#define OTHERS_MAX 16U                   /* threads */
#define CODE_BYTES 16U
#define STACK_ROWS 4U
#define STACK_COLUMNS 8U
#define PLACE_SIZE 100U
#define PAGE_FAULT 14U
#define PAGE_FAULT_PRESENT 1U            /* error code: SDM volume 3, section 4.7 */
#define PAGE_FAULT_WRITE 2U
#define HOLE_PAGES 64U                   /* behind so many pages without memory nothing more is looked for */
#define PROBES_MAX 256U                  /* pages: promised ones get their frame when they are looked at */

static struct memory memory;             /* of the process that is reported */
static struct image image;
static struct repetitions repetitions;

#define say(...) log_print(LOG_ERROR, __VA_ARGS__)

/* ---- Addresses ---- */

/* "0x00200123 name+0x12"; behind a call the function is that of the call. */
static const char *place(uint32_t address, bool is_return_address, char text[PLACE_SIZE])
{
    struct symbol symbol;

    if (symbols_find(&image.program.symbols, address - is_return_address, &symbol)) {
        format_text(text, PLACE_SIZE, "0x%08x %.70s+0x%x", address, symbol.name, address - symbol.address);
    } else if (address >= SYSTEM_PAGE && address < SYSTEM_PAGE + PAGE_SIZE) {
        format_text(text, PLACE_SIZE, "a system call");
    } else {
        format_text(text, PLACE_SIZE, "0x%08x", address);
    }
    return text;
}

/* Statuses: those of debug_thread. Where a thread is in a system call EIP leads to the page where it begins. */
static status_t thread_read(process_id_t process, thread_id_t after, struct debug_thread *thread_out)
{
    status_t status = debug_thread(process, after, thread_out);

    if (status == OK && thread_out->exception >= NOT_INTERRUPTED) {
        thread_out->eip = SYSTEM_PAGE;
    }
    return status;
}

/* ---- What happened ---- */

static const char *mistake(uint32_t code, const struct debug_thread *thread, const struct process_information *information,
                           char *text, uint32_t size)
{
    uint32_t exception = code & 0xFF;
    bool is_write = (thread->error_code & PAGE_FAULT_WRITE) != 0;
    bool is_present = (thread->error_code & PAGE_FAULT_PRESENT) != 0;

    if (code == (EXIT_FAULT | PAGE_FAULT)) {
        format_text(text, size, "page fault %s 0x%08x, %s", is_write ? "writing to" : "reading", thread->address,
                    is_present ? "which it may not" : "where nothing is");
    } else if ((code & ~0xFFU) == EXIT_FAULT) {
        format_text(text, size, "%s (exception %u, error code 0x%x)", exception_name(exception), exception, thread->error_code);
    } else if (code == EXIT_STRIKES) {
        format_text(text, size, "%u strikes, which the lines above tell", information->strikes);
    } else {
        exit_describe(code, text, size);
    }
    return text;
}

/* ---- Parts of a report ---- */

static void report_process(const struct process_information *information)
{
    say("  %s 0x%x, child of 0x%x, %u threads, %u pages, %u ms on the processor", class_name(information->class), information->id,
        information->parent, information->threads, information->frames, (uint32_t)(information->cpu_ns / MILLISECOND));
    if (image.program.address != 0) {
        say("  image: boot module %s, %u bytes%s", image.program.module.name, image.program.module.size,
            image.program.symbols.count != 0 ? "" : ", without symbols");
    } else {
        say("  image: %s", image.status == NOT_ALLOWED ? "not known: a debugger that is an application cannot read boot modules"
                                                       : "no boot module has this text: addresses without names");
    }
}

static void report_registers(const struct debug_thread *thread)
{
    say("  eax %08x  ebx %08x  ecx %08x  edx %08x  esi %08x  edi %08x", thread->eax, thread->ebx, thread->ecx, thread->edx,
        thread->esi, thread->edi);
    say("  eip %08x  esp %08x  ebp %08x  eflags %08x  cs %04x  ss %04x  ds %04x  es %04x", thread->eip, thread->esp, thread->ebp,
        thread->eflags, thread->cs, thread->ss, thread->ds, thread->es);
}

static void report_code(uint32_t eip)
{
    char text[3 * CODE_BYTES + 1] = "";
    uint8_t byte;
    uint32_t count = 0;

    while (count < CODE_BYTES && memory_read(&memory, eip + count, &byte, sizeof byte)) {
        format_text(text + 3 * count, sizeof text - 3 * count, " %02x", byte);
        count++;
    }
    say("  code at eip:%s", count != 0 ? text : " cannot be read");
}

/* A caller, or the same one so many times in a row. */
static void report_caller(const struct caller *caller, uint32_t times)
{
    char text[PLACE_SIZE], again[24] = "";

    if (times > 1) {
        format_text(again, sizeof again, ", %u times", times);
    }
    say("  called from %s%s%s", place(caller->return_address, true, text), caller->is_sure ? "" : " ?", again);
}

static void report_backtrace(const struct debug_thread *thread)
{
    struct backtrace backtrace;
    struct caller last = { 0 }, caller;
    char text[PLACE_SIZE];
    uint32_t times = 0, lines = 0;

    say("  at %s", place(thread->eip, false, text));
    backtrace_begin(&backtrace, &memory.for_backtrace, &image.program.symbols, thread->eip, thread->esp, thread->ebp);
    for (uint32_t step = 0; backtrace_next(&backtrace, &caller); step++, times++) {
        if (times != 0 && (caller.return_address != last.return_address || caller.is_sure != last.is_sure)) {
            report_caller(&last, times);
            times = 0;
            lines++;
        }
        last = caller;
        if (step == STEPS_MAX || lines == CALLERS_MAX) {
            report_caller(&last, times + 1);
            say("  called from more");
            return;
        }
    }
    if (times != 0) {
        report_caller(&last, times);
    }
}

static void report_stack(uint32_t esp)
{
    uint32_t begin = memory_has_page(&memory, esp) ? esp & ~3U : (esp | (PAGE_SIZE - 1)) + 1;   /* it has just run over its end */

    if (esp >= STACK_TOP - STACK_SIZE_MAX - PAGE_SIZE && esp < STACK_TOP) {
        say("  the first thread's stack: %u bytes of %u in use", STACK_TOP - esp, STACK_SIZE_MAX);
    }
    for (uint32_t row = 0; row < STACK_ROWS; row++) {
        uint32_t address = begin + row * STACK_COLUMNS * sizeof(uint32_t);
        char text[9 * STACK_COLUMNS + 1] = "";
        uint32_t count = 0, word;

        while (count < STACK_COLUMNS && memory_read(&memory, address + count * sizeof word, &word, sizeof word)) {
            format_text(text + 9 * count, sizeof text - 9 * count, " %08x", word);
            count++;
        }
        say("  stack %08x:%s", address, count != 0 ? text : " cannot be read");
        if (count == 0) {
            return;
        }
    }
}

/* A thread that did nothing wrong: where it is, in a line. */
static void report_other(const struct debug_thread *thread)
{
    struct backtrace backtrace;
    struct caller caller;
    char line[LOG_TEXT_MAX + 1], text[PLACE_SIZE];
    size_t size = format_text(line, sizeof line, "  thread 0x%x: at %s", thread->id, place(thread->eip, false, text));

    backtrace_begin(&backtrace, &memory.for_backtrace, &image.program.symbols, thread->eip, thread->esp, thread->ebp);
    for (uint32_t i = 0; i < CALLERS_OF_OTHERS && size < sizeof line && backtrace_next(&backtrace, &caller); i++) {
        size += format_text(line + size, sizeof line - size, ", from %s%s", place(caller.return_address, true, text),
                            caller.is_sure ? "" : " ?");
    }
    say("%s", line);
}

static void report_others(process_id_t process, thread_id_t after)
{
    struct debug_thread thread;

    for (uint32_t count = 0; thread_read(process, after, &thread) == OK; count++) {
        if (count == OTHERS_MAX) {
            say("  and more threads");
            return;
        }
        report_other(&thread);
        after = thread.id;
    }
}

/* ---- The memory map ---- */

/* Pages that there are, one after the other, until there is none. Returns where they end. */
static uint32_t range_end(uint32_t begin, uint32_t *probes)
{
    uint32_t end = begin;

    while (end < USER_END && *probes < PROBES_MAX && memory_has_page(&memory, end)) {
        end += PAGE_SIZE;
        ++*probes;
    }
    return end;
}

/* Image, and what it has got behind it: ranges up to a wide hole. */
static void report_memory(void)
{
    char line[LOG_TEXT_MAX + 1];
    size_t size = format_text(line, sizeof line, "  memory:");
    uint32_t at = PROGRAM_BASE, hole = 0, probes = 0;

    while (at < USER_END && hole < HOLE_PAGES && probes < PROBES_MAX) {
        uint32_t end = range_end(at, &probes);

        if (end > at && size < sizeof line) {
            size += format_text(line + size, sizeof line - size, " %08x-%08x", at, end - 1);
        }
        hole = end > at ? 0 : hole + 1;
        at = end + PAGE_SIZE;
        probes++;
    }
    say("%s", line);
}

/* ---- The whole ---- */

static void report_in_full(process_id_t process, const struct debug_thread *thread, const struct process_information *information)
{
    report_process(information);
    report_registers(thread);
    report_code(thread->eip);
    report_backtrace(thread);
    report_stack(thread->esp);
    report_others(process, thread->id);
    report_memory();
}

void report(process_id_t process, uint32_t code)
{
    struct process_information information;
    struct debug_thread thread;
    char what[100], where[PLACE_SIZE];
    uint32_t count;

    if (process_information(process, &information) != OK || thread_read(process, 0, &thread) != OK) {
        return;                  /* somebody else has ended it */
    }
    /* What it has in registers and memory may be what it must not tell: what was typed, for a keyboard's driver. */
    if ((information.partners & ROLE_BIT(ROLE_LOG)) == 0) {
        say("%s made a mistake; as it may not speak to the log, what is in its registers and memory is not told", information.name);
        return;
    }
    bool in_full = repetition_count(&repetitions, information.name, thread.eip, clock_now(), &count);
    memory_open(&memory, process);
    image_open(&image, &memory);
    say("%s made a mistake: %s, at %s%s", information.name, mistake(code, &thread, &information, what, sizeof what),
        place(thread.eip, false, where), in_full ? "" : ", once more");
    if (in_full) {
        report_in_full(process, &thread, &information);
    }
    image_close(&image);
}
