package dev.carillon.gateway.feed;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Spelling;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import java.util.List;

/// Checks query strings where the API is strict: a filter with a typing mistake must not silently
/// filter nothing.
final class Queries {
  private Queries() {}

  /// Nothing but these parameters.
  ///
  /// @throws Problem `bad_request` that names the first unknown one and what was probably meant
  static void only(Call call, String... known) {
    List<String> names = List.of(known);
    call.queryNames().stream()
        .filter(name -> !names.contains(name))
        .findFirst()
        .ifPresent(name -> {
          throw new Problem(
              ErrorCode.BAD_REQUEST,
              "there is no query parameter '" + name + "' here" + Spelling.hint(name, names));
        });
  }
}
