#include "module.h"

#include <abi/system.h>

#include <stdbool.h>

#include "address_space.h"
#include "elf.h"
#include "frame.h"
#include "heap.h"
#include "i386/start.h"
#include "log.h"
#include "memory.h"
#include "multiboot.h"
#include "name.h"
#include "panic.h"
#include "process.h"
#include "spawn.h"
#include "string.h"
#include "syscall_handlers.h"
#include "thread.h"
#include "user_memory.h"

#define FILE_MARK "file:"
#define FILE_MARK_SIZE (sizeof FILE_MARK - 1)

struct module {
    struct elf_source image;
    physical_t begin;
    struct module_information information;
};

static const char *const elf_reasons[ELF_REASON_COUNT] = {
#define ELF_REASON_TEXT(name, meaning) meaning,
    ELF_REASON_LIST(ELF_REASON_TEXT)
#undef ELF_REASON_TEXT
};
static const char *const status_texts[STATUS_COUNT] = {
#define STATUS_TEXT(name, number, meaning) [number] = meaning,
    STATUS_LIST(STATUS_TEXT)
#undef STATUS_TEXT
};

static struct module *modules[BOOT_MODULES_MAX];
static uint32_t module_count;

#define SUPERVISOR_RESTARTS_MAX 8U
static uint32_t supervisor_restarts;
bool supervisor_has_ended;

static const char *skip_spaces(const char *text)
{
    while (*text == ' ') {
        text++;
    }
    return text;
}

static uint32_t word_size(const char *text)
{
    uint32_t size = 0;

    while (text[size] != '\0' && text[size] != ' ') {
        size++;
    }
    return size;
}

/* Words become strings, one after the other. False if they do not fit. */
static bool take_arguments(struct module_information *information, const char *line)
{
    for (line = skip_spaces(line); *line != '\0'; line = skip_spaces(line)) {
        uint32_t size = word_size(line);

        if (information->arguments_size + size + 1 > sizeof information->arguments) {
            return false;
        }
        memcpy(information->arguments + information->arguments_size, line, size);
        information->arguments_size += size;
        information->arguments[information->arguments_size++] = '\0';
        line += size;
    }
    return true;
}

static bool take_file_name(struct module_information *information, const char *word, uint32_t size)
{
    word += FILE_MARK_SIZE;
    size -= (uint32_t)FILE_MARK_SIZE;
    if (size == 0 || size > NAME_SIZE_MAX) {
        return false;
    }
    information->flags = MODULE_IS_FILE;
    memcpy(information->name, word, size);
    return true;
}

/* A name without a prefix begins as a driver: it downgrades itself. */
static bool take_program_name(struct module_information *information, const char *word, uint32_t size)
{
    uint32_t name_size;

    information->class = name_class(word, size);
    if (information->class == CLASS_COUNT) {
        information->class = CLASS_DRIVER;
    } else {
        word += NAME_PREFIX_SIZE;
        size -= NAME_PREFIX_SIZE;
    }
    return name_make(information->class, word, size, information->name, &name_size) == OK;
}

/* "FILE NAME ARGUMENTS…" or "FILE file:PATH". NULL, or what is wrong. */
static const char *take_line(struct module_information *information, const char *line)
{
    const char *word = skip_spaces(line);

    word = skip_spaces(word + word_size(word));
    uint32_t size = word_size(word);
    if (size == 0) {
        return "it has no name: write `module FILE NAME arguments` or `module FILE file:PATH`";
    }
    if (size >= FILE_MARK_SIZE && memcmp(word, FILE_MARK, FILE_MARK_SIZE) == 0) {
        return take_file_name(information, word, size) ? NULL : "its path is empty or longer than 63 bytes";
    }
    if (!take_program_name(information, word, size)) {
        return "its name is empty behind the prefix, longer than 63 bytes, or has characters that names cannot have";
    }
    return take_arguments(information, word + size) ? NULL : "its arguments are longer than 255 bytes";
}

/* NULL, or what is wrong with where module `index` lies. */
static const char *check_range(uint32_t index)
{
    const struct physical_range *range = &boot_information.modules[index].range;

    if (range->begin >= range->end) {
        return "it ends before it begins, or is empty";
    }
    if (range->end > DIRECT_MAP_SIZE) {
        return "it lies above the memory that the kernel uses";
    }
    if (range->begin % PAGE_SIZE != 0) {
        return "it does not begin at a page boundary";
    }
    if (range->begin < virtual_to_physical(kernel_end) && range->end > virtual_to_physical(kernel_begin)) {
        return "it overlaps the kernel";
    }
    if (!boot_memory_is_ram(range->begin, (range->end + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1))) {
        return "it does not lie in memory";
    }
    for (uint32_t i = 0; i < index; i++) {
        const struct physical_range *other = &boot_information.modules[i].range;

        if (range->begin < other->end && other->begin < range->end) {
            return "it overlaps another module";
        }
    }
    return NULL;
}

/* The image is a module's first member. */
static status_t image_read(const struct elf_source *source, uint32_t offset, void *to, uint32_t size)
{
    memcpy(to, physical_to_virtual(((const struct module *)source)->begin + offset), size);
    return OK;
}

