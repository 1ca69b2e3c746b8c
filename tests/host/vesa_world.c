#include "vesa_world.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <abi/shared.h>
#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/port.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>

#include "bus.h"
#include "lending.h"
#include "test.h"

#define DONE 0x004F

struct world world;
uint8_t world_memory[VM86_MEMORY_END];
uint8_t world_frame[WORLD_FRAME_SIZE];
uint8_t world_planes[4][0x40000];
uint8_t world_dac[256][3];
uint8_t world_attributes[32];

static uint8_t sequencer[8], graphics[16], crtc[256], miscellaneous, indices[3];
static uint32_t dac_at, attribute_index;
static uint16_t dispi_index;
static bool attribute_data_is_next, is_planar, retrace;
static uint8_t window_memory[0x20000];   /* A0000h to BFFFFh as the driver has it mapped */
static uint32_t taken;
static nanoseconds_t now_ns;

/* ---- Making it ---- */

void world_begin(void)
{
    world = (struct world){ .has_bios = true, .has_vga = true, .granularity = WORLD_WINDOW, .dac_bits = 6, .state_call = 0xFF };
    memset(world_frame, 0xCC, sizeof world_frame);
    memset(world_planes, 0, sizeof world_planes);
    memcpy(world.controller.signature, "VESA", 4);
    world.controller.version = 0x0300;
    world.controller.memory = WORLD_FRAME_SIZE >> 16;
    world.controller.oem_text = 0xC0000100;
    strcpy((char *)world_memory + 0xC0100, "A test's BIOS\001 and more");
    miscellaneous = 0x67;
    taken = BIOS_MEMORY_FIRST;
}

struct vbe_mode_block *world_add_mode(uint16_t number, uint16_t width, uint16_t height, uint8_t bits)
{
    struct world_mode *mode = &world.modes[world.mode_count++];
    uint32_t bytes = (bits + 7U) / 8;

    *mode = (struct world_mode){
        number,
        {
            .attributes = 0x00BB, .window_attributes = { 7, 0 }, .granularity = 64, .window_size = 64, .window_segment = { 0xA000, 0 },
            .pitch = (uint16_t)(bits == 4 ? width / 8 : width * bytes), .width = width, .height = height, .planes = bits == 4 ? 4 : 1, .bits = bits,
            .banks = 1, .model = bits == 4 ? VBE_PLANAR : bits == 8 ? VBE_PACKED : VBE_DIRECT_COLOUR, .frame = bits == 4 ? 0 : WORLD_FRAME,
        },
    };
    struct vbe_mode_block *block = &mode->block;
    if (bits == 4) {
        block->attributes = 0x001B;
    } else if (bits == 16) {
        block->red.bits = 5; block->red.shift = 11; block->green.bits = 6; block->green.shift = 5; block->blue.bits = 5;
    } else if (bits >= 24) {
        block->red.bits = 8; block->red.shift = 16; block->green.bits = 8; block->green.shift = 8; block->blue.bits = 8;
    }
    return block;
}

void world_list_modes(void)
{
    world.controller.modes = 0;      /* where the block is is known in the call alone */
    for (uint32_t i = 0; i < world.mode_count; i++) {
        memcpy(&world.controller.reserved[2 * i], &world.modes[i].number, 2);
    }
    memset(&world.controller.reserved[2 * world.mode_count], 0xFF, 2);
}

void world_add_edid(uint16_t width, uint16_t height)
{
    static const uint8_t beginning[8] = { 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0 };
    uint8_t *timing = world.edid + 54, sum = 0;

    memset(world.edid, 0, sizeof world.edid);
    memcpy(world.edid, beginning, sizeof beginning);
    world.edid[18] = 1;
    world.edid[19] = 3;
    world.edid[21] = 40;
    world.edid[22] = 30;
    timing[0] = 1;
    timing[2] = (uint8_t)width;
    timing[4] = (uint8_t)(width >> 8 << 4);
    timing[5] = (uint8_t)height;
    timing[7] = (uint8_t)(height >> 8 << 4);
    for (uint32_t i = 0; i < 127; i++) {
        sum = (uint8_t)(sum + world.edid[i]);
    }
    world.edid[127] = (uint8_t)-sum;
    world.has_edid = true;
}

