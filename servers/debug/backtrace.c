#include "backtrace.h"

#include <abi/system.h>
#include <abi/types.h>

#include <ternion/string.h>

#define SEARCH_BYTES 1024U           /* of the stack, for a return address or a frame */
#define WORD sizeof(uint32_t)
#define CALL_BYTES_MAX 7U

/* What a function with a frame pushes: System V ABI i386 supplement, figure 3-15. */
struct stack_frame {
    uint32_t caller;                 /* EBP of the caller */
    uint32_t return_address;
};

/* ---- Return addresses ---- */

enum call { CALL_NONE, CALL_DIRECT, CALL_INDIRECT };

static bool in_text(const struct backtrace *backtrace, uint32_t address)
{
    return symbols_with_text(backtrace->symbols, address) != NULL;
}

/* Are these bytes one `call r/m32` (FF /2)? Its second and third say how long it is: Intel SDM volume 2, tables 2-2 and 2-3. */
static bool is_indirect_call(const uint8_t *code, uint32_t size)
{
    uint32_t mode = code[1] >> 6, register_or_memory = code[1] & 7;
    bool has_index = mode != 3 && register_or_memory == 4;
    uint32_t needed = has_index ? 3 : 2;

    if (code[0] != 0xFF || (code[1] & 0x38) != 0x10 || size < needed) {
        return false;
    }
    if (mode == 0) {
        bool has_address = register_or_memory == 5 || (has_index && (code[2] & 7) == 5);
        needed += has_address ? 4 : 0;
    } else {
        needed += mode == 1 ? 1 : mode == 2 ? 4 : 0;
    }
    return size == needed;
}

/* What kind of call stands before an address; *target_out: where a direct one leads. */
static enum call call_before(const struct backtrace *backtrace, uint32_t address, uint32_t *target_out)
{
    const struct symbols *symbols = symbols_with_text(backtrace->symbols, address);
    uint8_t code[CALL_BYTES_MAX];
    uint32_t distance;

    /* The first function of a program is not shorter than that. */
    if (symbols == NULL || address - symbols->text_first < CALL_BYTES_MAX
        || !backtrace->memory->read(backtrace->memory, address - CALL_BYTES_MAX, code, CALL_BYTES_MAX)) {
        return CALL_NONE;
    }
    if (code[CALL_BYTES_MAX - 5] == 0xE8) {
        memcpy(&distance, code + CALL_BYTES_MAX - WORD, WORD);
        *target_out = address + distance;
        if (in_text(backtrace, *target_out)) {
            return CALL_DIRECT;
        }
    }
    for (uint32_t size = 2; size <= CALL_BYTES_MAX; size++) {
        if (is_indirect_call(code + CALL_BYTES_MAX - size, size)) {
            return CALL_INDIRECT;
        }
    }
    return CALL_NONE;
}

/* How well a return address fits the function that we are in. */
enum fit { FIT_NONE, FIT_POSSIBLE, FIT_INDIRECT, FIT_EXACT };

static enum fit fit_of(const struct backtrace *backtrace, uint32_t return_address, const struct symbol *function)
{
    uint32_t target = 0;

    switch (call_before(backtrace, return_address, &target)) {
    case CALL_DIRECT:
        return function == NULL ? FIT_INDIRECT : target == function->address ? FIT_EXACT : FIT_POSSIBLE;
    case CALL_INDIRECT:
        return FIT_INDIRECT;
    case CALL_NONE:
        break;
    }
    return FIT_NONE;
}

/* ---- The stack ---- */

/* Behind the first thread's stack lie the pages of facts. */
static bool read_word(const struct backtrace *backtrace, uint32_t address, uint32_t *word_out)
{
    return address % WORD == 0 && (address < STACK_TOP || address >= PROGRAM_BASE)
        && backtrace->memory->read(backtrace->memory, address, word_out, WORD);
}

/* Is this a frame of somebody above ESP? */
static bool frame_read(const struct backtrace *backtrace, uint32_t ebp, struct stack_frame *frame_out)
{
    uint32_t target;

    return ebp >= backtrace->esp && ebp - backtrace->esp < STACK_SIZE_MAX && read_word(backtrace, ebp, &frame_out->caller)
        && read_word(backtrace, ebp + WORD, &frame_out->return_address)
        && call_before(backtrace, frame_out->return_address, &target) != CALL_NONE;
}

/* The first word above ESP that leads to a frame: somebody has pushed his EBP there. False: there is none near. */
static bool frame_search(struct backtrace *backtrace, struct stack_frame *frame_out)
{
    uint32_t word;

    for (uint32_t at = backtrace->esp; at - backtrace->esp < SEARCH_BYTES && read_word(backtrace, at, &word); at += WORD) {
        if (word > at && frame_read(backtrace, word, frame_out)) {
            backtrace->ebp = word;
            return true;
        }
    }
    return false;
}

