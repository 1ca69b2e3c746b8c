#include "libc/start_block.h"

#include <string.h>

#define DESCRIPTORS_LIMIT 256U /* more than any table has */
#define STRINGS_LIMIT 65536U   /* more than fit with START_SIZE_MAX in pointers of a small machine */

/* ---- Writing ---- */

static uint32_t strings_size(char *const strings[], uint32_t *count_out)
{
    uint32_t size = 0;

    *count_out = 0;
    for (; strings[*count_out] != NULL && size <= START_SIZE_MAX; ++*count_out) {
        size_t length = strlen(strings[*count_out]) + 1;
        size += length <= START_SIZE_MAX ? (uint32_t)length : START_SIZE_MAX + 1;
    }
    return size;
}

uint32_t start_block_size(const struct start_contents *contents)
{
    uint32_t arguments, environment;
    uint64_t size = sizeof(struct start_header);

    if (contents->descriptor_count > DESCRIPTORS_LIMIT) {
        return 0;
    }
    size += contents->descriptor_count * sizeof(struct start_descriptor);
    size += strings_size(contents->arguments, &arguments);
    size += strings_size(contents->environment, &environment);
    size += strlen(contents->directory) + 1;
    return size <= START_SIZE_MAX && arguments <= STRINGS_LIMIT && environment <= STRINGS_LIMIT ? (uint32_t)size : 0;
}

static char *strings_write(char *const strings[], char *at)
{
    for (; *strings != NULL; strings++) {
        at = stpcpy(at, *strings) + 1;
    }
    return at;
}

void start_block_write(const struct start_contents *contents, uint32_t size, void *block)
{
    struct start_header *header = block;
    struct start_descriptor *descriptors = (struct start_descriptor *)(header + 1);

    *header = (struct start_header){ .magic = START_MAGIC, .size = size, .descriptor_count = contents->descriptor_count };
    memcpy(header->terminal, contents->terminal, sizeof header->terminal);
    (void)strings_size(contents->arguments, &header->argument_count);
    (void)strings_size(contents->environment, &header->environment_count);
    if (contents->descriptor_count > 0) {
        memcpy(descriptors, contents->descriptors, contents->descriptor_count * sizeof *descriptors);
    }
    char *at = (char *)(descriptors + contents->descriptor_count);
    at = strings_write(contents->arguments, at);
    at = strings_write(contents->environment, at);
    strcpy(at, contents->directory);
}

/* ---- Reading ---- */

/* Are there so many NULs, and the last byte one of them? */
static bool strings_end(const char *strings, uint32_t size, uint32_t count)
{
    uint32_t found = 0;

    for (uint32_t i = 0; i < size; i++) {
        found += strings[i] == '\0';
    }
    return size > 0 && strings[size - 1] == '\0' && found == count;
}

bool start_block_read(void *block, uint32_t size, struct start_view *view_out)
{
    const struct start_header *header = block;

    if (size < sizeof *header || header->magic != START_MAGIC || header->size > size || header->size < sizeof *header
        || header->descriptor_count > DESCRIPTORS_LIMIT || header->argument_count > STRINGS_LIMIT
        || header->environment_count > STRINGS_LIMIT) {
        return false;
    }
    uint32_t left = header->size - (uint32_t)sizeof *header;
    uint32_t table = header->descriptor_count * (uint32_t)sizeof(struct start_descriptor);
    char *strings = (char *)block + sizeof *header + table;
    if (left < table || !strings_end(strings, left - table, header->argument_count + header->environment_count + 1)) {
        return false;
    }
    *view_out = (struct start_view){
        .argument_count = header->argument_count,
        .environment_count = header->environment_count,
        .descriptors = (const struct start_descriptor *)(header + 1),
        .descriptor_count = header->descriptor_count,
        .strings = strings,
        .terminal = header->terminal,
    };
    return true;
}

char *start_strings(char *strings, uint32_t count, char **array_out)
{
    for (uint32_t i = 0; i < count; i++) {
        array_out[i] = strings;
        strings += strlen(strings) + 1;
    }
    array_out[count] = NULL;
    return strings;
}

/* ---- Where it is ---- */

/* A byte that nobody types, what it is, eight digits, sixteen digits. */
static const char prefix[] = "\001start=";
#define PREFIX_SIZE (sizeof prefix - 1)
#define ID_DIGITS 8U
#define KEY_DIGITS 16U
_Static_assert(PREFIX_SIZE + ID_DIGITS + 1 + KEY_DIGITS < START_REFERENCE_SIZE);

static void digits_write(uint64_t value, uint32_t digits, char *text)
{
    while (digits-- > 0) {
        text[digits] = "0123456789abcdef"[value & 15];
        value >>= 4;
    }
}

static bool digits_read(const char *text, uint32_t digits, uint64_t *value_out)
{
    *value_out = 0;
    for (uint32_t i = 0; i < digits; i++) {
        char digit = text[i];
        uint32_t value = digit >= '0' && digit <= '9' ? (uint32_t)(digit - '0')
                       : digit >= 'a' && digit <= 'f' ? (uint32_t)(digit - 'a') + 10 : 16;
        if (value == 16) {
            return false;
        }
        *value_out = *value_out << 4 | value;
    }
    return true;
}

void start_reference_write(const struct start_reference *reference, char text[START_REFERENCE_SIZE])
{
    memcpy(text, prefix, PREFIX_SIZE);
    digits_write(reference->id, ID_DIGITS, text + PREFIX_SIZE);
    text[PREFIX_SIZE + ID_DIGITS] = ':';
    digits_write(reference->key, KEY_DIGITS, text + PREFIX_SIZE + ID_DIGITS + 1);
    text[PREFIX_SIZE + ID_DIGITS + 1 + KEY_DIGITS] = '\0';
}

bool start_reference_read(const char *text, size_t size, struct start_reference *reference_out)
{
    uint64_t id, key;

    if (size != PREFIX_SIZE + ID_DIGITS + 1 + KEY_DIGITS || memcmp(text, prefix, PREFIX_SIZE) != 0
        || text[PREFIX_SIZE + ID_DIGITS] != ':' || !digits_read(text + PREFIX_SIZE, ID_DIGITS, &id)
        || !digits_read(text + PREFIX_SIZE + ID_DIGITS + 1, KEY_DIGITS, &key)) {
        return false;
    }
    *reference_out = (struct start_reference){ (shared_id_t)id, key };
    return true;
}
