#include "text_adapter.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <abi/log.h>
#include <ternion/clock.h>
#include <ternion/grant_text.h>
#include <ternion/init_client.h>
#include <ternion/log.h>
#include <ternion/port.h>
#include <ternion/process.h>
#include <ternion/syscall.h>

#include "test.h"

#define DISPI_ID 0xB0C5U
#define SUPERVISOR 3U

struct text_adapter world;

static uint8_t indices[3], attribute_index;
static uint16_t dispi_index;
static uint32_t colour_at;
static bool attribute_data_is_next;

/* ---- Making it ---- */

uint8_t world_glyph(uint32_t character, uint32_t line)
{
    return (uint8_t)(character * 3 + line * 17);
}

/* As of the fonts of BIOSes: blanks, blocks, letters. */
uint8_t world_rom_glyph(uint32_t character, uint32_t line)
{
    switch (character) {
    case 0x00:
    case 0x20:
    case 0xFF:
        return 0;
    case 0xDB:
        return 0xFF;
    case 0xDF:
        return line < 8 ? 0xFF : 0;
    }
    return (uint8_t)(character + line);
}

void world_add_rom(uint32_t font_at)
{
    memset(world.rom, 0xFF, sizeof world.rom);
    world.rom[0] = 0x55;
    world.rom[1] = 0xAA;
    world.rom[2] = 0x50;                 /* 40 KB */
    for (uint32_t i = 0; i < 256 * 16; i++) {
        world.rom[font_at + i] = world_rom_glyph(i / 16, i % 16);
    }
}

void world_text_mode(void)
{
    world.graphics[6] = 0x0E;
    world.attributes[0x10] = 0x0C;       /* attributes blink */
    world.crtc[9] = 15;
    world.crtc[10] = world.crtc[11] = 31;
}

void world_graphics_mode(void)
{
    world.graphics[6] = 0x05;
    world.dispi_is_on = world.has_dispi;
    memset(world.cells, 0x55, sizeof world.cells);
    memset(world.plane2, 0x55, sizeof world.plane2);
    memset(world.colours, 0x15, sizeof world.colours);
    memset(world.attributes, 0x15, sizeof world.attributes);
}

void world_begin(void)
{
    memset(&world, 0, sizeof world);
    world.miscellaneous = 0x67;
    world.memory_is_granted = true;
    world.asker_role = ROLE_DISPLAY;
    world.supervised_state = SUPERVISED_RUNNING;
    for (uint32_t i = 0; i < VGA_FONT_SIZE; i++) {
        world.plane2[i] = world_glyph(i / VGA_FONT_LINES, i % VGA_FONT_LINES);
    }
    for (uint32_t i = 0; i < 256 * 3; i++) {
        world.colours[i / 3][i % 3] = (uint8_t)(i & 0x3F);
    }
    for (uint8_t i = 0; i < 16; i++) {
        world.attributes[i] = (uint8_t)(i + 32);
    }
    world_text_mode();
}

bool world_shows_text(void)
{
    return (world.graphics[6] & 1) == 0 && !world.dispi_is_on && !world.is_deaf;
}

/* ---- Ports ---- */

static uint8_t *indexed(uint16_t port)
{
    switch (port) {
    case 0x3C5:
        return &world.sequencer[indices[0] & 7];
    case 0x3CF:
        return &world.graphics[indices[1] & 15];
    case 0x3D5:
        return &world.crtc[indices[2] & 31];
    }
    return NULL;
}

uint8_t port_read8(uint16_t port)
{
    world.accesses++;
    if (port == 0x3CF && indices[1] == 6) {
        return (uint8_t)(world.graphics[6] | (world.is_deaf ? 1 : 0));
    }
    if (indexed(port) != NULL) {
        return *indexed(port);
    }
    switch (port) {
    case 0x3CC:
        return world.miscellaneous;
    case 0x3D4:
        return indices[2];
    case 0x3C1:
        return world.attributes[attribute_index];
    case 0x3C9:
        colour_at++;
        return world.colours[(colour_at - 1) / 3 % 256][(colour_at - 1) % 3];
    case 0x3DA:
        attribute_data_is_next = false;
        return 0;
    }
    FAIL("port %x is read", port);
}

static void write_attribute(uint8_t value)
{
    if (attribute_data_is_next) {
        world.attributes[attribute_index] = value;
    } else {
        attribute_index = value & 31;
    }
    attribute_data_is_next = !attribute_data_is_next;
}

