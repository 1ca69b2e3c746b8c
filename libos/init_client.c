#include <ternion/init_client.h>

status_t init_information(process_id_t init, uint32_t index, struct supervised_information *information_out)
{
    struct init_entry_request request = { index };
    struct init_entry_reply reply;
    struct payload name = { .buffer = information_out->name, .buffer_size = NAME_SIZE_MAX };

    status_t status = init_entry(init, &request, &reply, &name);
    if (status != OK) {
        return status;
    }
    information_out->state = reply.state;
    information_out->process = reply.process;
    information_out->restarts = reply.restarts;
    information_out->name[name.reply_string_size] = '\0';
    return OK;
}

status_t init_grant_text(process_id_t init, uint32_t index, char *buffer, uint32_t size)
{
    struct init_entry_request request = { index };
    struct payload text = { .buffer = buffer, .buffer_size = size - 1 };

    status_t status = init_grant(init, &request, NULL, &text);
    if (status == OK || status == TRUNCATED) {
        buffer[text.reply_string_size < size ? text.reply_string_size : size - 1] = '\0';
    }
    return status;
}

status_t init_power(process_id_t init, power_action_t action)
{
    return init_end_work(init, &(struct init_end_work_request){ action }, NULL);
}
