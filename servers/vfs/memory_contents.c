/* The bytes of files: pages, those that were never written are zeroes and not there. */
#include "memory_node.h"

#include <ternion/memory.h>
#include <ternion/string.h>

/* Pages that a table of so many entries is counted as: a large file with nothing in it costs, too. */
static uint32_t table_cost(uint32_t room)
{
    return room * sizeof(uint8_t *) / PAGE_SIZE;
}

static void cut_pages(struct memory_node *file, uint32_t kept)
{
    for (uint32_t i = kept; i < file->page_room; i++) {
        if (file->pages[i] != NULL) {
            pages_give_back(file->pages[i], 1);
            file->pages[i] = NULL;
            memory_system_of(file)->pages_used--;
        }
    }
}

void memory_contents_end(struct memory_node *file)
{
    cut_pages(file, 0);
    memory_system_of(file)->pages_used -= table_cost(file->page_room);
    free(file->pages);
}

/* Makes the table of pages so long. */
static bool table_grow(struct memory_node *file, uint32_t count)
{
    if (count <= file->page_room) {
        return true;
    }
    uint32_t room = file->page_room * 2 > count ? file->page_room * 2 : count;
    struct memory_file_system *system = memory_system_of(file);
    uint32_t cost = table_cost(room) - table_cost(file->page_room);
    uint8_t **pages = cost > memory_pages_left(system) ? NULL : realloc(file->pages, room * sizeof *pages);
    if (pages == NULL) {
        return false;
    }
    system->pages_used += cost;
    memset(pages + file->page_room, 0, (room - file->page_room) * sizeof *pages);
    file->pages = pages;
    file->page_room = room;
    return true;
}

/* Makes the pages from first on, so many, be there, side by side as far as none was there. Returns how many are, from the first on. */
static uint32_t pages_make(struct memory_node *file, uint32_t first, uint32_t count)
{
    struct memory_file_system *system = memory_system_of(file);
    uint32_t done = 0;

    while (done < count) {
        uint32_t missing = 0;

        while (done + missing < count && file->pages[first + done + missing] == NULL) {
            missing++;
        }
        if (missing == 0) {
            done++;
            continue;
        }
        uint32_t left = memory_pages_left(system);
        uint32_t wanted = missing < left ? missing : left;
        uint8_t *pages = wanted == 0 ? NULL : pages_take(wanted);
        if (pages == NULL) {
            return done;
        }
        for (uint32_t i = 0; i < wanted; i++) {
            file->pages[first + done + i] = pages + i * PAGE_SIZE;
        }
        system->pages_used += wanted;
        done += wanted;
        if (wanted < missing) {
            return done;
        }
    }
    return done;
}

static uint32_t part_in_page(uint32_t position, uint32_t size)
{
    uint32_t left = PAGE_SIZE - position % PAGE_SIZE;

    return size < left ? size : left;
}

status_t memory_read(struct node *node, uint64_t position, void *buffer, uint32_t size)
{
    const struct memory_node *file = memory_node_of(node);
    uint8_t *to = buffer;

    for (uint32_t at = (uint32_t)position; size > 0;) {
        uint32_t part = part_in_page(at, size);
        const uint8_t *page = at / PAGE_SIZE < file->page_room ? file->pages[at / PAGE_SIZE] : NULL;

        if (page == NULL) {
            memset(to, 0, part);
        } else {
            memcpy(to, page + at % PAGE_SIZE, part);
        }
        at += part;
        to += part;
        size -= part;
    }
    return OK;
}

/* Pages that lie side by side, from the first on; 0: it is not there. */
static uint32_t run_of(const struct memory_node *file, uint32_t first, uint32_t count)
{
    uint32_t run = 0;

    while (run < count && first + run < file->page_room && file->pages[first + run] != NULL
           && file->pages[first + run] == file->pages[first] + run * PAGE_SIZE) {
        run++;
    }
    return run;
}

const void *memory_view(struct node *node, uint64_t position, uint32_t size)
{
    const struct memory_node *file = memory_node_of(node);
    uint32_t first = (uint32_t)position / PAGE_SIZE;
    uint32_t count = ((uint32_t)position + size - 1) / PAGE_SIZE - first + 1;

    return size != 0 && run_of(file, first, count) == count ? file->pages[first] + position % PAGE_SIZE : NULL;
}

status_t memory_pages(struct node *node, uint32_t first, uint32_t count, void **pages_out, uint32_t *count_out)
{
    struct memory_node *file = memory_node_of(node);

    if (!table_grow(file, first + 1)) {
        return NO_MEMORY;
    }
    uint32_t run = run_of(file, first, count);
    if (run == 0) {              /* zeroes that were never written */
        run = pages_make(file, first, 1);
    }
    if (run == 0) {
        return NO_MEMORY;
    }
    *pages_out = file->pages[first];
    *count_out = run;
    return OK;
}

status_t memory_write(struct node *node, uint64_t position, const void *bytes, uint32_t size, uint32_t *count_out)
{
    struct memory_node *file = memory_node_of(node);
    const uint8_t *from = bytes;

    if (position > MEMORY_FILE_MAX || size > MEMORY_FILE_MAX - position) {
        return TOO_BIG;
    }
    uint32_t at = (uint32_t)position;
    uint32_t first = at / PAGE_SIZE;
    uint32_t end = (at + size + PAGE_SIZE - 1) / PAGE_SIZE;
    if (!table_grow(file, end)) {
        return NO_SPACE;
    }
    uint32_t there = pages_make(file, first, end - first);
    uint32_t room = there * PAGE_SIZE - at % PAGE_SIZE;
    if (there == 0) {
        return NO_SPACE;
    }
    uint32_t count = size < room ? size : room;
    for (uint32_t left = count; left > 0;) {
        uint32_t part = part_in_page(at, left);

        memcpy(file->pages[at / PAGE_SIZE] + at % PAGE_SIZE, from, part);
        at += part;
        from += part;
        left -= part;
    }
    if (at > node->size) {
        node->size = at;
    }
    node->changed_s = time_now_s();
    *count_out = count;
    return OK;
}

status_t memory_resize(struct node *node, uint64_t size)
{
    struct memory_node *file = memory_node_of(node);

    if (size > MEMORY_FILE_MAX) {
        return TOO_BIG;
    }
    if (size < node->size) {
        uint32_t last = (uint32_t)size / PAGE_SIZE;

        cut_pages(file, PAGES((uint32_t)size));
        if (size % PAGE_SIZE != 0 && last < file->page_room && file->pages[last] != NULL) {
            memset(file->pages[last] + size % PAGE_SIZE, 0, PAGE_SIZE - size % PAGE_SIZE);
        }
    }
    node->size = size;
    node->changed_s = time_now_s();
    return OK;
}
