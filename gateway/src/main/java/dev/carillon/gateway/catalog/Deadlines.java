package dev.carillon.gateway.catalog;

import java.time.Duration;
import java.util.Optional;

/// The times an endpoint's tasks are given when their callers ask for nothing else.
///
/// @param startBy how soon work must begin; empty for as late as the task may finish
/// @param finishBy how soon the task must have ended
/// @param keepFor how long the ended task is kept; empty for what the gateway is set to
public record Deadlines(
    Optional<Duration> startBy, Duration finishBy, Optional<Duration> keepFor) {}
