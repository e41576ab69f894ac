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
    Optional<Money> left = leftOfToken(wanted);
    Optional<Refusal> refusal = refusal(wanted, room, spendable, left);
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
        .put("spendable", spendable.toString())
        .put("left_of_token", left.map(Money::toString).orElse(null));
    quote.put("would_be_accepted", refusal.isEmpty());
    quote.put("refusal", refusal.map(one -> one.code.wire()).orElse(null));
    quote.put("refused_by", refusal.map(Refusal::by).orElse(null));
    putTimes(quote, wanted.times());
    return Reply.json(200, JSON.writeValueAsString(quote));
  }

  /// Why a request would be refused.
  ///
  /// @param by what would refuse it, as one word
  private record Refusal(ErrorCode code, String by) {}

  /// What the token may still spend; empty where it has no limit of its own.
  private Optional<Money> leftOfToken(Wanted wanted) {
    return store
        .directory()
        .credential(wanted.caller().owner().credential())
        .flatMap(listed -> listed.credential().limit().map(limit -> limit.minus(listed.used())));
  }

  /// In the order in which a creating request is refused.
  private Optional<Refusal> refusal(
      Wanted wanted, Room room, Money spendable, Optional<Money> left) {
    ApplicationId application = wanted.caller().application();
    String service = wanted.endpoint().service();
    Money price = wanted.price();
    if (wanted.isTooDear()) {
      return Optional.of(new Refusal(ErrorCode.MAX_COST_EXCEEDED, "max_cost"));
    }
    if (store.tasks().openTasks(application) >= room.application()) {
      return Optional.of(new Refusal(ErrorCode.TOO_MANY_REQUESTS, "open_tasks"));
    }
    if (store.tasks().openTasks(application, service) >= room.service()) {
      return Optional.of(new Refusal(ErrorCode.TOO_MANY_REQUESTS, "open_tasks_of_service"));
    }
    if (price.isZero()) {
      return Optional.empty();
    }
    if (left.filter(most -> price.compareTo(most) > 0).isPresent()) {
      return Optional.of(new Refusal(ErrorCode.USED_UP, "token_limit"));
    }
    return price.compareTo(spendable) > 0
        ? Optional.of(new Refusal(ErrorCode.USED_UP, "balance"))
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
