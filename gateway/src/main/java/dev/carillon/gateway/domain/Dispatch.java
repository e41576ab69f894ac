package dev.carillon.gateway.domain;

/// The right to try one delivery once.
///
/// @param attempt the number of the attempt this will be, from 1
/// @param task the ended task the callback tells of; its bytes are the same on every attempt
public record Dispatch(DeliveryId id, CallbackUrl url, int attempt, Task task) {}
