/*
 * devices: lists all devices: name, type, driver, and what it is in words. A > behind the name says that it is bound: it leads to another
 * device, and that is the one described.
 */
#include <string.h>

#include "apps/command/command.h"
#include "apps/command/output.h"
#include "apps/devices/list.h"

static const char help[] =
    "usage: devices\n"
    "Lists all devices: their names, types and drivers, and what they are in words. A > behind a name: it is bound to another device, and\n"
    "that is the one that is described.\n";

static int larger(int width, const char *text)
{
    return (int)strlen(text) > width ? (int)strlen(text) : width;
}

int main(int argc, char **argv)
{
    struct list list;
    int name_width = 0, driver_width = 0, type_width = 0;

    command_begin(argc, argv, "", help);
    (void)command_option();
    command_expect(0, 0);
    status_t status = list_make(&list);
    if (status != OK) {
        command_status("the list", status);
        return command_end();
    }
    for (uint32_t i = 0; i < list.count; i++) {
        name_width = larger(name_width, list.rows[i].device.name);
        type_width = larger(type_width, device_type_name(list.rows[i].device.type));
        driver_width = larger(driver_width, list.rows[i].driver);
    }
    for (uint32_t i = 0; i < list.count; i++) {
        const struct row *row = &list.rows[i];

        output_format("%-*s%c %-*s  %-*s  %s\n", name_width, row->device.name, (row->device.flags & DEVICE_IS_BOUND) != 0 ? '>' : ' ', type_width,
                      device_type_name(row->device.type), driver_width, row->driver, row->description);
    }
    output_format("%u devices\n", (unsigned)list.count);
    return command_end();
}
