package dev.carillon.gateway.manage;

import dev.carillon.gateway.access.AdminAccess;
import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.account.Account;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Handler;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.http.Routes;
import dev.carillon.gateway.store.DirectoryStore.Credit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// The admin API under `/admin/v1`: the operator manages every account, by the one admin token.
/// Strict: a field that is none is told.
public final class AdminRoutes {
  private static final String ROOT = "/admin/v1";
  private static final int NAME_CHARS = 100;

  private final Directory directory;
  private final AdminAccess access;
  private final CatalogIds ids;
  private final Shown shown;
  private final AdminTokens tokens;
  private final LimitRoutes limits;

  public AdminRoutes(Directory directory, AdminAccess access, Catalog catalog) {
    this.directory = directory;
    this.access = access;
    this.ids = new CatalogIds(catalog);
    this.shown = new Shown(directory);
    this.tokens = new AdminTokens(directory, ids);
    this.limits = new LimitRoutes(directory, ids);
  }

  /// Adds all routes.
  public Routes addTo(Routes routes) {
    return routes
        .get(ROOT + "/accounts", guarded(this::accounts))
        .post(ROOT + "/accounts", guarded(this::createAccount))
        .get(ROOT + "/accounts/{id}", guarded(this::account))
        .get(ROOT + "/applications", guarded(this::applications))
        .post(ROOT + "/applications", guarded(this::createApplication))
        .get(ROOT + "/applications/{id}", guarded(this::application))
        .patch(ROOT + "/applications/{id}", guarded(this::changeApplication))
        .get(ROOT + "/applications/{id}/limits", guarded(limits::get))
        .patch(ROOT + "/applications/{id}/limits", guarded(limits::change))
        .get(ROOT + "/credentials", guarded(tokens::list))
        .post(ROOT + "/credentials", guarded(tokens::create))
        .get(ROOT + "/credentials/{id}", guarded(tokens::get))
        .patch(ROOT + "/credentials/{id}", guarded(tokens::change))
        .delete(ROOT + "/credentials/{id}", guarded(tokens::revoke))
        .post(ROOT + "/credentials/{id}/rotate", guarded(tokens::rotate))
        .get(ROOT + "/platform-tokens", guarded(tokens::listPlatform))
        .post(ROOT + "/platform-tokens", guarded(tokens::createPlatform))
        .delete(ROOT + "/platform-tokens/{id}", guarded(tokens::revokePlatform))
        .get(ROOT + "/credits", guarded(this::credits))
        .post(ROOT + "/credits", guarded(this::addCredit))
        .get(ROOT + "/balances", guarded(this::balances))
        .get(ROOT + "/usage", guarded(this::usage));
  }

  private Handler guarded(Handler handler) {
    return call -> {
      access.admit(call);
      return handler.handle(call);
    };
  }

  // --- accounts ---

  private Reply accounts(Call call) {
    return Page.of(call).reply(directory.accounts(), shown::account);
  }

  private Reply account(Call call) {
    return Shown.ok(shown.account(directory.account(accountInPath(call))));
  }

  private static AccountId accountInPath(Call call) {
    return AccountId.parse(call.pathParameter("id").orElse(""))
        .orElseThrow(() -> Directory.unknown("account"));
  }

  private Reply createAccount(Call call) {
    Body body = Body.of(call).only("name", "credit");
    Account made =
        directory.createAccount(
            body.text("name", NAME_CHARS).orElse(""), body.limit("credit").orElse(Money.ZERO));
    return Shown.created(shown.account(made));
  }

  // --- applications ---

  private Reply applications(Call call) {
    Optional<AccountId> account = AdminTokens.accountAsked(call);
    Optional<String> name = call.query("name");
    List<Application> found =
        directory.applications(account).stream()
            .filter(one -> name.isEmpty() || name.get().equals(one.name()))
            .toList();
    return Page.of(call).reply(found, shown::application);
  }

  private Reply application(Call call) {
    return Shown.ok(shown.application(inPath(call)));
  }

  private Application inPath(Call call) {
    return ApplicationId.parse(call.pathParameter("id").orElse(""))
        .map(directory::application)
        .orElseThrow(() -> Directory.unknown("application"));
  }

