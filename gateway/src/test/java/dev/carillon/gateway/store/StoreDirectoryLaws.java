package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.account.Account;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.Credential;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Grants;
import dev.carillon.gateway.domain.account.PlatformToken;
import dev.carillon.gateway.domain.account.PlatformTokenId;
import dev.carillon.gateway.store.DirectoryStore.Credit;
import dev.carillon.gateway.store.DirectoryStore.Credited;
import dev.carillon.gateway.store.DirectoryStore.FreshToken;
import dev.carillon.gateway.store.DirectoryStore.Labels;
import dev.carillon.gateway.store.TaskStore.Accepted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What every store keeps of accounts, tokens and credit.
abstract class StoreDirectoryLaws extends StoreLaws {

  private Credential token(String hash, Optional<Money> limit) {
    return new Credential(
        credential,
        app,
        "n",
        hash,
        "abc",
        Optional.empty(),
        false,
        START,
        new Grants(Set.of("suno", "midjourney"), Set.of("GET /captcha/x", "/suno/audios"), true),
        limit);
  }

  private Money used() {
    return store.directory().credential(credential).orElseThrow().used();
  }

  private Optional<Credential> found(String hash) {
    return store.access().findByTokenHash(hash).map(AccessStore.Access::credential);
  }

  @Test
  void a_token_is_read_as_it_was_written_and_as_it_was_changed() {
    Credential made = token("h", Optional.of(Money.ofCredits("2.5")));
    store.directory().createCredential(made, new Labels("host", "{\"a\":1}"));
    crash();
    assertThat(found("h")).contains(made);
    assertThat(store.directory().credential(credential).orElseThrow().labels())
        .isEqualTo(new Labels("host", "{\"a\":1}"));

    var changed =
        new Credential(
            credential,
            app,
            "other",
            "h",
            "abc",
            Optional.of(START.plusSeconds(9)),
            false,
            START,
            Grants.ALL,
            Optional.empty());
    assertThat(store.directory().changeCredential(changed, Labels.NONE)).isTrue();

    assertThat(found("h")).contains(changed);
    crash();
    assertThat(found("h")).contains(changed);
    assertThat(store.directory().credentials(app, 10))
        .singleElement()
        .satisfies(listed -> assertThat(listed.credential()).isEqualTo(changed));
  }

  @Test
  void after_a_rotation_the_new_token_works_and_the_old_one_until_its_end() {
    store.directory().createCredential(token("one", Optional.empty()), Labels.NONE);
    assertThat(found("one")).isPresent();
    Instant end = START.plus(Duration.ofHours(1));

    assertThat(store.directory().rotate(credential, new FreshToken("two", "def"), end)).isTrue();

    assertThat(found("two").orElseThrow().expiresAt()).isEmpty();
    assertThat(found("two").orElseThrow().tokenPrefix()).isEqualTo("def");
    assertThat(found("one").orElseThrow().expiresAt()).contains(end);
    assertThat(found("one").orElseThrow().id()).isEqualTo(credential);
    crash();
    assertThat(found("one").orElseThrow().expiresAt()).contains(end);

    store.directory().rotate(credential, new FreshToken("three", "ghi"), end);
    assertThat(found("one").filter(one -> !one.revoked())).isEmpty();
    assertThat(found("two").orElseThrow().expiresAt()).contains(end);
    crash();
    assertThat(found("one")).isEmpty();
  }

  @Test
  void revoking_takes_both_tokens_of_a_rotation_and_ends_rotating() {
    store.directory().createCredential(token("one", Optional.empty()), Labels.NONE);
    store.directory().rotate(credential, new FreshToken("two", "def"), START.plusSeconds(60));
    assertThat(found("one")).isPresent();
    assertThat(found("two")).isPresent();

    store.access().revokeCredential(credential);

    assertThat(found("one").orElseThrow().revoked()).isTrue();
    assertThat(found("two").orElseThrow().revoked()).isTrue();
    assertThat(store.directory().rotate(credential, new FreshToken("x", "x"), START)).isFalse();
    assertThat(found("x")).isEmpty();
  }

  @Test
  void a_tokens_limit_covers_what_it_was_charged_and_what_it_holds() {
    store.directory().createCredential(token("h", Optional.of(Money.ofCredits("3"))), Labels.NONE);
    accept(order("2"));
    assertThat(used()).isEqualTo(Money.ofCredits("2"));
    assertThat(store.tasks().accept(order("1.000001"))).isEqualTo(new Accepted.OverLimit());

    store.tasks().settle(claimOne(), failure());
    assertThat(used()).isEqualTo(Money.ZERO);
    accept(order("3"));
    crash();
    assertThat(store.tasks().accept(order("0.000001"))).isEqualTo(new Accepted.OverLimit());
    assertThat(store.tasks().accept(order("0"))).isInstanceOf(Accepted.Taken.class);

    store.tasks().settle(claimOne(), success());
    assertThat(used()).isEqualTo(Money.ofCredits("3"));
    assertThat(store.directory().used(app)).isEqualTo(Money.ofCredits("3"));
    assertThat(balance()).isEqualTo(Money.ofCredits("7"));
  }

