/// What stands at the outer border in tests: real parts that misbehave on purpose, and a clock in
/// the hand.
///
/// - [dev.carillon.testkit.Receiver] is a real HTTP/1.1 server on loopback that answers each path
///   as its script of [dev.carillon.testkit.Reaction]s says and keeps every
///   [dev.carillon.testkit.Received] request to the byte.
/// - [dev.carillon.testkit.HandClock] is time that stands still until it is moved.
/// - [dev.carillon.testkit.Await] waits for a condition, never longer than a deadline.
///
/// Nothing here sleeps and hopes: every wait ends when the thing happens, or fails with a sentence
/// that says what did not.
@NullMarked
package dev.carillon.testkit;

import org.jspecify.annotations.NullMarked;
