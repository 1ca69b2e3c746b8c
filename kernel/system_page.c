#include "system_page.h"

#include "frame.h"
#include "i386/cpu.h"
#include "i386/entry.h"
#include "string.h"

#define VERSION "Ternion 0.1"

static union {
    struct system_page page;
    uint8_t bytes[PAGE_SIZE];
} memory [[gnu::aligned(4096)]];

struct system_page *const system_page = &memory.page;

static void entry_copy_in(const uint8_t *begin, const uint8_t *end)
{
    memcpy(memory.bytes + ENTRY_PAGE_OFFSET, begin, (size_t)(end - begin));
}

void system_page_initialise(void)
{
    system_page->abi_version = ABI_VERSION;
    system_page->cpu_features = cpu_features;
    system_page->system_call_entry = SYSTEM_PAGE + ENTRY_PAGE_OFFSET;
    system_page->frames_total = frame_table.usable;
    memcpy(system_page->version, VERSION, sizeof VERSION);
    if (cpu_has(CPU_SYSENTER)) {
        entry_copy_in(entry_page_sysenter, entry_page_sysenter_end);
    } else {
        entry_copy_in(entry_page_int, entry_page_int_end);
    }
}
