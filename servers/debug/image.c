#include "image.h"

#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

/* Is the text of this image what the process has? */
static bool text_is_same(const struct symbols *symbols, struct memory *memory)
{
    return memory_equals(memory, symbols->text_first, symbols->image + symbols->text_offset,
                         symbols->text_end - symbols->text_first);
}

static void part_close(struct image_part *part)
{
    if (part->address != 0) {
        (void)memory_free(part->address, PAGES(part->module.size));
    }
    *part = (struct image_part){ .address = 0 };
}

/* Maps a module, if its text is the process's. */
static bool part_open(struct image_part *part, module_index_t index, struct memory *memory)
{
    if (module_map(index, &part->address) != OK) {
        part->address = 0;
        return false;
    }
    return symbols_open((const void *)part->address, part->module.size, &part->symbols) && text_is_same(&part->symbols, memory);
}

static bool is_library(const struct image_part *part)
{
    return part->symbols.library_name != NULL && strcmp(part->symbols.library_name, part->module.name) == 0;
}

/* Where the text may be if no module says so. */
static void guess_text(struct symbols *symbols, struct memory *memory)
{
    uint32_t end;

    *symbols = (struct symbols){ .text_first = PROGRAM_BASE, .text_end = PROGRAM_BASE };
    if (memory_read(memory, PROCESS_PAGE + offsetof(struct process_page, image_end), &end, sizeof end) && end > PROGRAM_BASE
        && end <= USER_END) {
        symbols->text_end = end;
    }
}

/* Is there nothing more to look for? */
static bool is_whole(const struct image *image)
{
    return image->program.address != 0 && (image->program.symbols.library_name == NULL || image->library.address != 0);
}

/* The program and its library, each once. A library's text is that of all programs that were linked to it. */
static void find_parts(struct image *image, struct memory *memory)
{
    struct image_part part = { .address = 0 };

    for (module_index_t index = 0; !is_whole(image) && (image->status = module_information(index, &part.module)) == OK; index++) {
        struct image_part *place = NULL;

        if (part_open(&part, index, memory)) {
            place = is_library(&part) ? &image->library : &image->program;
        }
        if (place != NULL && place->address == 0) {
            *place = part;
        } else {
            part_close(&part);
        }
    }
    image->status = image->program.address != 0 ? OK : image->status;
}

void image_open(struct image *image, struct memory *memory)
{
    *image = (struct image){ .status = NOT_FOUND };
    find_parts(image, memory);
    if (image->program.address == 0) {
        guess_text(&image->program.symbols, memory);
    }
    image->program.symbols.library = image->library.address != 0 ? &image->library.symbols : NULL;
}

void image_close(struct image *image)
{
    part_close(&image->program);
    part_close(&image->library);
}
