package dev.carillon.gateway.feed;

import java.time.Duration;

/// How callers read.
///
/// @param longestWait the longest `?wait=`
/// @param longestStream the longest life of one event stream
/// @param mirror whether finished records carry `state` and `data` beside the documented keys
public record FeedConfig(Duration longestWait, Duration longestStream, boolean mirror) {}
