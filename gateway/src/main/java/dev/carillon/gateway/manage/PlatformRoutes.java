package dev.carillon.gateway.manage;

import dev.carillon.gateway.access.PlatformAccess;
import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.PlatformToken;
import dev.carillon.gateway.domain.account.PlatformTokenId;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.http.Routes;
import dev.carillon.gateway.store.DirectoryStore.Listed;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The platform API under `/api/v1`: an account manages its own applications and tokens, by a
/// platform token (contract section 1.4). Lenient as the rest of the contract: unknown fields and
/// parameters are passed over. What belongs to another account looks unknown.
public final class PlatformRoutes {
  private static final String ROOT = "/api/v1";
  private static final int NAME_CHARS = 100;

  private final Directory directory;
  private final PlatformAccess access;
  private final Catalog catalog;
  private final CatalogIds ids;
  private final Shown shown;
  private final TermsReader terms;

  public PlatformRoutes(Directory directory, PlatformAccess access, Catalog catalog) {
    this.directory = directory;
    this.access = access;
    this.catalog = catalog;
    this.ids = new CatalogIds(catalog);
    this.shown = new Shown(directory);
    this.terms = new TermsReader(ids);
  }

  /// Adds all routes.
  public Routes addTo(Routes routes) {
    new PlatformCatalog(catalog).addTo(routes, ROOT);
    new PlatformDocuments(catalog).addTo(routes, ROOT);
    new PlatformUsage(directory, access, ids).addTo(routes, ROOT);
    new PlatformOrders(directory, access).addTo(routes, ROOT);
    return routes
        .get(ROOT + "/platform-tokens/me", this::me)
        .get(ROOT + "/platform-tokens", this::platformTokens)
        .post(ROOT + "/platform-tokens", this::createPlatformToken)
        .delete(ROOT + "/platform-tokens/{id}", this::deletePlatformToken)
        .get(ROOT + "/applications", this::applications)
        .post(ROOT + "/applications", this::createApplication)
        .get(ROOT + "/applications/{id}", this::application)
        .post(ROOT + "/applications/{id}/update-allow-consume-global", this::allowConsumeGlobal)
        .get(ROOT + "/credentials", this::credentials)
        .post(ROOT + "/credentials", this::createCredential)
        .get(ROOT + "/credentials/{id}", this::credential)
        .patch(ROOT + "/credentials/{id}", this::changeCredential)
        .delete(ROOT + "/credentials/{id}", this::deleteCredential)
        .post(ROOT + "/credentials/{id}/rotate", this::rotate)
        .get(ROOT + "/config", this::config);
  }

  private Reply me(Call call) {
    PlatformToken token = access.admit(call);
    ObjectNode body = shown.account(directory.account(token.account()));
    body.put("username", body.path("name").asString(""));
    body.put("token_id", token.id().toString());
    body.putArray("permissions");
    return Shown.ok(body);
  }

  // --- platform tokens ---

  private Reply platformTokens(Call call) {
    AccountId account = access.admit(call).account();
    List<PlatformToken> mine =
        asks(call, account)
            ? directory.platformTokens(Optional.of(account)).stream()
                .filter(token -> !token.revoked())
                .toList()
            : List.of();
    return Page.of(call).reply(mine, shown::platformToken);
  }

  private Reply createPlatformToken(Call call) {
    AccountId account = access.admit(call).account();
    Body body = Body.of(call);
    Directory.IssuedPlatform issued =
        directory.createPlatformToken(
            account, body.text("name", NAME_CHARS).orElse(""), body.time("expired_at"));
    return Shown.created(shown.platformToken(issued.stored()).put("token", issued.token()));
  }

  private Reply deletePlatformToken(Call call) {
    AccountId account = access.admit(call).account();
    PlatformTokenId id =
        PlatformTokenId.parse(call.pathParameter("id").orElse(""))
            .filter(wanted ->
                directory.platformTokens(Optional.of(account)).stream()
                    .anyMatch(token -> token.id().equals(wanted) && !token.revoked()))
            .orElseThrow(() -> Directory.unknown("platform token"));
    directory.revoke(id);
    return Shown.ok(Shown.object());
  }

  // --- applications ---

  private Reply applications(Call call) {
    AccountId account = access.admit(call).account();
    List<String> services =
        call.queryAll("service_id").stream().map(asked -> ids.service(asked).orElse("?")).toList();
    List<String> scopes = call.queryAll("scope");
    boolean none =
        !asks(call, account)
            || isOnly(call.queryAll("type"), "Period")
            || isOnly(call.queryAll("affiliation"), "granted");
    List<Application> found =
        directory.applications(Optional.of(account)).stream()
            .filter(_ -> !none)
            .filter(one -> services.isEmpty() || services.contains(one.service().orElse("")))
            .filter(one ->
                scopes.isEmpty()
                    || scopes.contains(one.service().isPresent() ? "Individual" : "Global"))
            .toList();
    return Page.of(call).reply(Page.ordered(call, found), shown::application);
  }

  private static boolean isOnly(List<String> asked, String word) {
    return !asked.isEmpty() && asked.stream().allMatch(word::equals);
  }

  /// Whether the call asks for what this account may see: a `user_id` of another sees nothing.
  private static boolean asks(Call call, AccountId account) {
    List<String> users = call.queryAll("user_id");
    return users.isEmpty() || users.contains(account.toString());
  }

