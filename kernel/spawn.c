#include "spawn.h"

#include "access.h"
#include "elf.h"
#include "frame.h"
#include "heap.h"
#include "i386/cpu.h"
#include "log.h"
#include "manifest.h"
#include "module.h"
#include "name.h"
#include "process.h"
#include "save_state.h"
#include "string.h"
#include "syscall_handlers.h"
#include "thread.h"
#include "user_memory.h"
#include "watch.h"

/* Fills one page of a segment from its image; bytes that the file does not have are zero. */
static status_t page_load(const struct elf_segment *segment, uint32_t page, uint8_t *memory)
{
    uint32_t begin = segment->address > page ? segment->address - page : 0;
    uint32_t skipped = page + begin - segment->address;
    uint32_t size = 0;
    status_t status = OK;

    if (skipped < segment->file_size) {
        size = segment->file_size - skipped;
        size = size < PAGE_SIZE - begin ? size : PAGE_SIZE - begin;
    }
    memset(memory, 0, begin);
    if (size > 0) {
        status = segment->source->read(segment->source, segment->file_offset + skipped, memory + begin, size);
    }
    memset(memory + begin + size, 0, PAGE_SIZE - begin - size);
    return status;
}

/*
 * The frame of the image that can be a page of a segment; 0: a page of the process's own is needed. What the file has in front of the
 * segment and behind it in the same page is seen, too.
 */
static physical_t page_of_image(const struct elf_segment *segment, uint32_t page)
{
    const struct elf_source *image = segment->source;
    uint32_t offset = segment->file_offset + (page - segment->address);

    if (segment->writable || segment->memory_size != segment->file_size || image->frame == NULL || offset >= image->size) {
        return 0;
    }
    return image->frame(image, offset);
}

static status_t page_add(struct address_space *space, const struct elf_segment *segment, uint32_t page)
{
    physical_t frame = page_of_image(segment, page);
    void *memory;

    if (frame != 0) {
        return address_space_show_frame(space, page, frame);
    }
    status_t status = address_space_add_page(space, page, segment->writable, &memory);
    return status == OK ? page_load(segment, page, memory) : status;
}

static status_t segment_load(struct address_space *space, const struct elf_segment *segment)
{
    uint32_t end = segment->address + segment->memory_size;

    for (uint32_t page = segment->address & ~(PAGE_SIZE - 1); page < end; page += PAGE_SIZE) {
        status_t status = page_add(space, segment, page);

        if (status != OK) {
            return status;
        }
        cpu_interrupt_window();
    }
    return OK;
}

static status_t program_load(struct process *process, const struct spawn_request *request, const struct elf_program *program)
{
    struct thread *thread;

    for (uint32_t i = 0; i < program->segment_count; i++) {
        status_t status = segment_load(&process->space, &program->segments[i]);

        if (status != OK) {
            return status;
        }
    }
    process->page->image_end = program->end;
    process->page->arguments_size = request->arguments_size;
    memcpy(process->page->arguments, request->arguments, request->arguments_size);
    return thread_create(process, program->entry, STACK_TOP, 0, &thread);
}

/*
 * What the new process may touch: what its grant, its image and its spawner say, and no more than the spawner has. A driver of the
 * kernel's that says nothing has all that is not reserved.
 */
static status_t access_decide(const struct spawn_request *request, const struct elf_program *program, struct access *access_out,
                              enum elf_reason *reason_out)
{
    const struct access *own = request->parent == NULL ? &access_of_boot_module : &request->parent->access;
    bool has_manifest = false;
    status_t status = OK;

    uint32_t strikes = access_strikes(own) < STRIKES_USUAL ? access_strikes(own) : STRIKES_USUAL;

    *access_out = (struct access){ .partners = own->partners, .strikes = strikes };
    switch (request->grant->source) {
    case ACCESS_MANIFEST:
        status = manifest_find(request->image, program, access_out, &has_manifest);
        break;
    case ACCESS_EXPLICIT:
        *access_out = request->grant->access;
        status = access_is_valid(access_out) ? OK : BAD_ARGUMENT;
        break;
    case ACCESS_SAME:
        *access_out = *own;
        access_out->role = ROLE_NONE;
        access_out->strikes = strikes;
        break;
    default:
        status = BAD_ARGUMENT;
        break;
    }
    if (status == BAD_IMAGE) {
        *reason_out = ELF_BAD_MANIFEST;
    }
    if (status == OK && request->parent == NULL) {
        if (!has_manifest) {
            *access_out = process_is_supervisor(request->name, NULL) ? access_of_supervisor : access_of_boot_module;
        }
        return OK;
    }
    return status == OK && !access_is_within(access_out, own) ? NOT_ALLOWED : status;
}

/* The library that the program was linked to. */
static status_t library_add(struct elf_program *program, const struct elf_source *image, enum elf_reason *reason_out)
{
    char mark[ELF_MARK_MAX];

    if (program->mark_size == 0) {
        return OK;
    }
    status_t status = elf_mark(image, program, mark);
    if (status == OK) {
        const struct elf_source *library = module_image(mark);

        status = library == NULL ? BAD_IMAGE : elf_add_library(library, mark, program, reason_out);
    }
    if (status == BAD_IMAGE && *reason_out == ELF_FINE) {
        *reason_out = ELF_NO_LIBRARY;
    }
    return status;
}

