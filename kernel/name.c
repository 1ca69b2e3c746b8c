#include "name.h"

#include "list.h"
#include "process.h"
#include "string.h"

#define BUCKETS 64U

static const char prefix_letters[CLASS_COUNT] = { 'd', 's', 'a' };
static struct list buckets[BUCKETS];

void names_initialise(void)
{
    for (uint32_t i = 0; i < BUCKETS; i++) {
        list_initialise(&buckets[i]);
    }
}

/* FNV-1a (Fowler, Noll, Vo), 32 bits. */
static struct list *bucket_of(const char *name, uint32_t size)
{
    uint32_t hash = 2166136261U;

    for (uint32_t i = 0; i < size; i++) {
        hash = (hash ^ (uint8_t)name[i]) * 16777619U;
    }
    return &buckets[hash % BUCKETS];
}

static bool is_name_character(char character)
{
    return character > ' ' && character <= '~' && character != '\\';
}

status_t name_make(process_class_t class, const char *text, uint32_t text_size,
                   char name_out[NAME_SIZE_MAX + 1], uint32_t *size_out)
{
    if (text_size == 0 || text_size > NAME_SIZE_MAX - NAME_PREFIX_SIZE) {
        return BAD_NAME;
    }
    for (uint32_t i = 0; i < text_size; i++) {
        if (!is_name_character(text[i])) {
            return BAD_NAME;
        }
    }
    name_out[0] = prefix_letters[class];
    name_out[1] = '\\';
    memcpy(name_out + NAME_PREFIX_SIZE, text, text_size);
    name_out[NAME_PREFIX_SIZE + text_size] = '\0';
    *size_out = NAME_PREFIX_SIZE + text_size;
    return OK;
}

process_class_t name_class(const char *name, uint32_t size)
{
    process_class_t class = 0;

    if (size < NAME_PREFIX_SIZE || name[1] != '\\') {
        return CLASS_COUNT;
    }
    while (class < CLASS_COUNT && prefix_letters[class] != name[0]) {
        class++;
    }
    return class;
}

struct process *name_find(const char *name, uint32_t size)
{
    LIST_FOR_EACH(node, bucket_of(name, size)) {
        struct process *process = LIST_ENTRY(node, struct process, name_node);

        if (process->name_size == size && memcmp(process->name, name, size) == 0) {
            return process;
        }
    }
    return NULL;
}

void name_add(struct process *process)
{
    list_append(bucket_of(process->name, process->name_size), &process->name_node);
}

void name_remove(struct process *process)
{
    list_remove(&process->name_node);
}
