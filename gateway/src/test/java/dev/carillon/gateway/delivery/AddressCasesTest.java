package dev.carillon.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every row of the table of addresses, by kind: `url` https names only, `urlhttp` also http and
/// literals, `private` development, `ip` a resolved address.
final class AddressCasesTest {
  private static final String TABLE = "address-cases.tsv";

  @TestFactory
  Stream<DynamicTest> every_row_of_the_table_holds() throws IOException {
    return rows()
        .map(row ->
            DynamicTest.dynamicTest(
                row[0] + " " + row[1] + " is " + row[2],
                () -> assertThat(verdict(row[0], row[1])).as(row[3]).isEqualTo(row[2])));
  }

  private static Stream<String[]> rows() throws IOException {
    try (InputStream in = AddressCasesTest.class.getResourceAsStream(TABLE)) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.startsWith("#")).map(line -> line.split("\t", 4));
    }
  }

  private static String verdict(String kind, String input) {
    return switch (kind) {
      case "ip" -> guard(true, false).permits(InetAddress.ofLiteral(input)) ? "ALLOW" : "IP";
      case "url" -> word(guard(false, false).check(input.translateEscapes()));
      case "urlhttp" -> word(guard(true, false).check(input.translateEscapes()));
      case "private" -> word(guard(true, true).check(input.translateEscapes()));
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private static String word(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Allowed _ -> "ALLOW";
      case Verdict.Refused(var stage, _) -> stage.name();
    };
  }

  private static AddressGuard guard(boolean http, boolean allowPrivate) {
    return new AddressGuard(
        DeliveryConfig.defaults().with(new DeliveryConfig.Addresses(http, allowPrivate)));
  }
}
