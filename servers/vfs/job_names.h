/* What requests about names do, in the thread of their mount: parts of job_run. */
#pragma once

#include "job.h"

[[nodiscard]] status_t job_make_directory(struct job *job);
[[nodiscard]] status_t job_remove(struct job *job);
[[nodiscard]] status_t job_rename(struct job *job);