void port_write8(uint16_t port, uint8_t value)
{
    world.accesses++;
    if (indexed(port) != NULL) {
        *indexed(port) = value;
        return;
    }
    switch (port) {
    case 0x3C0:
        write_attribute(value);
        return;
    case 0x3C2:
        world.miscellaneous = value;
        return;
    case 0x3C4:
        indices[0] = value;
        return;
    case 0x3CE:
        indices[1] = value;
        return;
    case 0x3D4:
        indices[2] = value;
        return;
    case 0x3C6:
        return;
    case 0x3C7:
    case 0x3C8:
        colour_at = value * 3U;
        return;
    case 0x3C9:
        world.colours[colour_at / 3 % 256][colour_at % 3] = value;
        colour_at++;
        return;
    }
    FAIL("port %x is written", port);
}

uint16_t port_read16(uint16_t port)
{
    CHECK_EQUAL(port, 0x1CF);
    return world.has_dispi && dispi_index == 0 ? DISPI_ID : 0xFFFF;
}

void port_write16(uint16_t port, uint16_t value)
{
    if (port == 0x1CE) {
        dispi_index = value;
        return;
    }
    CHECK_EQUAL(port, 0x1CF);
    CHECK(world.has_dispi);
    CHECK_EQUAL(dispi_index, 4);
    world.dispi_is_on = value != 0;
}

/* ---- The kernel ---- */

status_t physical_map(physical_t physical, uint32_t pages, uint32_t flags, uint32_t *address_out)
{
    const struct {
        physical_t physical;
        uint32_t pages, flags;
        void *memory;
    } ranges[] = {
        { 0xB8000, 8, 0, world.cells }, { 0xA0000, 16, 0, world.plane2 }, { 0xC0000, 16, PHYSICAL_READ_ONLY, world.rom },
    };

    for (uint32_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (ranges[i].physical == physical) {
            CHECK_EQUAL(pages, ranges[i].pages);
            CHECK_EQUAL(flags, ranges[i].flags);
            if (i != 0 && !world.memory_is_granted) {
                return NOT_ALLOWED;
            }
            *address_out = (uint32_t)ranges[i].memory;
            return OK;
        }
    }
    FAIL("%x is mapped", physical);
}

void must_failed(status_t status, const char *expression, const char *file, unsigned line)
{
    test_fail(file, (int)line, "%s is %u", expression, (unsigned)status);
}

status_t process_watch(process_id_t id)
{
    CHECK_EQUAL(world.watched, 0);
    world.watched = id;
    return OK;
}

status_t process_unwatch(process_id_t id)
{
    CHECK_EQUAL(world.watched, id);
    world.watched = 0;
    return OK;
}

status_t process_information(process_id_t id, struct process_information *information_out)
{
    *information_out = (struct process_information){ .id = id, .role = world.asker_role, .name = "d\\borrower" };
    return OK;
}

status_t timer_create(nanoseconds_t deadline_ns, nanoseconds_t period_ns, timer_id_t *id_out)
{
    *id_out = 1;
    return timer_set(1, deadline_ns, period_ns);
}

status_t timer_set(timer_id_t id, nanoseconds_t deadline_ns, nanoseconds_t period_ns)
{
    CHECK_EQUAL(id, 1);
    world.timer_ns = deadline_ns;
    world.timer_period_ns = period_ns;
    return OK;
}

nanoseconds_t clock_now(void)
{
    return world.now_ns;
}

nanoseconds_t clock_after(nanoseconds_t delay_ns)
{
    return world.now_ns + delay_ns;
}

void log_print(log_level_t level, const char *template, ...)
{
    size_t length = strlen(world.log);
    va_list values;

    (void)level;
    world.lines++;
    va_start(values, template);
    vsnprintf(world.log + length, sizeof world.log - length, template, values);
    va_end(values);
}

/* ---- d\init ---- */

status_t name_find(const char *name, process_id_t *id_out)
{
    CHECK(strcmp(name, "d\\init") == 0);
    *id_out = SUPERVISOR;
    return OK;
}

status_t init_information(process_id_t init, uint32_t index, struct supervised_information *information_out)
{
    CHECK_EQUAL(init, SUPERVISOR);
    *information_out = (struct supervised_information){ .state = SUPERVISED_GIVEN_UP, .name = "d\\another" };
    if (index == 1) {
        information_out->state = world.supervised_state;
        strcpy(information_out->name, "d\\borrower");
    }
    return index < (world.supervised_state == SUPERVISED_STATE_COUNT ? 1U : 2U) ? OK : NOT_FOUND;
}

const char *role_name(uint32_t role)
{
    return role == ROLE_DISPLAY ? "display" : "another";
}
