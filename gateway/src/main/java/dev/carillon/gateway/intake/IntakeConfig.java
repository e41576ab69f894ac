package dev.carillon.gateway.intake;

import java.time.Duration;
import java.util.Set;

/// How tasks are taken in.
///
/// @param inlineWait how long a POST of an inline endpoint waits for the result
/// @param longestWait the longest wait a caller may ask for
/// @param finishBy how long a task may take before it expires
/// @param keepFor how long ended tasks are kept as a rule
/// @param keepLongest the longest a caller may ask for
/// @param repeatWindow how long after a request was lost an equal one is taken for its repeat; zero
///   for never
/// @param inlineServices services of the task style that answer inline instead
public record IntakeConfig(
    Duration inlineWait,
    Duration longestWait,
    Duration finishBy,
    Duration keepFor,
    Duration keepLongest,
    Duration repeatWindow,
    Set<String> inlineServices) {}