  private Reply createApplication(Call call) {
    AccountId account = access.admit(call).account();
    Body body = Body.of(call);
    if (body.text("type", NAME_CHARS).filter(type -> !type.equals("Usage")).isPresent()) {
      throw Body.fault("type must be Usage; applications by period are not offered here");
    }
    boolean global =
        switch (body.text("scope", NAME_CHARS).orElse("Individual")) {
          case "Individual" -> false;
          case "Global" -> true;
          default -> throw Body.fault("scope must be Individual or Global");
        };
    Optional<String> service = global ? Optional.empty() : Optional.of(service(body));
    Application made =
        directory.createApplication(
            account,
            body.text("name", NAME_CHARS).orElse(service.orElse("general")),
            service,
            body.flag("allow_consume_global").orElse(false));
    return Shown.created(shown.application(made));
  }

  private String service(Body body) {
    String asked =
        body.text("service_id", NAME_CHARS)
            .orElseThrow(() -> Body.fault("service_id is required for the scope Individual"));
    return ids.service(asked)
        .orElseThrow(() -> Body.fault("service_id: there is no service '" + asked + "'"));
  }

  private Reply application(Call call) {
    Application found = owned(call, access.admit(call).account());
    ObjectNode body = shown.application(found);
    var credentials = body.putArray("credentials");
    directory.credentials(found.id()).stream()
        .filter(one -> !one.credential().revoked())
        .limit(Page.MOST)
        .forEach(one -> credentials.add(shown.credential(one)));
    return Shown.ok(body);
  }

  private Application owned(Call call, AccountId account) {
    return ApplicationId.parse(call.pathParameter("id").orElse(""))
        .map(directory::application)
        .filter(found -> found.account().equals(account))
        .orElseThrow(() -> Directory.unknown("application"));
  }

  private Reply allowConsumeGlobal(Call call) {
    Application found = owned(call, access.admit(call).account());
    boolean allow =
        Body.of(call)
            .flag("allow_consume_global")
            .orElseThrow(() -> Body.fault("allow_consume_global is required"));
    Application changed = directory.change(found.id(), Optional.empty(), Optional.of(allow));
    return Shown.ok(shown.application(changed));
  }

  // --- credentials ---

  private Reply credentials(Call call) {
    AccountId account = access.admit(call).account();
    List<String> applications = call.queryAll("application_id");
    List<String> hosts = call.queryAll("host");
    List<String> names = call.queryAll("name");
    boolean none = !asks(call, account) || call.query("granted").orElse("").equals("true");
    List<Listed> found =
        directory.applications(Optional.of(account)).stream()
            .filter(_ -> !none)
            .filter(one -> applications.isEmpty() || applications.contains(one.id().toString()))
            .flatMap(one -> directory.credentials(one.id()).reversed().stream())
            .filter(one -> !one.credential().revoked())
            .filter(one -> hosts.isEmpty() || hosts.contains(one.labels().host()))
            .filter(one -> names.isEmpty() || names.contains(one.credential().name()))
            .limit(Page.MOST_OFFSET)
            .toList();
    return Page.of(call).reply(Page.ordered(call, found), shown::credential);
  }

  private Reply createCredential(Call call) {
    AccountId account = access.admit(call).account();
    Body body = Body.of(call);
    Application application =
        ApplicationId.parse(
                body.text("application_id", NAME_CHARS)
                    .orElseThrow(() -> Body.fault("application_id is required")))
            .map(directory::application)
            .filter(found -> found.account().equals(account))
            .orElseThrow(() -> Directory.unknown("application"));
    if (body.text("for_user_id", NAME_CHARS)
        .filter(user -> !user.equals(account.toString()))
        .isPresent()) {
      throw Body.fault("for_user_id: tokens for other users are not offered here");
    }
    return Shown.created(
        shown.issued(directory.createCredential(application.id(), terms.fresh(body, application))));
  }

  private Reply credential(Call call) {
    return Shown.ok(shown.credential(ownedCredential(call)));
  }

  private Listed ownedCredential(Call call) {
    AccountId account = access.admit(call).account();
    return CredentialId.parse(call.pathParameter("id").orElse(""))
        .map(directory::credential)
        .filter(found -> !found.credential().revoked())
        .filter(found ->
            directory.application(found.credential().application()).account().equals(account))
        .orElseThrow(() -> Directory.unknown("credential"));
  }

  private Reply changeCredential(Call call) {
    Listed before = ownedCredential(call);
    Application application = directory.application(before.credential().application());
    return Shown.ok(
        shown.credential(
            directory.change(
                before.credential().id(), terms.changed(Body.of(call), application, before))));
  }

  /// The body is an object, since official clients read one.
  private Reply deleteCredential(Call call) {
    directory.revoke(ownedCredential(call).credential().id());
    return Shown.ok(Shown.object());
  }

  /// The token before stops at once, unless an `overlap` is asked for.
  private Reply rotate(Call call) {
    Listed before = ownedCredential(call);
    Duration overlap =
        Body.of(call).duration("overlap", Directory.LONGEST_OVERLAP).orElse(Duration.ZERO);
    return Shown.ok(shown.issued(directory.rotate(before.credential().id(), overlap)));
  }

  /// Nothing is paid per request here, so there is no discount for it.
  private Reply config(Call call) {
    access.admit(call);
    ObjectNode body = Shown.object();
    body.putObject("features").put("DISCOUNT_FOR_X402", 0);
    return Shown.ok(body);
  }
}
