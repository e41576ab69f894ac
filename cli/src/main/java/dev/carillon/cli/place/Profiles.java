package dev.carillon.cli.place;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The gateways that a person has given names, from `carillon/profiles.yaml` in the folder of
/// configurations (`XDG_CONFIG_HOME`, or `~/.config`):
///
/// ```
/// default: local
/// profiles:
///   local: {url: "http://127.0.0.1:8080", token: "…"}
/// ```
///
/// @param usualName the profile used when nothing is named; may be empty
record Profiles(Path file, String usualName, Map<String, Profile> profiles) {
  /// An address and a token; either may be empty.
  record Profile(String url, String token) {}

  /// Reads the file; none is no profiles.
  static Profiles read(Map<String, String> environment) {
    Path file = file(environment);
    try {
      JsonNode yaml = new YAMLMapper().readTree(Files.readAllBytes(file));
      var profiles = new LinkedHashMap<String, Profile>();
      yaml.path("profiles")
          .properties()
          .forEach(entry ->
              profiles.put(
                  entry.getKey(),
                  new Profile(
                      entry.getValue().path("url").asString(""),
                      entry.getValue().path("token").asString(""))));
      return new Profiles(file, yaml.path("default").asString(""), profiles);
    } catch (NoSuchFileException none) {
      return new Profiles(file, "", Map.of());
    } catch (IOException | JacksonException unreadable) {
      throw new CommandFailure(
          CommandFailure.USAGE, file + " cannot be read: " + unreadable.getMessage());
    }
  }

  private static Path file(Map<String, String> environment) {
    String folder = environment.getOrDefault("XDG_CONFIG_HOME", "");
    Path configurations =
        folder.isBlank()
            ? Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), ".config")
            : Path.of(folder);
    return configurations.resolve("carillon").resolve("profiles.yaml");
  }

  /// @throws CommandFailure when there is none of this name
  Profile get(String name) {
    return Optional.ofNullable(profiles.get(name))
        .orElseThrow(() ->
            new CommandFailure(
                CommandFailure.USAGE,
                "there is no profile '%s' in %s; %s"
                    .formatted(
                        name,
                        file,
                        profiles.isEmpty()
                            ? "write one: profiles: {" + name + ": {url: …, token: …}}"
                            : "it has: " + String.join(", ", profiles.keySet()))));
  }

  Optional<Profile> usual() {
    return usualName.isBlank() ? Optional.empty() : Optional.of(get(usualName));
  }
}
