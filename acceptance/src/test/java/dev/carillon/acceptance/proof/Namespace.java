package dev.carillon.acceptance.proof;

import java.util.List;

/// A network of its own for one node, joined to this one by two cables: by the first it is spoken
/// to and speaks to the provider and to receivers, by the second to the database. A cable that is
/// unplugged here drops what is sent, as a broken switch does.
final class Namespace implements AutoCloseable {
  /// Behind any route that a plugged cable has.
  private static final String LAST = "4096";

  private final String name = "proof" + ProcessHandle.current().pid();

  /// One of the two cables, by the third number of its addresses.
  enum Cable {
    PROVIDER(1),
    DATABASE(2);

    private final int number;

    Cable(int number) {
      this.number = number;
    }

    String here() {
      return "10.213." + number + ".1";
    }

    String there() {
      return "10.213." + number + ".2";
    }

    private String network() {
      return "10.213." + number + ".0/24";
    }
  }

  /// Whether this machine lets us make one.
  static boolean isAllowed() {
    String trial = "proof-try" + ProcessHandle.current().pid();
    return Command.isRoot()
        && Command.succeeds("ip", "netns", "add", trial)
        && Command.succeeds("ip", "netns", "del", trial);
  }

  Namespace() {
    Command.run("ip", "netns", "add", name);
    Command.run("ip", "-n", name, "link", "set", "lo", "up");
    for (Cable cable : Cable.values()) {
      String there = "there" + cable.number;
      Command.run(
          "ip", "link", "add", plug(cable), "type", "veth", "peer", "name", there, "netns", name);
      Command.run("ip", "addr", "add", cable.here() + "/24", "dev", plug(cable));
      // Without it what is sent while unplugged would go to the machine's own network, and whoever
      // stands there might answer. A run that was killed may have left its own.
      Command.run("ip", "route", "replace", "unreachable", cable.network(), "metric", LAST);
      Command.run("ip", "-n", name, "addr", "add", cable.there() + "/24", "dev", there);
      Command.run("ip", "link", "set", plug(cable), "up");
      Command.run("ip", "-n", name, "link", "set", there, "up");
    }
  }

  private String plug(Cable cable) {
    return "pf" + cable.number + "-" + ProcessHandle.current().pid();
  }

  /// What runs a command in it.
  List<String> prefix() {
    return List.of("ip", "netns", "exec", name);
  }

  void unplug(Cable cable) {
    Command.run("ip", "link", "set", plug(cable), "down");
  }

  void plugIn(Cable cable) {
    Command.run("ip", "link", "set", plug(cable), "up");
  }

  @Override
  public void close() {
    Command.run("ip", "netns", "del", name);
    for (Cable cable : Cable.values()) {
      Command.run("ip", "route", "del", "unreachable", cable.network(), "metric", LAST);
    }
  }
}
