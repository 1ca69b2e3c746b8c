#include "image.h"

#include <ternion/memory.h>
#include <ternion/syscall.h>

/* Is the text of this image what the process has? */
static bool text_is_same(const struct symbols *symbols, struct memory *memory)
{
    return memory_equals(memory, symbols->text_first, symbols->image + symbols->text_offset,
                         symbols->text_end - symbols->text_first);
}

/* Maps a module, if it is the image. */
static bool try_module(struct image *image, module_index_t index, struct memory *memory)
{
    if (module_map(index, &image->address) != OK) {
        image->address = 0;
        return false;
    }
    if (symbols_open((const void *)image->address, image->module.size, &image->symbols)
        && text_is_same(&image->symbols, memory)) {
        return true;
    }
    image_close(image);
    return false;
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

void image_open(struct image *image, struct memory *memory)
{
    image->address = 0;
    for (module_index_t index = 0; (image->status = module_information(index, &image->module)) == OK; index++) {
        if (try_module(image, index, memory)) {
            return;
        }
    }
    guess_text(&image->symbols, memory);
}

void image_close(struct image *image)
{
    if (image->address != 0) {
        (void)memory_free(image->address, PAGES(image->module.size));
        image->address = 0;
        image->symbols = (struct symbols){ 0 };
    }
}
