/* Fuzzes init.list. */
#include "drivers/init/list.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ternion/log.h>

#include "fuzz.h"
#include "test.h"

static unsigned line_count;

void log_print(log_level_t level, const char *template, ...)
{
    char text[1000];
    unsigned line = 0;
    va_list values;

    va_start(values, template);
    vsnprintf(text, sizeof text, template, values);
    va_end(values);
    CHECK(level == LOG_ERROR && sscanf(text, "init.list:%u: ", &line) == 1 && line >= 1 && line <= line_count);
}

static void check_program(const struct program *program)
{
    struct program copy;

    CHECK(program->line >= 1 && program->line <= line_count && program->class < CLASS_COUNT && program->restart <= RESTART_ON_FAILURE);
    CHECK(strnlen(program->name, sizeof program->name) < sizeof program->name && program->name_text == program->name + 2);
    CHECK(*program->name_text != '\0' && strnlen(program->image, sizeof program->image) < sizeof program->image);
    CHECK(program->need_count <= PROGRAM_NEEDS_MAX);
    for (uint32_t i = 0; i < program->need_count; i++) {
        size_t length = strnlen(program->needs[i], NEED_NAME_MAX + 1);
        CHECK(length > 0 && length <= NEED_NAME_MAX && strcmp(program->needs[i], program->name) != 0);
    }
    CHECK(program->arguments_size <= PROGRAM_ARGUMENTS_MAX);
    CHECK(program->arguments_size == 0 || (program->has_arguments && program->arguments[program->arguments_size - 1] == '\0'));
    program_copy(&copy, program);
    CHECK(copy.name_text == copy.name + 2 && strcmp(copy.name, program->name) == 0);
}

static int try(const uint8_t *bytes, size_t size)
{
    char *copy = malloc(size == 0 ? 1 : size);
    struct program program;
    struct list list;

    memcpy(copy, bytes, size);
    line_count = 1;
    for (size_t i = 0; i < size; i++) {
        line_count += bytes[i] == '\n';
    }
    list_open(&list, copy, size);
    while (list_next(&list, &program)) {
        check_program(&program);
    }
    free(copy);
    return 0;
}

static size_t seed(uint32_t number, uint8_t *bytes)
{
    static const char *const texts[] = {
        "# comment\nd\\console d\\console restart=always\na\\log a\\log limit frames=64 threads=2 needs=d\\serial,screens\\text\\0 -- a b c\n",
        "s\\x x.elf restart=on-failure limit objects=4294967296\r\n\td\\y y restart=never needs= -- \n a\\z",
        "d\\ w\nx\nd\\x file:w\nd\\x w often\nd\\x w -- limit restart=always",
    };

    if (number == sizeof texts / sizeof texts[0]) {
        return 0;
    }
    memcpy(bytes, texts[number], strlen(texts[number]));
    return strlen(texts[number]);
}

int main(int argc, char **argv)
{
    static const struct fuzzer fuzzer = { "any_list_is_read_within_its_bounds", 3, 1024, try, seed };

    return fuzz(&fuzzer, argc, argv);
}