  private Reply createApplication(Call call) {
    Body body =
        Body.of(call).only("account_id", "name", "service", "allow_consume_global", "credit");
    AccountId owner =
        body.text("account_id", NAME_CHARS)
            .map(text -> AccountId.parse(text).orElseThrow(() -> Directory.unknown("account")))
            .orElseGet(() -> directory.onlyAccount().id());
    Optional<String> service =
        body.text("service", NAME_CHARS)
            .map(asked ->
                ids.service(asked)
                    .orElseThrow(() -> Body.fault("service: there is no service '" + asked + "'")));
    Money credit = body.limit("credit").orElse(Money.ZERO);
    if (service.isEmpty() && !credit.isZero()) {
      throw Body.fault("credit: an application of all services has no balance of its own");
    }
    Application made =
        directory.createApplication(
            owner,
            body.text("name", NAME_CHARS).orElse(service.orElse("general")),
            service,
            body.flag("allow_consume_global").orElse(false));
    if (!credit.isZero()) {
      directory.credit(credit(directory.freshId(), made, credit));
    }
    return Shown.created(shown.application(directory.application(made.id())));
  }

  private Credit credit(UUID id, Application to, Money amount) {
    return new Credit(id, to.account(), Optional.of(to.id()), amount, directory.clock().instant());
  }

  private Reply changeApplication(Call call) {
    Application before = inPath(call);
    Body body = Body.of(call).only("name", "disabled", "allow_consume_global");
    Optional<String> name = body.text("name", NAME_CHARS);
    Optional<Boolean> allow = body.flag("allow_consume_global");
    Optional<Boolean> disabled = body.flag("disabled");
    if (name.isPresent() || allow.isPresent()) {
      directory.change(before.id(), name, allow);
    }
    disabled.ifPresent(flag -> directory.disable(before.id(), flag));
    return Shown.ok(shown.application(directory.application(before.id())));
  }

  // --- credit ---

  private Reply credits(Call call) {
    Optional<AccountId> account = AdminTokens.accountAsked(call);
    return Page.of(call).reply(directory.credits(account, Page.MOST_OFFSET), shown::credit);
  }

  /// A repeat with the same `id` adds nothing.
  private Reply addCredit(Call call) {
    Body body = Body.of(call).only("id", "account_id", "application_id", "amount");
    Money amount =
        body.money("amount")
            .filter(given -> !given.isZero())
            .orElseThrow(() -> Body.fault("amount is required and must not be 0"));
    UUID id =
        body.text("id", NAME_CHARS)
            .map(text ->
                ApplicationId.parse(text)
                    .map(ApplicationId::value)
                    .orElseThrow(() -> Body.fault("id must be a UUID")))
            .orElseGet(directory::freshId);
    Credit wanted = wanted(body, id, amount);
    var done = directory.credit(wanted);
    if (!done.credit().amount().equals(amount)
        || !done.credit().application().equals(wanted.application())) {
      throw Body.fault("id: another credit has this id already");
    }
    ObjectNode shownCredit = shown.credit(done.credit());
    return Shown.created(shownCredit.put("balance", Shown.number(done.balance())));
  }

  private Credit wanted(Body body, UUID id, Money amount) {
    Optional<String> application = body.text("application_id", NAME_CHARS);
    if (application.isPresent()) {
      Application to =
          ApplicationId.parse(application.get())
              .map(directory::application)
              .orElseThrow(() -> Directory.unknown("application"));
      if (to.service().isEmpty()) {
        throw Body.fault(
            "application_id: an application of all services is paid from its account's balance;"
                + " send account_id");
      }
      return credit(id, to, amount);
    }
    AccountId account =
        body.text("account_id", NAME_CHARS)
            .map(text -> AccountId.parse(text).orElseThrow(() -> Directory.unknown("account")))
            .orElseGet(() -> directory.onlyAccount().id());
    return new Credit(id, account, Optional.empty(), amount, directory.clock().instant());
  }

  /// The general balance of each account and the instance balances of its applications.
  private Reply balances(Call call) {
    Optional<AccountId> asked = AdminTokens.accountAsked(call);
    List<Account> accounts =
        directory.accounts().stream()
            .filter(one -> asked.isEmpty() || asked.get().equals(one.id()))
            .toList();
    return Page.of(call).reply(accounts, this::balance);
  }

  private ObjectNode balance(Account account) {
    ObjectNode node = shown.account(account);
    var applications = node.putArray("applications");
    directory.applications(Optional.of(account.id())).stream()
        .filter(one -> one.service().isPresent())
        .limit(Page.MOST)
        .forEach(one -> applications.add(shown.application(one)));
    return node;
  }

  private Reply usage(Call call) {
    Optional<ApplicationId> application =
        call.query("application_id")
            .map(text ->
                ApplicationId.parse(text).orElseThrow(() -> Directory.unknown("application")));
    return UsageReport.asked(call, directory.clock().instant())
        .reply(call, directory.store().usage(), application, _ -> true);
  }
}
