package dev.carillon.client.webhook;

import java.time.Instant;
import java.util.Optional;

/// A callback whose signature holds.
///
/// @param id the `webhook-id`: the same for all attempts of one event; drop repeats by it
/// @param timestamp when this attempt was signed, in whole seconds
/// @param type the event's `type`, such as `task.succeeded`; empty for a body without one, such as
///   that of a request's own `callback_url`
/// @param body the bytes that were signed
@SuppressWarnings("ArrayRecordComponent")
public record Verified(String id, Instant timestamp, Optional<String> type, byte[] body) {}
