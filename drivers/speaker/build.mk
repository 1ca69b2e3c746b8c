programs += speaker
speaker_sources := drivers/speaker/main.c drivers/speaker/queue.c drivers/speaker/speaker.c