/* ---- Planes and banks behind the window ---- */

static uint8_t *window_target(void)
{
    uint32_t offset = world.windows[0] * world.granularity;

    if (!is_planar) {
        CHECK(offset + WORLD_WINDOW <= WORLD_FRAME_SIZE + WORLD_WINDOW);
        return offset < WORLD_FRAME_SIZE ? world_frame + offset : NULL;
    }
    for (uint32_t plane = 0; plane < 4; plane++) {
        if (sequencer[2] == 1U << plane) {
            return world_planes[plane] + offset;
        }
    }
    return NULL;
}

static uint32_t window_room(const uint8_t *target)
{
    uint32_t left = is_planar ? WORLD_WINDOW : (uint32_t)(world_frame + WORLD_FRAME_SIZE - target);

    return left < WORLD_WINDOW ? left : WORLD_WINDOW;
}

void world_settle(void)
{
    uint8_t *target = window_target();

    if (target != NULL && world.is_graphics && !world.planes_are_broken) {
        memcpy(target, window_memory, window_room(target));
    }
}

static void window_load(void)
{
    const uint8_t *target = window_target();

    if (target != NULL) {
        memcpy(window_memory, target, window_room(target));
    }
}

/* ---- Ports ---- */

static uint8_t *indexed(uint16_t port, uint32_t *which)
{
    static uint8_t *const sets[] = { sequencer, graphics, crtc };

    *which = port < 0x3C8 ? 0 : port < 0x3D0 ? 1 : 2;
    static const uint8_t masks[] = { 7, 15, 255 };
    return &sets[*which][indices[*which] & masks[*which]];
}

static bool is_indexed(uint16_t port)
{
    return port == 0x3C4 || port == 0x3C5 || port == 0x3CE || port == 0x3CF || port == 0x3D4 || port == 0x3D5;
}

uint8_t port_read8(uint16_t port)
{
    uint32_t which;

    CHECK(!world.is_others);
    if (!world.has_vga) {
        return 0xFF;
    }
    if (is_indexed(port)) {
        uint8_t *value = indexed(port, &which);
        if (which == 1 && indices[1] == 6) {
            return (uint8_t)((*value & ~1) | (world.is_graphics || world.dispi_is_on));
        }
        return *value;
    }
    switch (port) {
    case 0x3C1:
        return world_attributes[attribute_index];
    case 0x3C9:
        dac_at++;
        return world_dac[(dac_at - 1) / 3 % 256][(dac_at - 1) % 3];
    case 0x3CC:
        return miscellaneous;
    case 0x3DA:
        attribute_data_is_next = false;
        retrace = !retrace;
        return retrace ? 8 : 0;
    }
    FAIL("port %x is read", port);
}

static void write_indexed(uint16_t port, uint8_t value)
{
    uint32_t which;
    uint8_t *to = indexed(port, &which);

    if (port % 2 == 0) {
        indices[which] = value;
        return;
    }
    if (which == 0 && indices[0] == 2) {
        world_settle();
        *to = value;
        window_load();
        return;
    }
    *to = value;
    if (which == 1 && indices[1] == 6 && value == 5) {
        is_planar |= miscellaneous == 0xE3;      /* 480 lines: mode 12h, by its registers */
    }
    if (which == 1 && indices[1] == 6 && value != 4) {
        world.is_graphics = value & 1;
    }
}

