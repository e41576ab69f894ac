package dev.carillon.cli;

import dev.carillon.cli.place.Place;
import java.net.URI;
import java.util.Map;
import picocli.CommandLine.Option;

/// Which gateway a command speaks to, and as whom. A flag goes before the environment.
public final class GatewayOptions {
  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Where the gateway is (CARILLON_URL, or " + Place.USUAL_URL + ").")
  private String url = "";

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "Token of an application (CARILLON_TOKEN).")
  private String token = "";

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "A gateway of ~/.config/carillon/profiles.yaml (CARILLON_PROFILE).")
  private String profile = "";

  /// Made by the command line's reader.
  public GatewayOptions() {}

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
