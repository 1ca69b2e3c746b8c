#include <ternion/message.h>
#include <ternion/text_output.h>

status_t text_output_write(process_id_t process, const char *text, size_t size)
{
    while (size != 0) {
        uint32_t part = size < TEXT_SIZE_MAX ? (uint32_t)size : TEXT_SIZE_MAX;
        struct message request = { .words = { TEXT_WRITE }, .string = text, .string_size = part };

        status_t status = message_ask(process, &request, NULL);
        if (status != OK) {
            return status;
        }
        text += part;
        size -= part;
    }
    return OK;
}