void port_write8(uint16_t port, uint8_t value)
{
    CHECK(!world.is_others);
    if (is_indexed(port)) {
        write_indexed(port, value);
        return;
    }
    switch (port) {
    case 0x3C0:
        if (attribute_data_is_next) {
            world_attributes[attribute_index] = value;
        } else {
            attribute_index = value & 31;
        }
        attribute_data_is_next = !attribute_data_is_next;
        break;
    case 0x3C2:
        miscellaneous = value;
        break;
    case 0x3C6:
        break;
    case 0x3C7:
    case 0x3C8:
        dac_at = value * 3U;
        break;
    case 0x3C9:
        world_dac[dac_at / 3 % 256][dac_at % 3] = value;
        dac_at++;
        break;
    default:
        FAIL("port %x is written", port);
    }
}

uint16_t port_read16(uint16_t port)
{
    CHECK_EQUAL(port, 0x1CF);
    return world.has_dispi && dispi_index == 0 ? 0xB0C5 : 0xFFFF;
}

void port_write16(uint16_t port, uint16_t value)
{
    if (port == 0x1CE) {
        dispi_index = value;
        return;
    }
    CHECK_EQUAL(port, 0x1CF);
    CHECK_EQUAL(dispi_index, 4);
    CHECK_EQUAL(value, 0);
    CHECK(world.has_dispi);
    world.dispi_is_on = false;
}

/* ---- The BIOS ---- */

status_t bios_open(const struct bios_options *options)
{
    (void)options;
    return world.has_bios ? OK : NOT_ALLOWED;
}

const char *bios_problem(void)
{
    return "a test's problem";
}

void *bios_memory(uint32_t size, uint16_t *segment_out, uint32_t *offset_out)
{
    void *memory = world_memory + taken;

    if (size > BIOS_MEMORY_END - taken) {
        return NULL;
    }
    *segment_out = (uint16_t)(taken >> 4);
    *offset_out = 0;
    taken += (size + 15) & ~15U;
    return memory;
}

status_t bios_read(uint16_t segment, uint16_t offset, void *to, uint32_t size)
{
    uint32_t address = segment * 16U + offset;

    if (address + size > 0x100000) {
        return BAD_ADDRESS;
    }
    memcpy(to, world_memory + address, size);
    return OK;
}

/* A mode set clears the memory, unless it is told not to. */
static void set_mode(uint16_t bx, bool is_graphics, bool clears)
{
    world.set = bx;
    world.sets++;
    world.is_graphics = is_graphics;
    world.dispi_is_on = world.has_dispi && (bx & 0x3FFF) >= 0x100;
    world.dac_bits = 6;
    world.windows[0] = world.windows[1] = 0;
    is_planar = false;
    for (uint32_t i = 0; i < world.mode_count; i++) {
        is_planar |= world.modes[i].number == (bx & 0x3FFF) && world.modes[i].block.model == VBE_PLANAR;
    }
    is_planar |= bx == 0x12;
    if (clears && is_graphics) {
        memset(world_frame, 0, sizeof world_frame);
        memset(world_planes, 0, sizeof world_planes);
        memset(window_memory, 0, sizeof window_memory);
    } else {
        window_load();
    }
}

static uint16_t mode_information(const struct bios_registers *registers)
{
    for (uint32_t i = 0; i < world.mode_count; i++) {
        if (world.modes[i].number == registers->cx) {
            memcpy(world_memory + registers->es * 16 + registers->di, &world.modes[i].block, sizeof world.modes[i].block);
            return DONE;
        }
    }
    return 0x014F;
}

static void controller_information(const struct bios_registers *registers)
{
    struct vbe_controller_block *block = (struct vbe_controller_block *)(world_memory + registers->es * 16 + registers->di);

    CHECK(memcmp(block->signature, "VBE2", 4) == 0);
    *block = world.controller;
    if (block->modes == 0 && world.mode_count != 0) {
        block->modes = (uint32_t)registers->es << 16 | (registers->di + (uint32_t)offsetof(struct vbe_controller_block, reserved));
    }
}

static void set_window(const struct bios_registers *registers)
{
    CHECK(registers->bl < 2);
    world_settle();
    world.windows[registers->bl] = registers->dx;
    window_load();
}

