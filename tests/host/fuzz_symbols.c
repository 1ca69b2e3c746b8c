/* Fuzzes the reader of symbol tables. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "symbol_image.h"
#include "symbols.h"
#include "test.h"

static int try(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size);
    struct symbols symbols;
    struct symbol symbol;

    memcpy(copy, bytes, size);
    if (symbols_open(copy, (uint32_t)size, &symbols)) {
        CHECK(symbols.text_end > symbols.text_first);
        CHECK(symbols.text_offset + (symbols.text_end - symbols.text_first) <= size);
        for (uint32_t i = 0; i < 16; i++) {
            uint32_t address = symbols.text_first + i * ((symbols.text_end - symbols.text_first) / 16 + 1);
            if (symbols_find(&symbols, address, &symbol)) {
                CHECK(symbol.address <= address && symbol.address >= symbols.text_first);
                CHECK((const uint8_t *)symbol.name > copy && strlen(symbol.name) > 0);
            }
        }
    }
    free(copy);
    return 0;
}

static size_t seed(uint32_t number, uint8_t *bytes)
{
    static struct symbol_image image;

    if (number != 0) {
        return 0;
    }
    symbol_image_make(&image, 64);
    symbol_image_add(&image, "first", IMAGE_TEXT_ADDRESS, 32, GLOBAL_FUNCTION);
    symbol_image_add(&image, "second", IMAGE_TEXT_ADDRESS + 32, 0, LOCAL_FUNCTION);
    memcpy(bytes, image.bytes, image.size);
    return image.size;
}

int main(int argc, char **argv)
{
    static const struct fuzzer fuzzer = { "any_symbol_table_is_read_within_its_bounds", 3, IMAGE_SIZE_MAX, try, seed };

    return fuzz(&fuzzer, argc, argv);
}
