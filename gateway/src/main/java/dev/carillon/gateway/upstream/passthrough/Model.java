package dev.carillon.gateway.upstream.passthrough;

/// A model that answers passed-through calls.
///
/// @param name what callers call it
/// @param upstream what its provider calls it
/// @param owner the provider's name
/// @param modality what it is for
/// @param tariff what it costs
/// @param mostOutput the most tokens one answer holds, where the caller sets no bound
public record Model(
    String name, String upstream, String owner, Modality modality, Tariff tariff, int mostOutput) {}