/* The state is in its buffer when it was saved, and is looked for there when it is to be restored. */
static void keep_state(struct bios_registers *registers)
{
    static const char state[] = "a test's state";
    uint8_t *buffer = world_memory + registers->es * 16 + registers->bx;

    world.state_call = registers->dl;
    CHECK_EQUAL(registers->cx, 0x0F);
    if (registers->dl == 0) {
        registers->bx = 2;
    } else if (registers->dl == 1) {
        memcpy(buffer, state, sizeof state);
    } else {
        CHECK_EQUAL(registers->dl, 2);
        CHECK(memcmp(buffer, state, sizeof state) == 0);
    }
}

static uint16_t vbe(struct bios_registers *registers)
{
    switch (registers->al) {
    case 0x00:
        controller_information(registers);
        break;
    case 0x01:
        return mode_information(registers);
    case 0x02:
        set_mode(registers->bx, registers->bx != 3, !(registers->bx & 0x8000));
        break;
    case 0x03:
        registers->bx = world.set;
        break;
    case 0x06:
        registers->bx = world.pitch;
        break;
    case 0x04:
        keep_state(registers);
        break;
    case 0x05:
        if (registers->bh == 0) {
            world.windows_set++;
            set_window(registers);
        } else {
            registers->dx = (uint16_t)world.windows[registers->bl];
        }
        break;
    case 0x07:
        world.start_line = registers->dx;
        break;
    case 0x08:
        world.dac_bits = registers->bh;
        registers->bh = world.dac_says != 0 ? world.dac_says : registers->bh;
        break;
    case 0x0A:
        registers->cx = 100;
        break;
    case 0x15:
        if (!world.has_edid) {
            return 0x014F;
        }
        memcpy(world_memory + registers->es * 16 + registers->di, world.edid, sizeof world.edid);
        break;
    }
    return DONE;
}

static status_t answer(const struct world_answer *answer, struct bios_registers *registers, uint16_t (*work)(struct bios_registers *registers))
{
    if (answer->status != OK) {
        world.hangs += answer->status == TIMED_OUT;
        return answer->status;
    }
    if (answer->ax != 0) {
        registers->ax = answer->ax;
    } else {
        registers->ax = answer->is_lie ? DONE : work(registers);
    }
    return OK;
}

static uint16_t vga_mode(struct bios_registers *registers)
{
    set_mode(registers->al & 0x7F, (registers->al & 0x7F) != 3, !(registers->al & 0x80));
    return registers->ax;
}

/* Fonts whose every byte is the number of its line, but for the space. */
static uint16_t font(struct bios_registers *registers)
{
    uint32_t lines = registers->bh == 6 ? 16 : 8;

    for (uint32_t i = 0; i < 256 * lines; i++) {
        world_memory[0xC8000 + i] = i / lines == ' ' ? 0 : (uint8_t)(i % lines);
    }
    registers->es = 0xC800;
    registers->ebp = 0;
    return registers->ax;
}

status_t bios_int(uint32_t vector, struct bios_registers *registers)
{
    CHECK(world.has_bios);
    CHECK(!world.is_others);
    CHECK_EQUAL(vector, 0x10);
    world.calls++;
    now_ns += world.call_ns;
    registers->ebp = 0xBAD;              /* as one BIOS does */
    if (registers->ah == 0x4F) {
        return registers->al < WORLD_FUNCTIONS ? answer(&world.answers[registers->al], registers, vbe) : FAULT;
    }
    return registers->ah == 0x11 ? answer(&world.fonts, registers, font) : answer(&world.vga_modes, registers, vga_mode);
}

status_t bios_call(uint16_t segment, uint16_t offset, struct bios_registers *registers)
{
    CHECK_EQUAL(segment, 0xC000);
    CHECK_EQUAL(offset, 0x1234);
    world.window_calls++;
    if (world.has_window_function) {
        set_window(registers);
    }
    return OK;
}

