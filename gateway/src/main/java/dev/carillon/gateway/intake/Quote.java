package dev.carillon.gateway.intake;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Charge;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.TaskStore.Room;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a creating request with `?dry_run=1` is answered: its price and whether it would be
/// accepted, by the balances of this moment. It promises nothing and holds nothing.
record Quote(Store store) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// @param room how many tasks the caller may have open
  Reply of(Wanted wanted, Room room) {
    Application application =
        store
            .access()
            .application(wanted.caller().application())
            .orElseThrow(() -> Problem.of(ErrorCode.INVALID_TOKEN));
    Money general =
        application.service().isEmpty() || application.allowConsumeGlobal()
            ? store.access().generalBalance(application.account())
            : Money.ZERO;
    Money spendable = application.balance().plus(general);
    Optional<ErrorCode> refusal =
        isFull(wanted, room)
            ? Optional.of(ErrorCode.TOO_MANY_REQUESTS)
            : refusal(wanted, spendable);
    ObjectNode quote = JSON.createObjectNode();
    quote.put("dry_run", true);
    quote.put("service", wanted.endpoint().service());
    quote.put("endpoint", wanted.endpoint().key());
    quote.put("price", wanted.price().toString());
    quote.put("currency", Charge.CURRENCY);
    quote
        .putObject("balance")
        .put("instance", application.balance().toString())
        .put("general", general.toString())
        .put("spendable", spendable.toString());
    quote.put("would_be_accepted", refusal.isEmpty());
    refusal.ifPresentOrElse(
        code -> quote.put("refusal", code.wire()), () -> quote.putNull("refusal"));
    putTimes(quote, wanted.times());
    return Reply.json(200, JSON.writeValueAsString(quote));
  }

  private boolean isFull(Wanted wanted, Room room) {
    ApplicationId application = wanted.caller().application();
    String service = wanted.endpoint().service();
    return store.tasks().openTasks(application) >= room.application()
        || store.tasks().openTasks(application, service) >= room.service();
  }

  private static Optional<ErrorCode> refusal(Wanted wanted, Money spendable) {
    if (wanted.isTooDear()) {
      return Optional.of(ErrorCode.MAX_COST_EXCEEDED);
    }
    return !wanted.price().isZero() && wanted.price().compareTo(spendable) > 0
        ? Optional.of(ErrorCode.USED_UP)
        : Optional.empty();
  }

  private static void putTimes(ObjectNode quote, Times times) {
    ObjectNode deadlines = quote.putObject("deadlines");
    put(deadlines, "start_by_seconds", times.startBy());
    put(deadlines, "finish_by_seconds", Optional.of(times.finishBy()));
    put(deadlines, "keep_for_seconds", times.keepFor());
  }

  private static void put(ObjectNode deadlines, String name, Optional<Duration> span) {
    span.ifPresentOrElse(
        value -> deadlines.put(name, value.toMillis() / 1000.0), () -> deadlines.putNull(name));
  }
}
