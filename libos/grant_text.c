#include <stdarg.h>

#include <ternion/format.h>
#include <ternion/grant_text.h>
#include <ternion/string.h>

static const char *const role_names[ROLE_COUNT] = {
    [ROLE_NONE] = "no_role",
    [ROLE_SUPERVISOR] = "supervisor",
    [ROLE_LOG] = "log",
    [ROLE_BUS] = "bus",
    [ROLE_DISPLAY] = "display",
    [ROLE_INPUT] = "input",
    [ROLE_STORAGE] = "storage",
    [ROLE_AUDIO] = "audio",
    [ROLE_NETWORK] = "network",
    [ROLE_LINE] = "line",
    [ROLE_PLATFORM] = "platform",
    [ROLE_INPUT_SERVER] = "input_server",
    [ROLE_FILE_SERVER] = "file_server",
    [ROLE_WINDOW_SERVER] = "window_server",
    [ROLE_NETWORK_SERVER] = "network_server",
    [ROLE_AUDIO_SERVER] = "audio_server",
};

/* In the order of their bits. */
static const char *const right_names[RIGHT_COUNT] = {
    "dma", "dma_controller", "pci", "vm86", "speaker", "control_drivers", "bind_devices", "trace", "debug", "assign_roles",
};
_Static_assert(RIGHTS_ALL == (1U << RIGHT_COUNT) - 1, "a right has no name");

const char *role_name(uint32_t role)
{
    return role < ROLE_COUNT ? role_names[role] : "unknown role";
}

const char *right_name(uint32_t right)
{
    for (uint32_t i = 0; i < RIGHT_COUNT; i++) {
        if (right == 1U << i) {
            return right_names[i];
        }
    }
    return "unknown right";
}

/* The number of a name among others, or their count. */
static uint32_t index_of(const char *name, const char *const names[], uint32_t count)
{
    uint32_t index = 0;

    while (index < count && strcmp(names[index], name) != 0) {
        index++;
    }
    return index;
}

bool role_of_name(const char *name, uint32_t *role_out)
{
    uint32_t role = index_of(name, role_names, ROLE_COUNT);

    if (role == ROLE_COUNT) {
        return false;
    }
    *role_out = role;
    return true;
}

bool right_of_name(const char *name, uint32_t *right_out)
{
    uint32_t index = index_of(name, right_names, RIGHT_COUNT);

    if (index == RIGHT_COUNT) {
        return false;
    }
    *right_out = 1U << index;
    return true;
}

/* ---- An access as text ---- */

struct output {
    char *buffer;
    size_t size;                 /* bytes of buffer */
    size_t length;               /* of the text so far, whether it fitted or not */
    bool in_list;                /* a part of this word stands there already */
};

static void put(struct output *output, const char *template, ...) __attribute__((format(printf, 2, 3)));

static void put(struct output *output, const char *template, ...)
{
    size_t left = output->length < output->size ? output->size - output->length : 0;
    va_list values;

    va_start(values, template);
    output->length += format_text_list(left == 0 ? NULL : output->buffer + output->length, left, template, values);
    va_end(values);
}

/* What goes before a part: the word, or a comma. */
static void put_begin(struct output *output, const char *word)
{
    if (output->in_list) {
        put(output, ",");
    } else {
        put(output, "%s%s=", output->length == 0 ? "" : " ", word);
    }
    output->in_list = true;
}

static void put_partners(struct output *output, uint32_t partners)
{
    output->in_list = false;
    if (partners == PARTNERS_ALL) {
        put_begin(output, "partners");
        put(output, "all");
        return;
    }
    for (uint32_t role = 0; role < ROLE_COUNT; role++) {
        if ((partners & ROLE_BIT(role)) != 0) {
            put_begin(output, "partners");
            put(output, "%s", role_names[role]);
        }
    }
}

static void put_irqs(struct output *output, uint32_t irqs)
{
    output->in_list = false;
    for (uint32_t line = 0; line < 16; line++) {
        if ((irqs & IRQ_BIT(line)) != 0) {
            put_begin(output, "irqs");
            put(output, "%u", line);
        }
    }
}

static void put_range(struct output *output, const char *word, uint32_t first, uint32_t last)
{
    if (last == 0) {
        return;                  /* none */
    }
    put_begin(output, word);
    put(output, "%X", first);
    if (last != first) {
        put(output, "-%X", last);
    }
}

static void put_rights(struct output *output, uint32_t rights)
{
    output->in_list = false;
    for (uint32_t i = 0; i < RIGHT_COUNT; i++) {
        if ((rights >> i & 1) != 0) {
            put_begin(output, "rights");
            put(output, "%s", right_names[i]);
        }
    }
}

size_t access_text(const struct access *access, char *buffer, size_t size)
{
    struct output output = { .buffer = buffer, .size = size };

    if (access->role != ROLE_NONE) {
        put(&output, "role=%s", role_name(access->role));
    }
    put_partners(&output, access->partners);
    put_irqs(&output, access->irqs);
    output.in_list = false;
    for (uint32_t i = 0; i < ACCESS_PORTS_MAX; i++) {
        put_range(&output, "ports", access->ports[i].first, access->ports[i].last);
    }
    output.in_list = false;
    for (uint32_t i = 0; i < ACCESS_MEMORY_MAX; i++) {
        put_range(&output, "memory", access->memory[i].first, access->memory[i].last);
    }
    put_rights(&output, access->rights);
    if (access->strikes != 0 && access->strikes != STRIKES_USUAL) {
        put(&output, "%sstrikes=%u", output.length == 0 ? "" : " ", access->strikes);
    }
    if (output.length == 0) {
        put(&output, "nothing");
    }
    return output.length;
}
