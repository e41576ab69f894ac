package dev.carillon.cli;

import picocli.CommandLine.Option;

/// Which part of the feed of events a command reads, and how it shows it.
final class FeedOptions {
  @Option(
      names = "--events",
      paramLabel = "TYPES",
      description = "Only these, such as task.succeeded,task.failed (all).")
  String types = "";

  @Option(
      names = "--since",
      paramLabel = "SPAN|CURSOR",
      description =
          "Where to begin, such as 1h or a cursor (events: with the oldest that is kept; listen:"
              + " where this consumer ended).")
  String since = "";

  @Option(names = "--json", description = "Print one JSON object a line; `events` always does.")
  boolean json;
}
