package dev.carillon.bench.load;

/// One line of the table.
///
/// @param key stable name for programs
/// @param what what was measured
/// @param value the figure with its unit
/// @param target the figure to reach; empty when there is none
public record Row(String key, String what, String value, String target) {}
