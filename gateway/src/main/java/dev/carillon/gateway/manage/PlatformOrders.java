package dev.carillon.gateway.manage;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.access.PlatformAccess;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.http.Routes;
import dev.carillon.gateway.store.DirectoryStore.Credit;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What an account was given, as the orders of the platform API (contract section 1.4). Nothing is
/// sold here: the operator gives credit, and each gift reads as an order that is finished.
final class PlatformOrders {
  private static final int MOST = 10_000;
  private static final String STATE = "Finished";
  private static final String PAY_WAY = "Reward";

  private final Directory directory;
  private final PlatformAccess access;

  PlatformOrders(Directory directory, PlatformAccess access) {
    this.directory = directory;
    this.access = access;
  }

  void addTo(Routes routes, String root) {
    routes
        .get(root + "/orders", this::list)
        .post(root + "/orders", this::create)
        .get(root + "/orders/summary", this::summary)
        .get(root + "/orders/export", this::export)
        .get(root + "/orders/{id}", this::one);
  }

  private Reply list(Call call) {
    return Page.of(call).reply(Page.ordered(call, found(call).reversed()), PlatformOrders::shown);
  }

  private Reply one(Call call) {
    AccountId account = access.admit(call).account();
    String id = call.pathParameter("id").orElse("");
    return given(account).stream()
        .filter(credit -> credit.id().toString().equals(id))
        .findFirst()
        .map(credit -> Shown.ok(shown(credit)))
        .orElseThrow(() -> Directory.unknown("order"));
  }

  private Reply create(Call call) {
    var _ = access.admit(call);
    throw new Problem(
        ErrorCode.API_NOT_IMPLEMENTED,
        "Nothing is sold here; credit is given by the operator of this gateway.");
  }

  private Reply summary(Call call) {
    List<Credit> orders = found(call);
    Money total = orders.stream().map(Credit::amount).reduce(Money.ZERO, Money::plus);
    ObjectNode body = Shown.object().put("count", orders.size());
    body.put("amount", Shown.number(total));
    body.putObject("states").put(STATE, orders.size());
    return Shown.ok(body);
  }

  private Reply export(Call call) {
    var csv = new Csv().line(List.of("id", "created_at", "application_id", "amount", "state"));
    for (Credit credit : found(call)) {
      csv.line(
          List.of(
              credit.id().toString(),
              credit.at().toString(),
              credit.application().map(Object::toString).orElse(""),
              credit.amount().toString(),
              STATE));
    }
    return csv.reply("orders.csv");
  }

  /// Newest first.
  private List<Credit> found(Call call) {
    AccountId account = access.admit(call).account();
    Instant from = time(call, "created_at_from").orElse(Instant.EPOCH);
    Instant to = time(call, "created_at_to").orElse(Instant.MAX);
    boolean any =
        asksFor(call, "state", STATE)
            && asksFor(call, "pay_way", PAY_WAY)
            && asksFor(call, "user_id", account.toString());
    return any
        ? given(account).stream()
            .filter(credit -> !credit.at().isBefore(from) && credit.at().isBefore(to))
            .toList()
        : List.of();
  }

  /// Corrections downwards are no orders.
  private List<Credit> given(AccountId account) {
    return directory.credits(Optional.of(account), MOST).stream()
        .filter(credit -> !credit.amount().isNegative())
        .toList();
  }

  private static boolean asksFor(Call call, String name, String value) {
    List<String> asked = call.queryAll(name);
    return asked.isEmpty() || asked.contains(value);
  }

  private static Optional<Instant> time(Call call, String name) {
    return call.query(name).map(text -> Body.instant(name, text));
  }

  private static ObjectNode shown(Credit credit) {
    ObjectNode node = Shown.object();
    node.put("id", credit.id().toString());
    node.put("user_id", credit.account().toString());
    node.put("application_id", credit.application().map(Object::toString).orElse(null));
    node.put("scope", credit.application().isPresent() ? "Individual" : "Global");
    node.put("state", STATE);
    node.put("pay_way", PAY_WAY);
    node.put("amount", Shown.number(credit.amount()));
    node.put("price", 0);
    node.put("created_at", credit.at().toString());
    return node;
  }
}
