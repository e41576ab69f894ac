package dev.carillon.cli;

import dev.carillon.cli.place.Place;
import dev.carillon.cli.text.Words;
import java.net.URI;
import java.util.Map;
import picocli.CommandLine.Option;

/// Which gateway a command speaks to, and as whom. A flag goes before the environment.
public final class GatewayOptions {
  private static final String URL =
      "Where the gateway is (CARILLON_URL, or " + Place.USUAL_URL + ").";
  private static final String TOKEN = "Token of an application (CARILLON_TOKEN).";
  private static final String PROFILE =
      "A gateway of ~/.config/carillon/profiles.yaml (CARILLON_PROFILE).";

  @Option(names = "--url", paramLabel = "URL", description = URL)
  private String url = "";

  @Option(names = "--token", paramLabel = "TOKEN", description = TOKEN)
  private String token = "";

  @Option(names = "--profile", paramLabel = "NAME", description = PROFILE)
  private String profile = "";

  /// Made by the command line's reader.
  public GatewayOptions() {}

  /// The same options for a command that is written out.
  public Words addTo(Words words) {
    return words
        .option("--url", "URL", URL, text -> url = text)
        .option("--token", "TOKEN", TOKEN, text -> token = text)
        .option("--profile", "NAME", PROFILE, text -> profile = text);
  }

  /// Where to and as whom.
  ///
  /// @throws dev.carillon.cli.place.CommandFailure with what to give, when it cannot be told
  public Place place(Map<String, String> environment) {
    return Place.of(new Place.Flags(url, token, profile), environment);
  }

  /// The flags that lead another command to the same gateway, with a space before each; without the
  /// token, which must not be shown.
  public String again() {
    return (url.isBlank() ? "" : " --url " + url)
        + (profile.isBlank() ? "" : " --profile " + profile);
  }

  /// The gateway, for what is read as a stream.
  public GatewayApi gateway(Map<String, String> environment) {
    Place place = place(environment);
    return new GatewayApi(place.url(), place.token());
  }

  static URI http(String name, String text) {
    return Place.http(name, text);
  }
}
