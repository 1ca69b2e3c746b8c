/* Who may have BIOS calls made: drivers and servers, and the applications that an argument of this driver names. One thread. */
#pragma once

#include <ternion/server.h>

/* An argument: clients=NAME,…: names of applications, separated by commas. False: it is another one. The text stays where it is. */
bool clients_read(const char *argument);

/* False: the log knows of it, once. */
[[nodiscard]] bool clients_may(const struct server_call *call);
