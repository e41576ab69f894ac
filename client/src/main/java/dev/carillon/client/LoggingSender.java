package dev.carillon.client;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// Writes one line for each call: what, how it ended, how long it took. Tokens and bodies are not
/// written, nor the query, where a cursor may be.
final class LoggingSender implements Sender {
  private static final long NANOS_OF_MILLI = 1_000_000;

  private final Sender next;
  private final Logger log;

  LoggingSender(Sender next, Logger log) {
    this.next = next;
    this.log = log;
  }

  @Override
  public Reply send(Call call) throws InterruptedException {
    long began = System.nanoTime();
    try {
      Reply reply = next.send(call);
      log.log(Level.DEBUG, () -> line(call, "" + reply.status(), began));
      return reply;
    } catch (TransportException e) {
      log.log(Level.WARNING, () -> line(call, "no_answer", began));
      throw e;
    }
  }

  private static String line(Call call, String end, long began) {
    long millis = (System.nanoTime() - began) / NANOS_OF_MILLI;
    int query = call.path().indexOf('?');
    String path = query < 0 ? call.path() : call.path().substring(0, query);
    return "call.ended method=" + call.method() + " path=" + path + " end=" + end + " ms=" + millis;
  }
}
