#include "panic_screen.h"

#include <abi/panic_screen.h>

#include "address_space.h"
#include "boot_memory.h"
#include "i386/page_table.h"
#include "i386/panic_text.h"
#include "memory.h"
#include "process.h"
#include "syscall_handlers.h"
#include "thread.h"
#include "user_memory.h"

#define SIDE_MAX 16384U          /* pixels; lines of so many bytes times four cannot overflow */
#define WINDOW_OF_VGA_END 0x100000U /* what lies below shows the framebuffer only while the adapter is in a graphics mode */

static struct process *owner;    /* who has described it; NULL: nobody that lives */
static struct panic_screen *described;  /* kernel's view of its first page; held. NULL: the screen is in text mode */
static const uint8_t *font;      /* of its second; held */
static struct {                  /* what was checked */
    physical_t window;
    uint32_t window_bytes;
    uint32_t pitch;
    uint32_t columns, rows;
    uint32_t bytes;
    uint32_t font_height;
    uint32_t ink, paper;
} screen;

bool panic_screen_hides_text(void)
{
    return described != NULL && !panic_text_is_shown();
}

static void forget(void)
{
    address_space_let_frame_go(virtual_to_physical(described));
    address_space_let_frame_go(virtual_to_physical(font));
    described = NULL;
    owner = NULL;
}

void panic_screen_process_ended(const struct process *process)
{
    if (process == owner) {
        owner = NULL;
    }
}

/* ---- What a driver says ---- */

/* Holds a page of the running process. OK, BAD_ADDRESS, OVER_QUOTA. */
static status_t page_hold(uint32_t address, void **page_out)
{
    const struct address_space *space = &thread_current->process->space;
    uint8_t touched;

    if (user_read(&touched, (const void USER *)address, 1) != OK) {
        return BAD_ADDRESS;
    }
    physical_t physical = address_space_physical(space, address);
    if (!boot_memory_is_ram(physical, physical + PAGE_SIZE)) {
        return BAD_ADDRESS;
    }
    *page_out = physical_to_virtual(physical);
    return address_space_hold_frame(physical) ? OK : OVER_QUOTA;
}

/* Copies what can be checked now. OK, BAD_ARGUMENT, NOT_ALLOWED. */
static status_t copy_checked(const volatile struct panic_screen *said)
{
    uint32_t width = said->width;
    uint32_t height = said->height;

    screen.window = said->window;
    screen.window_bytes = said->window_bytes;
    screen.pitch = said->pitch;
    screen.bytes = said->bytes;
    screen.font_height = said->font_height;
    screen.ink = said->ink;
    screen.paper = said->paper;
    uint32_t last = screen.window + screen.window_bytes - 1;
    if (width > SIDE_MAX || height > SIDE_MAX || screen.bytes > 4 || screen.font_height < 8 || screen.font_height > PANIC_FONT_HEIGHT_MAX
        || screen.pitch > 4 * SIDE_MAX || screen.pitch < (screen.bytes == 0 ? width / 8 : width * screen.bytes)
        || screen.window_bytes == 0 || last < screen.window) {
        return BAD_ARGUMENT;
    }
    screen.columns = width / PANIC_FONT_WIDTH;
    screen.rows = height / screen.font_height;
    if (!access_has_memory(&thread_current->process->access, screen.window, last)
        || boot_memory_touches_ram(screen.window & ~(PAGE_SIZE - 1), (last / PAGE_SIZE - screen.window / PAGE_SIZE) + 1)) {
        return NOT_ALLOWED;
    }
    return OK;
}

status_t sys_panic_screen(uint32_t address)
{
    struct process *self = thread_current->process;
    void *pages[2];

    if (self->access.role != ROLE_DISPLAY && !access_has_right(&self->access, RIGHT_ASSIGN_ROLES)) {
        return NOT_ALLOWED;
    }
    if (owner != NULL && owner != self) {
        return BUSY;
    }
    if (address % PAGE_SIZE != 0) {
        return BAD_ARGUMENT;
    }
    if (described != NULL) {
        forget();
    }
    if (address == 0) {
        return OK;
    }
    status_t status = page_hold(address, &pages[0]);
    if (status != OK) {
        return status;
    }
    status = page_hold(address + PAGE_SIZE, &pages[1]);
    if (status != OK) {
        address_space_let_frame_go(virtual_to_physical(pages[0]));
        return status;
    }
    described = pages[0];
    font = pages[1];
    owner = self;
    status = copy_checked(described);
    if (status != OK) {
        forget();
    }
    return status;
}

/* ---- In a panic ---- */

static bool has_begun;
static uint32_t column, row;
static physical_t peeked;        /* the page that can be reached */
static uint8_t *peek;            /* NULL: none yet */

static void byte_put(uint32_t offset, uint8_t value)
{
    uint32_t in_window = offset - described->window_offset;

    if (in_window < screen.window_bytes) {
        physical_t physical = screen.window + in_window;

        if (peek == NULL || peeked != physical / PAGE_SIZE) {
            peeked = physical / PAGE_SIZE;
            peek = page_table_peek(physical);
        }
        peek[physical % PAGE_SIZE] = value;
    }
}

static void pixels_put(uint32_t offset, uint8_t bits)
{
    if (screen.bytes == 0) {
        byte_put(offset, bits);
        return;
    }
    for (uint32_t x = 0; x < PANIC_FONT_WIDTH; x++, bits = (uint8_t)(bits << 1)) {
        uint32_t pixel = (bits & 0x80) != 0 ? screen.ink : screen.paper;

        for (uint32_t i = 0; i < screen.bytes; i++, pixel >>= 8) {
            byte_put(offset++, (uint8_t)pixel);
        }
    }
}

static void character_put(uint8_t character)
{
    uint32_t offset = described->visible + row * screen.font_height * screen.pitch
        + column * (screen.bytes == 0 ? 1 : screen.bytes * PANIC_FONT_WIDTH);

    for (uint32_t y = 0; y < screen.font_height; y++) {
        pixels_put(offset + y * screen.pitch, font[character * screen.font_height + y]);
    }
}

/* Can all that is seen be written, without the window being moved? */
static bool is_in_window(void)
{
    uint32_t first = described->visible - described->window_offset;
    uint32_t bytes = screen.rows * screen.font_height * screen.pitch;

    return first <= screen.window_bytes && bytes <= screen.window_bytes - first;
}

void panic_screen_begin(void)
{
    if (described == NULL || has_begun) {
        return;
    }
    has_begun = true;
    bool is_text = panic_text_is_shown();
    if (is_text ? screen.window < WINDOW_OF_VGA_END : !is_in_window()) {
        if (!is_text) {
            panic_text_set(font, screen.font_height);
        }
        described = NULL;
    } else if (screen.bytes <= 1) {
        screen.ink = 0xFF;
        screen.paper = 0;
        panic_text_black_and_white(screen.bytes == 0);
    }
}

void panic_screen_print(const char *text)
{
    if (described == NULL) {
        return;
    }
    for (; *text != '\0' && row < screen.rows; text++) {
        if (column < screen.columns) {
            character_put(*text == '\n' ? ' ' : (uint8_t)*text);
            column++;
        }
        if (*text == '\n') {     /* the rest of the line is cleared; what does not fit it is cut */
            while (column < screen.columns) {
                character_put(' ');
                column++;
            }
            column = 0;
            row++;
        }
    }
}
