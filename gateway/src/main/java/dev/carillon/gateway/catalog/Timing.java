package dev.carillon.gateway.catalog;

import java.time.Duration;

/// How long an endpoint's work takes as long as nothing has been learned (contract section 2.2).
///
/// @param typical half of the tasks end by then
/// @param p90 nine of ten tasks end by then
/// @param limit after this a task is given up as `timeout`
public record Timing(Duration typical, Duration p90, Duration limit) {}
