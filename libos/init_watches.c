#include <ternion/init_client.h>
#include <ternion/process.h>

status_t init_watches(process_id_t process)
{
    process_id_t init;
    struct supervised_information entry;

    if (name_find("d\\init", &init) != OK) {
        return ABSENT;
    }
    for (uint32_t index = 0;; index++) {
        status_t status = init_information(init, index, &entry);

        if (status != OK || entry.process == process) {
            return status;
        }
    }
}