bool bios_next_refused(struct bios_refused *refused_out)
{
    uint16_t *next = world.refused_ports;

    *refused_out = (struct bios_refused){ .port = *next, .width = 1 };
    memmove(next, next + 1, sizeof world.refused_ports - sizeof *next);
    return refused_out->port != 0;
}

struct bios_cost bios_all_cost(void)
{
    return (struct bios_cost){ .traps = world.calls };
}

/* ---- The kernel, and other parts of the driver ---- */

status_t physical_map(physical_t physical, uint32_t pages, uint32_t flags, uint32_t *address_out)
{
    (void)flags;
    if (physical == 0xA0000) {
        CHECK_EQUAL(pages, 32);
        *address_out = (uint32_t)window_memory;
        return OK;
    }
    *address_out = 0x1000;
    return world.frame_status;
}

status_t memory_free(uint32_t address, uint32_t pages)
{
    (void)address;
    (void)pages;
    return OK;
}

static status_t make_shared(uint32_t pages, void *address, struct shared_handle *handle_out)
{
    static uint32_t number = 7;

    CHECK(pages <= SHARED_PAGES_MAX);
    if (world.shared_status != OK) {
        return world.shared_status;
    }
    world.shared_live++;
    world.shared_id = number + 1;
    world.shared_pages = pages;
    *handle_out = (struct shared_handle){ .key = 5, .id = ++number, .address = (uint32_t)address };
    return OK;
}

status_t shared_create(uint32_t pages, struct shared_handle *handle_out)
{
    static void *last;

    free(last);
    last = calloc(pages, PAGE_SIZE);     /* to the byte: who reads behind it is seen */
    world.shared_physical = 0;
    return make_shared(pages, last, handle_out);
}

status_t shared_physical(physical_t physical, uint32_t pages, uint32_t flags, struct shared_handle *handle_out)
{
    CHECK_EQUAL(flags, PHYSICAL_WRITE_COMBINING);
    world.shared_physical = physical;
    return make_shared(pages, world_frame, handle_out);
}

status_t shared_leave(shared_id_t id)
{
    (void)id;
    CHECK(world.shared_live != 0);
    world.shared_live--;
    return OK;
}

status_t panic_screen(uint32_t address)
{
    CHECK((address & (PAGE_SIZE - 1)) == 0);
    world.panic_address = address;
    return OK;
}

nanoseconds_t clock_now(void)
{
    return now_ns += MICROSECOND;
}

nanoseconds_t clock_after(nanoseconds_t delay_ns)
{
    return now_ns + delay_ns;
}

void log_print(log_level_t level, const char *template, ...)
{
    size_t length = strlen(world.log);
    va_list values;

    (void)level;
    va_start(values, template);
    vsnprintf(world.log + length, sizeof world.log - length, template, values);
    va_end(values);
    length = strlen(world.log);
    snprintf(world.log + length, sizeof world.log - length, "\n");
}

bool world_log_says(const char *text)
{
    return strstr(world.log, text) != NULL;
}

void must_failed(status_t status, const char *expression, const char *file, unsigned line)
{
    test_fail(file, (int)line, "%s is %u", expression, (unsigned)status);
}

const char *status_meaning(status_t status)
{
    return status == OK ? "fine" : "a status";
}

bool bus_is_there(void)
{
    return false;
}

bool bus_read(uint32_t bus, uint32_t device, uint32_t function, uint32_t offset, uint32_t size, uint32_t *value_out)
{
    FAIL("the bus is asked: %u %u %u %u %u %p", bus, device, function, offset, size, (void *)value_out);
}

const char *bus_frame_problem(physical_t first, uint32_t size)
{
    (void)size;
    return world.frame_status == OK || first != WORLD_FRAME ? NULL : "a test's reason";
}

bool lending_begin(void)
{
    world.is_lent = !world.is_others;
    return world.is_lent;
}

bool lending_is_as_left(void)
{
    return !world.was_others;
}

void lending_end(void)
{
    world.is_lent = false;
}
