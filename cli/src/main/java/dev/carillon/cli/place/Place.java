package dev.carillon.cli.place;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/// A gateway's address and the token for it.
///
/// @param url without a slash at its end and without `/v1`
public record Place(URI url, String token) {
  /// Where `carillon serve` listens unless told otherwise.
  public static final String USUAL_URL = "http://127.0.0.1:8080";

  /// What was given on the command line; each may be empty.
  public record Flags(String url, String token, String profile) {}

  /// An address and a token, of which either may be missing.
  private record Source(Optional<String> url, Optional<String> token) {}

  /// The place that flags, profiles and environment name. Flags go before everything. All else
  /// comes from one source, the named profile, or the environment, or the default profile, so that
  /// no token is sent to another gateway than its own.
  ///
  /// @throws CommandFailure with what to give, when it cannot be told
  public static Place of(Flags flags, Map<String, String> environment) {
    Source source = source(flags, environment);
    String url = text(flags.url).or(source::url).orElse(USUAL_URL);
    String token =
        text(flags.token)
            .or(source::token)
            .orElseThrow(() ->
                new CommandFailure(
                    CommandFailure.USAGE,
                    "no token; give one with --token, in CARILLON_TOKEN or in a profile"
                        + " (the first `carillon serve` prints one)"));
    return new Place(http("--url", url.replaceFirst("/+$", "").replaceFirst("/v1$", "")), token);
  }

  private static Source source(Flags flags, Map<String, String> environment) {
    Optional<String> named = text(flags.profile).or(() -> value(environment, "CARILLON_PROFILE"));
    if (named.isPresent()) {
      return of(Profiles.read(environment).get(named.get()));
    }
    var fromEnvironment =
        new Source(
            value(environment, "CARILLON_URL")
                .or(() -> value(environment, "ACEDATACLOUD_API_BASE_URL")),
            value(environment, "CARILLON_TOKEN")
                .or(() -> value(environment, "ACEDATACLOUD_API_TOKEN")));
    boolean told =
        fromEnvironment.url.isPresent()
            || fromEnvironment.token.isPresent()
            || text(flags.url).isPresent()
            || text(flags.token).isPresent();
    return told
        ? fromEnvironment
        : Profiles.read(environment).usual().map(Place::of).orElse(fromEnvironment);
  }

  private static Source of(Profiles.Profile profile) {
    return new Source(text(profile.url()), text(profile.token()));
  }

  private static Optional<String> value(Map<String, String> environment, String name) {
    return text(environment.getOrDefault(name, ""));
  }

  private static Optional<String> text(String text) {
    return Optional.of(text.strip()).filter(stripped -> !stripped.isEmpty());
  }

  /// A text that is an http URL.
  ///
  /// @throws CommandFailure with what to write instead
  public static URI http(String name, String text) {
    try {
      URI uri = URI.create(text);
      if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException notAUrl) {
      // told below
    }
    throw new CommandFailure(
        CommandFailure.USAGE,
        name + " must be a URL such as http://localhost:3000/hook, but it is " + text);
  }

  /// Hides the token.
  @Override
  public String toString() {
    return url.toString();
  }
}
