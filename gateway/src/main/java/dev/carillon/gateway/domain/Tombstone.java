package dev.carillon.gateway.domain;

import dev.carillon.gateway.domain.account.ApplicationId;
import java.time.Instant;

/// What is left of a task that was deleted, for a while, so that its id is told from a wrong one.
///
/// @param at when it was deleted
public record Tombstone(TaskId task, ApplicationId application, Instant at) {}