  @Test
  void a_limit_is_raised_and_lifted_at_once() {
    store.directory().createCredential(token("h", Optional.of(Money.ofCredits("1"))), Labels.NONE);
    accept(order("1"));
    assertThat(store.tasks().accept(order("1"))).isEqualTo(new Accepted.OverLimit());

    store.directory().changeCredential(token("h", Optional.of(Money.ofCredits("2"))), Labels.NONE);
    accept(order("1"));
    assertThat(store.tasks().accept(order("1"))).isEqualTo(new Accepted.OverLimit());
    store.directory().changeCredential(token("h", Optional.empty()), Labels.NONE);
    accept(order("1"));

    assertThat(used()).isEqualTo(Money.ofCredits("3"));
  }

  @Test
  void an_empty_balance_is_told_apart_from_a_reached_limit() {
    store
        .directory()
        .createCredential(token("h", Optional.of(Money.ofCredits("1000"))), Labels.NONE);

    assertThat(store.tasks().accept(order("111"))).isEqualTo(new Accepted.UsedUp());
    assertThat(used()).isEqualTo(Money.ZERO);
  }

  @Test
  void the_general_balance_pays_only_while_it_is_allowed() {
    store.directory().changeApplication(app, Optional.empty(), Optional.of(false));
    assertThat(store.tasks().accept(order("11"))).isEqualTo(new Accepted.UsedUp());

    var changed =
        store.directory().changeApplication(app, Optional.of("renamed"), Optional.of(true));
    accept(order("11"));

    assertThat(changed.orElseThrow().name()).isEqualTo("renamed");
    assertThat(store.access().generalBalance(ACCOUNT)).isEqualTo(Money.ofCredits("99"));
    crash();
    assertThat(store.access().application(app).orElseThrow().allowConsumeGlobal()).isTrue();
    assertThat(store.access().application(app).orElseThrow().name()).isEqualTo("renamed");
    assertThat(
            store
                .directory()
                .changeApplication(
                    new ApplicationId(ids.next()), Optional.empty(), Optional.of(true)))
        .isEmpty();
  }

  @Test
  void credit_is_added_once_for_each_id_and_never_below_zero() {
    var credit = new Credit(ids.next(), ACCOUNT, Optional.of(app), Money.ofCredits("5"), START);

    store.directory().credit(credit);
    Credited again = store.directory().credit(credit);

    assertThat(again).isEqualTo(new Credited.Done(credit, Money.ofCredits("15")));
    assertThat(balance()).isEqualTo(Money.ofCredits("15"));
    var much = new Credit(ids.next(), ACCOUNT, Optional.of(app), Money.ofCredits("-16"), START);
    assertThat(store.directory().credit(much))
        .isEqualTo(new Credited.TooLow(Money.ofCredits("15")));
    var general = new Credit(ids.next(), ACCOUNT, Optional.empty(), Money.ofCredits("-100"), START);
    assertThat(store.directory().credit(general)).isInstanceOf(Credited.Done.class);
    crash();
    assertThat(balance()).isEqualTo(Money.ofCredits("15"));
    assertThat(store.access().generalBalance(ACCOUNT)).isEqualTo(Money.ZERO);
    assertThat(store.directory().credits(Optional.of(ACCOUNT), 10))
        .containsAll(List.of(credit, general))
        .doesNotContain(much);
    var nobody = new AccountId(ids.next());
    assertThat(
            store
                .directory()
                .credit(
                    new Credit(ids.next(), nobody, Optional.empty(), Money.ofCredits("1"), START)))
        .isEqualTo(new Credited.Unknown());
  }

  @Test
  void the_last_use_is_noted_and_never_goes_back() {
    store.directory().createCredential(token("h", Optional.empty()), Labels.NONE);

    store.directory().noteUse(Map.of(credential, START.plusSeconds(5)), Map.of());
    store.directory().noteUse(Map.of(credential, START.plusSeconds(3)), Map.of());
    store.directory().noteUse(Map.of(new CredentialId(ids.next()), START), Map.of());

    crash();
    assertThat(store.directory().credential(credential).orElseThrow().usedAt())
        .contains(START.plusSeconds(5));
  }

  @Test
  void accounts_and_their_platform_tokens_are_kept_until_revoked() {
    var account = new Account(new AccountId(ids.next()), "acme", Money.ofCredits("7"), START);
    store.directory().createAccount(account);
    store.directory().createAccount(account);
    var token =
        new PlatformToken(
            new PlatformTokenId(ids.next()),
            account.id(),
            "n",
            "hash",
            "platform-ab",
            Optional.of(START),
            false,
            START,
            Optional.empty());
    store.directory().createPlatformToken(token);

    crash();
    assertThat(store.directory().account(account.id()).orElseThrow().generalBalance())
        .isEqualTo(Money.ofCredits("7"));
    assertThat(store.directory().accounts(10)).extracting(Account::name).contains("acme");
    assertThat(store.directory().findPlatformToken("hash")).contains(token);
    assertThat(store.directory().platformTokens(Optional.of(ACCOUNT), 10)).isEmpty();
    store.directory().noteUse(Map.of(), Map.of(token.id(), START.plusSeconds(1)));
    assertThat(store.directory().revokePlatformToken(token.id())).isTrue();
    assertThat(store.directory().findPlatformToken("hash").orElseThrow())
        .matches(PlatformToken::revoked)
        .matches(one -> one.usedAt().equals(Optional.of(START.plusSeconds(1))));
    assertThat(store.directory().revokePlatformToken(new PlatformTokenId(ids.next()))).isFalse();
  }
}