static physical_t image_frame(const struct elf_source *source, uint32_t offset)
{
    physical_t frame = ((const struct module *)source)->begin + offset;

    return frame % PAGE_SIZE == 0 ? frame : 0;
}

static void module_add(uint32_t index)
{
    const struct boot_module *boot = &boot_information.modules[index];
    char line[BOOT_LINE_MAX] = "";
    const char *wrong = check_range(index);
    struct module *module = heap_allocate(sizeof *module, true);

    if (boot->line != 0 && !multiboot_line(boot->line, line)) {
        wrong = "its line is longer than 1023 bytes";
    }
    if (wrong == NULL && module == NULL) {
        wrong = "there is no memory for it";
    }
    if (wrong == NULL) {
        wrong = take_line(&module->information, line);
    }
    if (wrong != NULL) {
        log_kernel(LOG_ERROR, "boot module %u (%.60s) is refused: %s", index + 1, line, wrong);
        heap_free(module);
        return;
    }
    module->begin = boot->range.begin;
    module->information.size = boot->range.end - boot->range.begin;
    module->image = (struct elf_source){ image_read, module->information.size, image_frame };
    modules[module_count++] = module;
}

/* Without what the boot loader left behind the module, in its last page. */
static void module_publish(const struct module *module)
{
    uint32_t end = module->begin + module->information.size;

    if (end % PAGE_SIZE != 0) {
        memset(physical_to_virtual(end), 0, PAGE_SIZE - end % PAGE_SIZE);
    }
    for (physical_t frame = module->begin; frame < end; frame += PAGE_SIZE) {
        frame_table.frames[frame / PAGE_SIZE].state = FRAME_PUBLIC;
    }
}

void modules_initialise(void)
{
    if (boot_information.module_count > boot_information.modules_kept) {
        log_kernel(LOG_ERROR, "%u boot modules are refused: only the first %u are used",
                   boot_information.module_count - boot_information.modules_kept, boot_information.modules_kept);
    }
    for (uint32_t i = 0; i < boot_information.modules_kept; i++) {
        module_add(i);
    }
    /* Only now: a module's line may lie there. */
    for (uint32_t i = 0; i < module_count; i++) {
        module_publish(modules[i]);
    }
}

const struct elf_source *module_image(const char *name)
{
    for (uint32_t i = 0; i < module_count; i++) {
        if ((modules[i]->information.flags & MODULE_IS_FILE) != 0 && strcmp(modules[i]->information.name, name) == 0) {
            return &modules[i]->image;
        }
    }
    return NULL;
}

static void module_start(struct module *module)
{
    struct module_information *information = &module->information;
    static const struct grant no_limits;
    struct spawn_request request = {
        .class = information->class,
        .name = information->name,
        .name_size = (uint32_t)strlen(information->name),
        .arguments = information->arguments,
        .arguments_size = information->arguments_size,
        .image = &module->image,
        .grant = &no_limits,
    };
    enum elf_reason reason = ELF_FINE;
    struct process *process;

    status_t status = spawn(&request, &process, &reason);
    if (status != OK) {
        log_kernel(LOG_ERROR, "boot module %s is refused: %s", information->name,
                   status == BAD_IMAGE ? elf_reasons[reason] : status_texts[status]);
        return;
    }
    information->flags |= MODULE_STARTED;
    information->process = process->id;
    log_kernel(LOG_DEBUG, "started %s from %u KB", process->name, information->size / 1024);
}

void modules_start(void)
{
    uint32_t programs = 0;

    for (uint32_t i = 0; i < module_count; i++) {
        if ((modules[i]->information.flags & MODULE_IS_FILE) == 0) {
            module_start(modules[i]);
            programs++;
        }
    }
    log_kernel(LOG_INFORMATION, "%u programs and %u files came with the kernel", programs, module_count - programs);
}

void modules_process_ended(const struct process *process)
{
    supervisor_has_ended |= process->supervisor;
}

void modules_restart_supervisor(void)
{
    supervisor_has_ended = false;
    if (++supervisor_restarts > SUPERVISOR_RESTARTS_MAX) {
        panic("%s has ended %u times", SUPERVISOR_NAME, supervisor_restarts);
    }
    log_kernel(LOG_ERROR, "%s has ended: it begins anew", SUPERVISOR_NAME);
    for (uint32_t i = 0; i < module_count; i++) {
        if (strcmp(modules[i]->information.name, SUPERVISOR_NAME) == 0 && (modules[i]->information.flags & MODULE_IS_FILE) == 0) {
            module_start(modules[i]);
        }
    }
}

status_t sys_module_information(module_index_t index, struct module_information USER *information_out)
{
    if (index >= module_count) {
        return NOT_FOUND;
    }
    return user_write(information_out, &modules[index]->information, sizeof modules[index]->information);
}

status_t sys_module_map(module_index_t index, uint32_t *address_out)
{
    if (index >= module_count) {
        return NOT_FOUND;
    }
    const struct module *module = modules[index];
    return address_space_show(&thread_current->process->space, module->begin,
                              (module->information.size + PAGE_SIZE - 1) / PAGE_SIZE, false, address_out);
}