/* The first return address from ESP on that fits so well or better, below `end`. */
static bool return_search(const struct backtrace *backtrace, const struct symbol *function, enum fit least, uint32_t end,
                          uint32_t *at_out, uint32_t *return_address_out)
{
    for (uint32_t at = backtrace->esp; at < end && read_word(backtrace, at, return_address_out); at += WORD) {
        if (fit_of(backtrace, *return_address_out, function) >= least) {
            *at_out = at;
            return true;
        }
    }
    return false;
}

/* ---- From a function to its caller ---- */

/* We are in the caller now, whose return address stood at `at`. */
static bool go_on(struct backtrace *backtrace, uint32_t at, uint32_t return_address, bool is_sure, struct caller *caller_out)
{
    backtrace->eip = return_address;
    backtrace->esp = at + WORD;
    backtrace->is_first = false;
    *caller_out = (struct caller){ return_address, is_sure };
    return true;
}

static bool by_frame(struct backtrace *backtrace, const struct stack_frame *frame, bool is_sure, struct caller *caller_out)
{
    uint32_t at = backtrace->ebp + WORD;

    backtrace->ebp = frame->caller;
    backtrace->frame_is_known = true;
    return go_on(backtrace, at, frame->return_address, is_sure, caller_out);
}

/* The function has no frame, or none yet: its caller's EBP is what EBP is. */
static bool by_frame_of_caller(struct backtrace *backtrace, const struct symbol *function, struct caller *caller_out)
{
    uint32_t at, return_address;

    return function != NULL && return_search(backtrace, function, FIT_EXACT, backtrace->ebp, &at, &return_address)
        && go_on(backtrace, at, return_address, true, caller_out);
}

static bool by_search(struct backtrace *backtrace, const struct symbol *function, struct caller *caller_out)
{
    uint32_t end = backtrace->esp + SEARCH_BYTES, at, return_address;

    if (end < backtrace->esp || (!return_search(backtrace, function, FIT_EXACT, end, &at, &return_address)
                                 && !return_search(backtrace, function, FIT_POSSIBLE, end, &at, &return_address))) {
        return false;
    }
    backtrace->frame_is_known = false;
    return go_on(backtrace, at, return_address, false, caller_out);
}

/* The return address lies so many bytes above ESP, if what lies there fits. */
static bool by_top_of_stack(struct backtrace *backtrace, uint32_t above, const struct symbol *function, enum fit least,
                            struct caller *caller_out)
{
    uint32_t at = backtrace->esp + above, return_address;

    return read_word(backtrace, at, &return_address) && fit_of(backtrace, return_address, function) >= least
        && go_on(backtrace, at, return_address, true, caller_out);
}

/* Where the caller is on top by rule: in a system call, behind a jump to nowhere, in the first instructions of a function. */
static bool first_caller(struct backtrace *backtrace, const struct symbol *function, struct caller *caller_out)
{
    if (!in_text(backtrace, backtrace->eip)) {
        return by_top_of_stack(backtrace, 0, NULL, FIT_INDIRECT, caller_out);
    }
    /* Before `push ebp`, which is one byte, and behind it. */
    uint32_t offset = function == NULL ? UINT32_MAX : backtrace->eip - function->address;
    return (offset == 0 && by_top_of_stack(backtrace, 0, function, FIT_INDIRECT, caller_out))
        || (offset == 1 && by_top_of_stack(backtrace, WORD, function, FIT_EXACT, caller_out));
}

void backtrace_begin(struct backtrace *backtrace, const struct backtrace_memory *memory, const struct symbols *symbols,
                     uint32_t eip, uint32_t esp, uint32_t ebp)
{
    *backtrace = (struct backtrace){ memory, symbols, eip, esp, ebp, true, true };
}

bool backtrace_next(struct backtrace *backtrace, struct caller *caller_out)
{
    struct symbol symbol;
    struct stack_frame frame;

    if (!backtrace->is_first && backtrace->frame_is_known && backtrace->ebp == 0) {
        return false;                /* start.asm, thread.asm: the end of every backtrace */
    }
    /* Behind the call of a function that does not return another function may begin. */
    bool has_symbol = symbols_find(backtrace->symbols, backtrace->is_first ? backtrace->eip : backtrace->eip - 1, &symbol);
    const struct symbol *function = has_symbol ? &symbol : NULL;
    if (backtrace->is_first && first_caller(backtrace, function, caller_out)) {
        return true;
    }
    bool is_known = backtrace->frame_is_known && frame_read(backtrace, backtrace->ebp, &frame);

    if (!is_known && !frame_search(backtrace, &frame)) {
        return by_search(backtrace, function, caller_out);
    }
    enum fit fit = fit_of(backtrace, frame.return_address, function);
    if (fit != FIT_EXACT && by_frame_of_caller(backtrace, function, caller_out)) {
        return true;
    }
    /* FIT_POSSIBLE: the function called there has ended by a jump to this one. FIT_INDIRECT: nobody knows whom that call was for. */
    return by_frame(backtrace, &frame, fit == FIT_EXACT || (is_known && function != NULL), caller_out);
}
