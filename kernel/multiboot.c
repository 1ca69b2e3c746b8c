#include "multiboot.h"

#include "i386/page_table.h"
#include "i386/start.h"
#include "memory.h"
#include "panic.h"

#define LOADER_MAGIC 0x2BADB002U

#define HAS_MEMORY 0x01U
#define HAS_COMMAND_LINE 0x04U
#define HAS_MODULES 0x08U
#define HAS_MEMORY_MAP 0x40U

#define MEMORY_MAP_MAX 65536U    /* bytes */
#define TYPE_RAM 1U

#define MB 0x100000U

struct multiboot_information {
    uint32_t flags;
    uint32_t memory_lower_kb;
    uint32_t memory_upper_kb;
    uint32_t boot_device;
    uint32_t command_line;
    uint32_t module_count;
    uint32_t modules;
    uint32_t symbols[4];
    uint32_t memory_map_size;
    uint32_t memory_map;
};

struct [[gnu::packed]] multiboot_memory {
    uint32_t size;               /* of the rest of the entry */
    uint64_t begin;
    uint64_t length;
    uint32_t type;
};

struct multiboot_module {
    uint32_t begin;
    uint32_t end;
    uint32_t line;
    uint32_t reserved;
};

struct boot_information boot_information;

static void add_ram(uint64_t begin, uint64_t length)
{
    uint64_t end = length > UINT64_MAX - begin ? UINT64_MAX : begin + length;

    if (begin >= UINT32_MAX) {
        return;
    }
    if (!boot_memory_add((physical_t)begin, end > UINT32_MAX ? UINT32_MAX & ~(PAGE_SIZE - 1) : (physical_t)end)) {
        panic("boot: the map of the memory has more than %u ranges of RAM", BOOT_RAM_MAX);
    }
}

static void add_entry(const struct multiboot_memory *entry)
{
    if (entry->type == TYPE_RAM) {
        add_ram(entry->begin, entry->length);
    }
}

/* What one entry says is no RAM is none, whatever another one says. */
static void reserve_entry(const struct multiboot_memory *entry)
{
    uint64_t end = entry->length > UINT64_MAX - entry->begin ? UINT64_MAX : entry->begin + entry->length;

    end = end < DIRECT_MAP_SIZE ? end : DIRECT_MAP_SIZE;
    if (entry->type != TYPE_RAM && entry->begin < end) {
        (void)boot_memory_reserve((physical_t)entry->begin, (physical_t)end);
    }
}

static void read_memory_map(const struct multiboot_information *information, void (*take)(const struct multiboot_memory *entry))
{
    uint32_t size = information->memory_map_size < MEMORY_MAP_MAX ? information->memory_map_size : MEMORY_MAP_MAX;
    uint32_t at = 0;

    while (at + sizeof(struct multiboot_memory) <= size) {
        struct multiboot_memory entry;

        boot_memory_read(&entry, information->memory_map + at, sizeof entry);
        if (entry.size >= sizeof entry - sizeof entry.size) {
            take(&entry);
        }
        if (entry.size > size) {
            return;
        }
        at += entry.size + (uint32_t)sizeof entry.size;
    }
}

static void read_memory(const struct multiboot_information *information)
{
    if ((information->flags & HAS_MEMORY_MAP) != 0) {
        read_memory_map(information, add_entry);
    } else if ((information->flags & HAS_MEMORY) != 0) {
        add_ram(0, (uint64_t)information->memory_lower_kb * 1024);
        add_ram(MB, (uint64_t)information->memory_upper_kb * 1024);
    } else {
        panic("boot: the boot loader tells nothing of the memory: use GRUB, or another that follows Multiboot 1");
    }
}

bool multiboot_line(physical_t from, char line_out[BOOT_LINE_MAX])
{
    uint32_t length = 0;

    for (uint32_t i = 0; i < BOOT_LINE_MAX; i++) {
        char letter;

        boot_memory_read(&letter, from + i, 1);
        /* GRUB 2 doubles every backslash, GRUB Legacy does not; no name has two of them. */
        if (letter == '\\' && length > 0 && line_out[length - 1] == '\\') {
            continue;
        }
        line_out[length++] = letter;
        if (letter == '\0') {
            return true;
        }
    }
    line_out[length < BOOT_LINE_MAX ? length : BOOT_LINE_MAX - 1] = '\0';
    return false;
}

/* What the kernel still has to read must not be given away: the page of a text, and the next one. */
static void keep_line(physical_t line)
{
    for (physical_t at = line; line != 0 && at < line + BOOT_LINE_MAX; at += BOOT_LINE_MAX - 1) {
        if (!boot_memory_is_taken(at, at + 1)) {
            (void)boot_memory_reserve(at, at + 1);
        }
    }
}

static void read_modules(const struct multiboot_information *information)
{
    struct boot_information *boot = &boot_information;

    boot->module_count = information->module_count;
    boot->modules_kept = boot->module_count < BOOT_MODULES_MAX ? boot->module_count : BOOT_MODULES_MAX;
    for (uint32_t i = 0; i < boot->modules_kept; i++) {
        struct multiboot_module module;

        boot_memory_read(&module, information->modules + i * (uint32_t)sizeof module, sizeof module);
        boot->modules[i] = (struct boot_module){ { module.begin, module.end }, module.line };
    }
    for (uint32_t i = 0; i < boot->modules_kept; i++) {
        const struct physical_range *range = &boot->modules[i].range;

        if (range->begin < range->end && range->end <= DIRECT_MAP_SIZE) {
            (void)boot_memory_reserve(range->begin, range->end);
        }
    }
    for (uint32_t i = 0; i < boot->modules_kept; i++) {
        keep_line(boot->modules[i].line);
    }
}

void multiboot_read(void)
{
    struct multiboot_information information;

    if (start_magic != LOADER_MAGIC) {
        panic("boot: not loaded by a Multiboot 1 loader (EAX is 0x%x): use GRUB", start_magic);
    }
    boot_memory_read(&information, start_information, sizeof information);

    /* The first megabyte belongs to the BIOS and to VM86. */
    (void)boot_memory_reserve(0, MB);
    (void)boot_memory_reserve(virtual_to_physical(kernel_begin), virtual_to_physical(kernel_end));
    read_memory(&information);
    if ((information.flags & HAS_COMMAND_LINE) != 0) {
        (void)multiboot_line(information.command_line, boot_information.command_line);
    }
    if ((information.flags & HAS_MODULES) != 0) {
        read_modules(&information);
    }
    /* Last, so that a map without end cannot take the room that modules need. */
    if ((information.flags & HAS_MEMORY_MAP) != 0) {
        read_memory_map(&information, reserve_entry);
    }
}
