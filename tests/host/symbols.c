/* The names of functions in a program that may be damaged. */
#include "symbols.h"

#include <stdlib.h>
#include <string.h>

#include "symbol_image.h"
#include "test.h"

#define TEXT_SIZE 0x800U
#define TEXT IMAGE_TEXT_ADDRESS

static struct symbol_image image;

/* In memory of exactly its size, so that a byte too far is seen. */
static uint8_t *copy;

static bool open(struct symbols *symbols)
{
    free(copy);
    copy = malloc(image.size);
    memcpy(copy, image.bytes, image.size);
    return symbols_open(copy, image.size, symbols);
}

static void make(void)
{
    symbol_image_make(&image, TEXT_SIZE);
    symbol_image_add(&image, "_start", TEXT, 0, GLOBAL_LABEL);
    symbol_image_add(&image, "second", TEXT + 0x40, 0x20, LOCAL_FUNCTION);
    symbol_image_add(&image, "inner_label", TEXT + 0x48, 0, LOCAL_LABEL);
    symbol_image_add(&image, "table", TEXT + 0x50, 4, GLOBAL_OBJECT);
    symbol_image_add(&image, "first", TEXT + 0x10, 0x30, GLOBAL_FUNCTION);
    symbol_image_add(&image, "last", TEXT + 0x100, 0, GLOBAL_FUNCTION);
}

/* NULL: no name. */
static void expect(uint32_t address, const char *name, uint32_t begin)
{
    struct symbols symbols;
    struct symbol symbol = { 0 };

    CHECK(open(&symbols));
    bool found = symbols_find(&symbols, address, &symbol);
    if (found != (name != NULL) || (found && (strcmp(symbol.name, name) != 0 || symbol.address != begin))) {
        FAIL("0x%08x is in %s, 0x%08x, not %s", address, found ? symbol.name : "nothing", symbol.address,
             name != NULL ? name : "nothing");
    }
}

static void address_has_the_name_of_its_function(void)
{
    make();
    expect(TEXT, "_start", TEXT);
    expect(TEXT + 0x0F, "_start", TEXT);
    expect(TEXT + 0x10, "first", TEXT + 0x10);
    expect(TEXT + 0x3F, "first", TEXT + 0x10);
    expect(TEXT + 0x40, "second", TEXT + 0x40);
    expect(TEXT + 0x4A, "second", TEXT + 0x40);
    expect(TEXT + 0x52, "second", TEXT + 0x40);
    expect(TEXT + TEXT_SIZE - 1, "last", TEXT + 0x100);
}

static void address_between_functions_has_the_name_of_one_without_a_size(void)
{
    make();
    expect(TEXT + 0x60, "_start", TEXT);
    image.symbols[0].size = 4;
    expect(TEXT + 0x60, NULL, 0);
}

static void address_outside_the_text_has_no_name(void)
{
    make();
    expect(TEXT - 1, NULL, 0);
    expect(TEXT + TEXT_SIZE, NULL, 0);
    expect(0, NULL, 0);
    expect(UINT32_MAX, NULL, 0);
    image.symbols[5].value = TEXT + TEXT_SIZE;   /* a symbol outside */
    expect(TEXT + TEXT_SIZE, NULL, 0);
}

static void symbol_of_no_section_is_none(void)
{
    make();
    image.symbols[5].section = 0;
    expect(TEXT + 0x200, "_start", TEXT);
    make();
    image.symbols[5].section = 0xFFF1;           /* absolute */
    expect(TEXT + 0x200, "_start", TEXT);
}

static void name_that_runs_out_of_its_table_is_none(void)
{
    make();
    image.symbols[5].name = image.sections[3].size;
    expect(TEXT + 0x200, "_start", TEXT);
    make();
    image.symbols[5].name = UINT32_MAX;
    expect(TEXT + 0x200, "_start", TEXT);
    make();
    image.sections[3].size--;                    /* "last" has no NUL */
    expect(TEXT + 0x200, "_start", TEXT);
    make();
    image.symbols[5].name = 0;                   /* no name at all */
    expect(TEXT + 0x200, "_start", TEXT);
}

static void program_without_symbols_has_text_and_no_names(void)
{
    struct symbols symbols;
    struct symbol symbol;

    make();
    image.header->section_header_count = 0;
    CHECK(open(&symbols));
    CHECK_EQUAL(symbols.text_first, TEXT);
    CHECK_EQUAL(symbols.text_end, TEXT + TEXT_SIZE);
    CHECK_EQUAL(symbols.text_offset, IMAGE_TEXT_OFFSET);
    CHECK(!symbols_find(&symbols, TEXT, &symbol));
    symbols = (struct symbols){ 0 };
    CHECK(!symbols_find(&symbols, TEXT, &symbol));
}

static void expect_refused(const char *what)
{
    struct symbols symbols;

    memset(&symbols, 0xAA, sizeof symbols);
    if (open(&symbols) || symbols.image != NULL || symbols.text_end != 0) {
        FAIL("%s is taken", what);
    }
}

static void what_is_no_program_is_refused(void)
{
#define REFUSED(change) do { make(); change; expect_refused(#change); } while (0)
    REFUSED(image.bytes[0] = 0);
    REFUSED(image.header->identification[4] = 2);
    REFUSED(image.header->type = 1);
    REFUSED(image.header->machine = 62);
    REFUSED(image.header->program_header_size = 31);
    REFUSED(image.header->program_header_count = 1);
    REFUSED(image.header->program_headers = UINT32_MAX);
    REFUSED(image.segments[1].flags = 4);
    REFUSED(image.segments[1].type = 4);
    REFUSED(image.segments[1].offset = image.size + 1);
    REFUSED(image.segments[1].file_size++);
    REFUSED(image.segments[1].file_size = 0);
    REFUSED(image.segments[1].virtual_address = UINT32_MAX - TEXT_SIZE + 1);
    REFUSED(image.size = 51);
    REFUSED(image.size = 0);
#undef REFUSED
}

static void damaged_tables_are_not_used(void)
{
#define UNUSED(change) do { make(); change; expect(TEXT + 0x20, NULL, 0); } while (0)
    UNUSED(image.header->section_header_size = 39);
    UNUSED(image.header->section_headers = UINT32_MAX - 20);
    UNUSED(image.sections[2].type = 1);
    UNUSED(image.sections[2].entry_size = 15);
    UNUSED(image.sections[2].size = UINT32_MAX);
    UNUSED(image.sections[2].offset = UINT32_MAX);
    UNUSED(image.sections[2].link = 4);
    UNUSED(image.sections[2].link = UINT32_MAX);
    UNUSED(image.sections[3].type = 1);
    UNUSED(image.sections[3].size = image.size);
    UNUSED(image.sections[3].offset = image.size + 1);
#undef UNUSED
}

static const struct test tests[] = {
    TEST(address_has_the_name_of_its_function),
    TEST(address_between_functions_has_the_name_of_one_without_a_size),
    TEST(address_outside_the_text_has_no_name),
    TEST(symbol_of_no_section_is_none),
    TEST(name_that_runs_out_of_its_table_is_none),
    TEST(program_without_symbols_has_text_and_no_names),
    TEST(what_is_no_program_is_refused),
    TEST(damaged_tables_are_not_used),
};

TEST_MAIN(tests)
