package dev.carillon.gateway.engine;

/// Bounds of the engine.
///
/// @param runningTasks tasks that may run at once
public record EngineConfig(int runningTasks) {}
