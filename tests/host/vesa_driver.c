#include "vesa_driver.h"

#include "lending.h"
#include "modes.h"
#include "screen.h"
#include "test.h"
#include "vesa_world.h"

struct options driver_options;
struct display_mode driver_shown;
struct shared_handle driver_memory;

void driver_start(void)
{
    CHECK(lending_begin());
    CHECK(adapter_open(&driver_options));
    screen_open();
    modes_open(driver_options.no_linear, driver_options.report);
}

void driver_add_modes(void)
{
    screen_forget();                     /* of the test before */
    world_begin();
    (void)world_add_mode(0x101, 640, 480, 8);
    (void)world_add_mode(0x102, 800, 600, 4);
    (void)world_add_mode(0x112, 640, 480, 32);
    (void)world_add_mode(0x115, 800, 600, 32);
    world_list_modes();
}

void driver_begin(void)
{
    driver_add_modes();
    driver_start();
}

void driver_begin_with_banks(uint16_t granularity)
{
    driver_add_modes();
    for (uint32_t i = 0; i < world.mode_count; i++) {
        world.modes[i].block.attributes &= (uint16_t)~VBE_MODE_LINEAR;
        world.modes[i].block.granularity = granularity;
    }
    world.granularity = granularity * 1024U;
    driver_start();
}

status_t driver_set(uint16_t number, bool keep)
{
    const struct mode *mode = modes_find(number);

    CHECK(mode != NULL);
    return screen_set(mode, keep, &driver_shown, &driver_memory);
}

void driver_expect_text(void)
{
    CHECK(screen_mode() == NULL);
    CHECK(!world.is_graphics);
    CHECK(!world.dispi_is_on);
    CHECK(!world.is_lent);
    CHECK_EQUAL(world.panic_address, 0);
    /* What the client had is gone; there may be memory for the next one, which is empty. */
    CHECK(world.shared_live == 0 || (world.shared_live == 1 && world.shared_id != driver_memory.id && world_frame[0] == 0));
}

uint8_t driver_pattern(uint32_t i)
{
    return (uint8_t)(i * 7 + i / 251);
}

uint8_t *driver_draw(void)
{
    uint8_t *pixels = (uint8_t *)driver_memory.address;

    for (uint32_t i = 0; i < driver_shown.pitch * driver_shown.height; i++) {
        pixels[i] = driver_pattern(i);
    }
    return pixels;
}

void driver_expect_planes(uint32_t left, uint32_t top, uint32_t right, uint32_t bottom, uint32_t pitch)
{
    for (uint32_t y = 0; y < driver_shown.height; y++) {
        for (uint32_t x = 0; x < driver_shown.width; x++) {
            bool is_inside = x >= (left & ~7U) && x < ((right + 7) & ~7U) && y >= top && y < bottom;
            uint32_t colour = 0;

            for (uint32_t plane = 0; plane < 4; plane++) {
                colour |= (world_planes[plane][y * pitch + x / 8] >> (7 - x % 8) & 1U) << plane;
            }
            CHECK_EQUAL(colour, is_inside ? driver_pattern(y * driver_shown.pitch + x) & 15 : 0);
        }
    }
}
