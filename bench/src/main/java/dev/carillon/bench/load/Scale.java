package dev.carillon.bench.load;

import java.time.Duration;

/// How much load, for how long, and how often.
///
/// @param connections of the closed loops
/// @param time length of each measure
/// @param warmUp load on each process before the first measure
/// @param rounds how often each side is measured; the median counts
public record Scale(int connections, Duration time, Duration warmUp, int rounds) {}
