#include <ternion/log_client.h>
#include <ternion/message.h>
#include <ternion/syscall.h>

status_t log_read(process_id_t log, uint32_t after, log_level_t level, uint32_t flags, struct log_line *line_out)
{
    struct message request = { .words = { LOG_READ, after, level, flags } };
    struct reply reply = { .buffer = line_out->text, .buffer_size = LOG_LINE_MAX };

    status_t status = message_ask(log, &request, &reply);
    if (status != OK && status != TRUNCATED) {
        return status;
    }
    line_out->number = reply.words[1];
    line_out->level = reply.words[2];
    line_out->lost = reply.words[3];
    line_out->size = reply.string_size < LOG_LINE_MAX ? reply.string_size : LOG_LINE_MAX;
    line_out->text[line_out->size] = '\0';
    return OK;
}

status_t log_flush(process_id_t log)
{
    struct message request = { .words = { LOG_FLUSH } };

    return message_ask(log, &request, NULL);
}

status_t log_first_line(process_id_t log, uint64_t *timestamp_out)
{
    struct message request = { .words = { LOG_FIRST_LINE } };
    struct reply reply = { 0 };

    status_t status = message_ask(log, &request, &reply);
    if (status == OK) {
        *timestamp_out = (uint64_t)reply.words[2] << 32 | reply.words[1];
    }
    return status;
}

status_t log_set_screen_level(process_id_t log, log_level_t level)
{
    return message_send(log, &(struct message){ .words = { LOG_SCREEN_LEVEL, level } });
}
