/* What terminals are asked for, a kind each. Called with the terminals' lock held. */
#pragma once

#include "terminal.h"

/*
 * Answers a request, if that can be done now.
 *   is_first   no other of its kind, for keys: of its process, waits that came before, but for those that stand back
 * False: it has to wait.
 */
[[nodiscard]] bool request_serve(struct terminal *terminal, struct request *request, bool is_first);

/* When it is answered at the latest. */
nanoseconds_t request_deadline(const struct terminal *terminal, const struct request *request);

/* Has whoever asked ended, or given up? */
bool request_is_gone(const struct request *request);

/* Tells those who asked for it that a read would not wait. */
void notices_send(struct terminal *terminal);
