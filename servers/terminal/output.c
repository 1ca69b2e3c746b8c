#include "output.h"

#include "utf8.h"

#define ESCAPE 0x1B
#define SEQUENCE_MAX 32U         /* bytes of a sequence that is not torn: longer ones are, as strings */

static void put(struct output *output, const uint8_t *text, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        output->bytes[(output->first + output->count++) % OUTPUT_MAX] = text[i];
        column_take(&output->column, text[i]);
    }
}

bool output_write(struct output *output, const uint8_t *text, uint32_t size)
{
    if (output->count > OUTPUT_TEXT_MAX || size > OUTPUT_TEXT_MAX - output->count) {
        return false;
    }
    put(output, text, size);
    return true;
}

void output_echo(struct output *output, const char *text, uint32_t size)
{
    if (size <= OUTPUT_MAX - output->count) {
        put(output, (const uint8_t *)text, size);
    }
}

/* Bytes at the end of a text that are the begin of a sequence; 0: it ends outside. */
static uint32_t sequence_begun(const uint8_t *text, uint32_t size)
{
    struct column part = { 0 };
    uint32_t from = size;

    while (from > 0 && size - from < SEQUENCE_MAX && text[from - 1] != ESCAPE) {
        from--;
    }
    if (from == 0 || text[from - 1] != ESCAPE) {
        return 0;
    }
    for (uint32_t i = from - 1; i < size; i++) {
        column_take(&part, text[i]);
    }
    return part.part == COLUMN_TEXT ? 0 : size - (from - 1);
}

uint32_t output_copy(const struct output *output, uint8_t *text, uint32_t most)
{
    uint32_t size = output->count < most ? output->count : most;

    for (uint32_t i = 0; i < size; i++) {
        text[i] = output->bytes[(output->first + i) % OUTPUT_MAX];
    }
    if (size < output->count) {
        uint32_t torn = sequence_begun(text, size);
        torn = torn != 0 ? torn : utf8_unfinished(text, size);
        size -= torn < size ? torn : 0;
    }
    return size;
}

void output_remove(struct output *output, uint32_t size)
{
    output->first = (output->first + size) % OUTPUT_MAX;
    output->count -= size;
}
