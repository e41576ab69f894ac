/// The load generator. It starts the packaged jar as a child process on a fresh data folder, drives
/// it from outside and prints figures; it asserts nothing about time.
///
/// The load shares the machine's cores with the server, so it is made to cost little: request bytes
/// are built once, one thread drives all connections of a closed loop through a selector
/// ([dev.carillon.bench.load.Loop]), answers are scanned for their end and a task id and not parsed
/// ([dev.carillon.bench.load.Message]). Only the latency measures, which run at a fixed and low
/// rate, use a virtual thread and a blocking connection each
/// ([dev.carillon.bench.load.Connection]).
@NullMarked
package dev.carillon.bench;

import org.jspecify.annotations.NullMarked;
