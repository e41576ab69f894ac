package dev.carillon.gateway.manage;

import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.PlatformTokenId;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.store.DirectoryStore.Listed;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The operator's part for tokens of both kinds.
final class AdminTokens {
  private static final int NAME_CHARS = 100;

  private final Directory directory;
  private final Shown shown;
  private final TermsReader terms;

  AdminTokens(Directory directory, CatalogIds ids) {
    this.directory = directory;
    this.shown = new Shown(directory);
    this.terms = new TermsReader(ids);
  }

  static Optional<AccountId> accountAsked(Call call) {
    return call.query("account_id")
        .map(text -> AccountId.parse(text).orElseThrow(() -> Directory.unknown("account")));
  }

  Reply list(Call call) {
    List<Application> applications =
        call.query("application_id")
            .map(text -> List.of(application(text)))
            .orElseGet(() -> directory.applications(accountAsked(call)));
    List<Listed> found =
        applications.stream()
            .flatMap(one -> directory.credentials(one.id()).stream())
            .limit(Page.MOST_OFFSET)
            .toList();
    return Page.of(call).reply(found, shown::credential);
  }

  private Application application(String id) {
    return ApplicationId.parse(id)
        .map(directory::application)
        .orElseThrow(() -> Directory.unknown("application"));
  }

  Reply get(Call call) {
    return Shown.ok(shown.credential(inPath(call)));
  }

  private Listed inPath(Call call) {
    return CredentialId.parse(call.pathParameter("id").orElse(""))
        .map(directory::credential)
        .orElseThrow(() -> Directory.unknown("credential"));
  }

  Reply create(Call call) {
    Body body = Body.of(call).only(with("application_id"));
    Application owner =
        application(
            body.text("application_id", NAME_CHARS)
                .orElseThrow(() -> Body.fault("application_id is required")));
    return Shown.created(
        shown.issued(directory.createCredential(owner.id(), terms.fresh(body, owner))));
  }

  private static String[] with(String more) {
    return Stream.concat(Arrays.stream(TermsReader.FIELDS), Stream.of(more)).toArray(String[]::new);
  }

  Reply change(Call call) {
    Listed before = inPath(call);
    Body body = Body.of(call).only(TermsReader.FIELDS);
    Application owner = directory.application(before.credential().application());
    return Shown.ok(
        shown.credential(
            directory.change(before.credential().id(), terms.changed(body, owner, before))));
  }

  Reply revoke(Call call) {
    Listed before = inPath(call);
    directory.revoke(before.credential().id());
    return Shown.ok(shown.credential(directory.credential(before.credential().id())));
  }

  Reply rotate(Call call) {
    Listed before = inPath(call);
    Duration overlap =
        Body.of(call)
            .only("overlap")
            .duration("overlap", Directory.LONGEST_OVERLAP)
            .orElse(Duration.ZERO);
    return Shown.ok(shown.issued(directory.rotate(before.credential().id(), overlap)));
  }

  // --- platform tokens ---

  Reply listPlatform(Call call) {
    return Page.of(call).reply(directory.platformTokens(accountAsked(call)), shown::platformToken);
  }

  Reply createPlatform(Call call) {
    Body body = Body.of(call).only("account_id", "name", "expired_at");
    AccountId owner =
        body.text("account_id", NAME_CHARS)
            .map(text -> AccountId.parse(text).orElseThrow(() -> Directory.unknown("account")))
            .orElseGet(() -> directory.onlyAccount().id());
    Directory.IssuedPlatform issued =
        directory.createPlatformToken(
            owner, body.text("name", NAME_CHARS).orElse(""), body.time("expired_at"));
    return Shown.created(shown.platformToken(issued.stored()).put("token", issued.token()));
  }

  Reply revokePlatform(Call call) {
    PlatformTokenId id =
        PlatformTokenId.parse(call.pathParameter("id").orElse(""))
            .orElseThrow(() -> Directory.unknown("platform token"));
    directory.revoke(id);
    return Shown.ok(Shown.object().put("id", id.toString()).put("revoked", true));
  }
}
