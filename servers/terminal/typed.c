#include "typed.h"

void typed_put(struct typed *typed, uint32_t item)
{
    typed->items[(typed->first + typed->count++) % TYPED_MAX] = (uint16_t)item;
}

uint32_t typed_take(struct typed *typed)
{
    uint32_t item = typed->items[typed->first];

    typed_remove(typed, 1);
    return item;
}

uint32_t typed_copy(const struct typed *typed, bool by_lines, uint8_t *bytes, uint32_t most, uint32_t *items_out)
{
    uint32_t size = 0;
    uint32_t items = 0;

    while (items < typed->count && size < most) {
        uint32_t item = typed->items[(typed->first + items++) % TYPED_MAX];

        if (!(by_lines && item & TYPED_NO_BYTE)) {
            bytes[size++] = (uint8_t)item;
        }
        if (by_lines && item & TYPED_LINE_END) {
            break;
        }
    }
    *items_out = items;
    return size;
}

void typed_remove(struct typed *typed, uint32_t items)
{
    typed->first = (typed->first + items) % TYPED_MAX;
    typed->count -= items;
}
