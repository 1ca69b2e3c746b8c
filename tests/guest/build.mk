# Programs that run inside the system to test and measure it; each folder lists its own.
