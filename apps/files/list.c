#include "apps/files/list.h"

#include <stdlib.h>
#include <string.h>

#include "apps/command/command.h"
#include "apps/command/output.h"
#include "apps/command/sort.h"
#include "apps/command/units.h"

#define ENTRIES_AT_A_TIME 64U
#define GAP 2                        /* blanks between columns */

bool list_add(struct list *list, const char *directory, const char *name)
{
    char *path = directory == NULL ? command_copy(name) : command_path(directory, name);
    struct stat about;
    bool is_there = stat(path, &about) == 0;

    if (!is_there) {
        command_errno(path);
    } else {
        if (list->count % ENTRIES_AT_A_TIME == 0) {
            list->entries = command_memory_again(list->entries, (list->count + ENTRIES_AT_A_TIME) * sizeof *list->entries);
        }
        struct list_entry *entry = command_memory(sizeof *entry);
        *entry = (struct list_entry){ command_copy(name), about };
        list->entries[list->count++] = entry;
    }
    free(path);
    return is_there;
}

static const struct list_style *sorted_by;

static int compare(const void *left_entry, const void *right_entry)
{
    const struct list_entry *left = left_entry, *right = right_entry;
    int64_t order = 0;

    if (sorted_by->order == LIST_BY_SIZE) {
        order = (int64_t)right->about.st_size - (int64_t)left->about.st_size;
    } else if (sorted_by->order == LIST_BY_TIME) {
        order = (int64_t)right->about.st_mtime - (int64_t)left->about.st_mtime;
    }
    int result = order != 0 ? (order > 0 ? 1 : -1) : strcmp(left->name, right->name);
    return sorted_by->reverse ? -result : result;
}

void list_sort(struct list *list, const struct list_style *style)
{
    sorted_by = style;
    sort_pointers((void **)list->entries, list->count, compare);
}

static void print_name(const struct list_entry *entry, const struct list_style *style)
{
    output_name(entry->name);
    if (style->slashes && S_ISDIR(entry->about.st_mode)) {
        output_byte('/');
    }
}

static int width_of(const struct list_entry *entry, const struct list_style *style)
{
    return text_width(entry->name) + (style->slashes && S_ISDIR(entry->about.st_mode));
}

static void print_long(const struct list *list, const struct list_style *style)
{
    char size[UNITS_SIZE], time[UNITS_TIME_SIZE];
    int width = 0;

    for (size_t i = 0; i < list->count; i++) {
        int digits = (int)strlen(units_size((uint64_t)list->entries[i]->about.st_size, style->human, size));
        width = digits > width ? digits : width;
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct stat *about = &list->entries[i]->about;

        output_format("%c%c%c %*s %s ", S_ISDIR(about->st_mode) ? 'd' : S_ISCHR(about->st_mode) ? 'c' : '-',
                      (about->st_mode & S_IRUSR) != 0 ? 'r' : '-', (about->st_mode & S_IWUSR) != 0 ? 'w' : '-',
                      width, units_size((uint64_t)about->st_size, style->human, size), units_time(about->st_mtime, time));
        print_name(list->entries[i], style);
        output_byte('\n');
    }
}

/* Columns filled downwards, each as wide as its widest name. False: so many do not fit. */
static bool print_columns(const struct list *list, const struct list_style *style, size_t columns, int room)
{
    size_t rows = (list->count + columns - 1) / columns;
    int *widths = command_memory(columns * sizeof *widths);
    int total = -GAP;

    for (size_t column = 0; column < columns; column++) {
        widths[column] = 0;
        for (size_t i = column * rows; i < (column + 1) * rows && i < list->count; i++) {
            int width = width_of(list->entries[i], style);
            widths[column] = width > widths[column] ? width : widths[column];
        }
        total += widths[column] + GAP;
    }
    bool fits = total < room || columns == 1;
    for (size_t row = 0; fits && row < rows; row++) {
        for (size_t i = row, column = 0; i < list->count; i += rows, column++) {
            print_name(list->entries[i], style);
            output_blanks(i + rows < list->count ? widths[column] - width_of(list->entries[i], style) + GAP : 0);
        }
        output_byte('\n');
    }
    free(widths);
    return fits;
}

void list_print(const struct list *list, const struct list_style *style)
{
    int room = output_columns();
    size_t columns = list->count;

    if (list->count == 0) {
        return;
    }
    if (style->is_long) {
        print_long(list, style);
        return;
    }
    if (style->single || room == 0) {
        columns = 1;
    } else if (columns > (size_t)room / (GAP + 1)) {
        columns = (size_t)room / (GAP + 1) + 1;
    }
    while (!print_columns(list, style, columns, room)) {
        columns--;
    }
}

void list_free(struct list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->entries[i]->name);
        free(list->entries[i]);
    }
    free(list->entries);
}
