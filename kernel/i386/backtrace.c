#include "i386/backtrace.h"

#include "i386/start.h"

#define DEPTH_MAX 16U

struct symbol {
    uint32_t address;
    const char *name;
};

/* Made by tools/generate-symbols when the kernel is linked. */
extern const uint32_t symbol_count;
extern const struct symbol symbol_table[];

/* What a function pushes: System V ABI i386 supplement, figure 3-15. */
struct stack_frame {
    const struct stack_frame *caller;
    uint32_t return_address;
};

static const struct symbol *symbol_of(uint32_t address)
{
    const struct symbol *best = NULL;

    for (uint32_t i = 0; i < symbol_count && symbol_table[i].address <= address; i++) {
        best = &symbol_table[i];
    }
    return address < (uint32_t)(uintptr_t)kernel_text_end ? best : NULL;
}

static void print_place(uint32_t address, const struct symbol *symbol, backtrace_print_t *print)
{
    if (symbol == NULL) {
        print(address, "?", 0);
    } else {
        print(address, symbol->name, address - symbol->address);
    }
}

void backtrace_place(uint32_t address, backtrace_print_t *print)
{
    print_place(address, symbol_of(address), print);
}

/* Behind the call of a function that does not return another function may begin: the call itself tells whose it is. */
static void print_caller(uint32_t return_address, backtrace_print_t *print)
{
    print_place(return_address, symbol_of(return_address - 1), print);
}

void backtrace(const void *frame_pointer, backtrace_print_t *print)
{
    const struct stack_frame *frame = frame_pointer;

    for (uint32_t i = 0; i < DEPTH_MAX; i++) {
        uintptr_t place = (uintptr_t)frame;

        if (place < (uintptr_t)kernel_stack_begin || place > (uintptr_t)kernel_stack_end - sizeof *frame || place % 4 != 0) {
            return;
        }
        print_caller(frame->return_address, print);
        frame = frame->caller;
    }
}
