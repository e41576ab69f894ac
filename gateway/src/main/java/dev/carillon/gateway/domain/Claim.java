package dev.carillon.gateway.domain;

import java.util.Optional;

/// The right to work on a task. Every write under it carries the fence; a claim whose fence is no
/// longer the task's changes nothing.
///
/// @param fence grows with each claim of the task
/// @param attempt how many times work has begun, from 1
/// @param upstreamRef the provider's job id, where one was stored before; work resumes from it
public record Claim(Task task, long fence, int attempt, Optional<String> upstreamRef) {}
