package dev.carillon.client.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.client.webhook.Inbox.Put;
import org.junit.jupiter.api.Test;

final class MemoryInboxTest extends InboxLaws {
  @Override
  Inbox inbox() {
    return new MemoryInbox(CAPACITY, 1_000);
  }

  @Test
  void beyond_its_bound_the_oldest_closed_id_is_forgotten() {
    var inbox = new MemoryInbox(10, 2);
    for (String id : new String[] {"a", "b", "c"}) {
      inbox.put(event(id), NOON);
      inbox.done(inbox.claim(NOON, NOON.plus(LEASE)).orElseThrow(), NOON);
    }

    assertThat(inbox.put(event("b"), NOON)).isEqualTo(Put.KNOWN);
    assertThat(inbox.put(event("c"), NOON)).isEqualTo(Put.KNOWN);
    assertThat(inbox.put(event("a"), NOON)).isEqualTo(Put.TAKEN);
  }
}
