#include <ternion/init_client.h>
#include <ternion/message.h>

status_t init_information(process_id_t init, uint32_t index, struct supervised_information *information_out)
{
    struct message request = { .words = { INIT_INFORMATION, index } };
    struct reply reply = { .buffer = information_out->name, .buffer_size = NAME_SIZE_MAX };

    status_t status = message_ask(init, &request, &reply);
    if (status != OK) {
        return status;
    }
    information_out->state = reply.words[1];
    information_out->process = reply.words[2];
    information_out->restarts = reply.words[3];
    information_out->name[reply.string_size < NAME_SIZE_MAX ? reply.string_size : NAME_SIZE_MAX] = '\0';
    return OK;
}

status_t init_power(process_id_t init, power_action_t action)
{
    struct message request = { .words = { INIT_POWER, action } };

    return message_ask(init, &request, NULL);
}