status_t spawn(const struct spawn_request *request, struct process **process_out, enum elf_reason *reason_out)
{
    struct elf_program program;
    struct process *process;
    struct access access;

    status_t status = elf_parse(request->image, &program, reason_out);
    if (status == OK) {
        status = library_add(&program, request->image, reason_out);
    }
    if (status != OK) {
        return status;
    }
    if (name_find(request->name, request->name_size) != NULL) {
        return EXISTS;
    }
    status = access_decide(request, &program, &access, reason_out);
    if (status != OK) {
        return status;
    }
    status = process_create(request, &access, &process);
    if (status != OK) {
        return status;
    }
    status = program_load(process, request, &program);
    if (status != OK) {
        process_end(process, EXIT_TERMINATED);
        return status;
    }
    log_process_began(process);
    save_state_process_ready(process);
    *process_out = process;
    return OK;
}

/* An image in the memory of the running process. */
struct user_image {
    struct elf_source source;
    const uint8_t USER *bytes;
};

static status_t user_image_read(const struct elf_source *source, uint32_t offset, void *to, uint32_t size)
{
    const struct user_image *image = (const struct user_image *)source;

    return user_read(to, image->bytes + offset, size);
}

/* Programs that came with the kernel lie in memory already, and nobody can write there. */
static physical_t user_image_frame(const struct elf_source *source, uint32_t offset)
{
    const struct user_image *image = (const struct user_image *)source;
    const uint8_t USER *bytes = image->bytes + offset;
    uint8_t touched;

    if ((uint32_t)bytes % PAGE_SIZE != 0 || user_read(&touched, bytes, 1) != OK) {
        return 0;
    }
    physical_t frame = address_space_physical(&thread_current->process->space, (uint32_t)bytes);
    return frame_is_public(&frame_table, frame / PAGE_SIZE) ? frame : 0;
}

/* What a spawner says that need not be in its memory any more. */
struct spawn_texts {
    char text[NAME_SIZE_MAX];
    char name[NAME_SIZE_MAX + 1];
    char arguments[ARGUMENTS_SIZE_MAX];
};

/* Is every argument ended by its NUL? */
static bool arguments_are_whole(const char *arguments, uint32_t size)
{
    return size == 0 || arguments[size - 1] == '\0';
}

static status_t request_check(const struct process *self, const struct spawn *wanted)
{
    if (wanted->class >= CLASS_COUNT || (wanted->flags & ~SPAWN_WATCH) != 0) {
        return BAD_ARGUMENT;
    }
    /* Names and arguments are seen by all: who may not speak to all does not spawn. */
    if (wanted->class < self->class || self->access.partners != PARTNERS_ALL) {
        return NOT_ALLOWED;
    }
    if (wanted->name_size > NAME_SIZE_MAX) {
        return BAD_NAME;
    }
    return wanted->arguments_size > ARGUMENTS_SIZE_MAX ? TOO_BIG : OK;
}

static status_t texts_read(const struct spawn *wanted, struct spawn_texts *texts, uint32_t *name_size_out)
{
    status_t status = user_read(texts->text, wanted->name, wanted->name_size);

    if (status == OK) {
        status = name_make(wanted->class, texts->text, wanted->name_size, texts->name, name_size_out);
    }
    if (status == OK) {
        status = user_read(texts->arguments, wanted->arguments, wanted->arguments_size);
    }
    if (status == OK && !arguments_are_whole(texts->arguments, wanted->arguments_size)) {
        status = BAD_ARGUMENT;
    }
    return status;
}

static status_t spawn_from_user(struct process *self, const struct spawn *wanted, struct spawn_texts *texts,
                                struct process **process_out, enum elf_reason *reason_out)
{
    struct user_image image = { { user_image_read, wanted->image_size, user_image_frame }, wanted->image };
    uint32_t name_size;

    status_t status = texts_read(wanted, texts, &name_size);
    if (status != OK) {
        return status;
    }
    if (!process_name_is_allowed(self, texts->name)) {
        return NOT_ALLOWED;
    }
    struct spawn_request request = {
        .class = wanted->class,
        .name = texts->name,
        .name_size = name_size,
        .arguments = texts->arguments,
        .arguments_size = wanted->arguments_size,
        .grant = &wanted->grant,
        .image = &image.source,
        .parent = self,
    };
    return spawn(&request, process_out, reason_out);
}

status_t sys_process_spawn(const struct spawn USER *from, process_id_t *id_out, elf_reason_t *reason_out)
{
    struct process *self = thread_current->process;
    enum elf_reason reason = ELF_FINE;
    struct process *process;
    struct spawn wanted;

    status_t status = user_read(&wanted, from, sizeof wanted);
    if (status == OK) {
        status = request_check(self, &wanted);
    }
    if (status != OK) {
        return status;
    }
    struct spawn_texts *texts = heap_allocate_unset(sizeof *texts, self->space.reserve);
    if (texts == NULL) {
        return NO_MEMORY;
    }
    status = spawn_from_user(self, &wanted, texts, &process, &reason);
    heap_free(texts);
    *reason_out = reason;
    if (status != OK) {
        return status;
    }
    if ((wanted.flags & SPAWN_WATCH) != 0) {
        status = watch_create(self, process);
        if (status != OK) {
            process_end(process, EXIT_TERMINATED);
            return status;
        }
    }
    *id_out = process->id;
    return OK;
}
