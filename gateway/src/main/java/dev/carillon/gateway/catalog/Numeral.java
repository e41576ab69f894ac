package dev.carillon.gateway.catalog;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// A number in a range or of a closed set.
///
/// @param whole whether it has no fraction
/// @param min the least value
/// @param max the greatest value
/// @param set the only values allowed; empty for all in the range
record Numeral(boolean whole, BigDecimal min, BigDecimal max, List<BigDecimal> set)
    implements Rule {
  /// What clients send where a number is left to the maker; it counts as not sent.
  private static final String CHOOSE = "auto";

  private static final int LONGEST = 40;
  private static final int MAX_SCALE = 60;

  @Override
  public JsonNode clean(JsonNode value, String at, List<Fault> faults) {
    if (value.isString() && value.stringValue().strip().equalsIgnoreCase(CHOOSE)) {
      return Rule.absent();
    }
    Optional<BigDecimal> read = read(value);
    if (read.isEmpty()) {
      return Rule.wrongType(this, value, at, faults);
    }
    BigDecimal number = read.get();
    if (fits(number)) {
      return node(number);
    }
    if (number.signum() != 0) {
      faults.add(new Fault(at, at + " must be " + wanted() + ", but " + number + " was sent."));
    }
    return Rule.absent();
  }

  private static Optional<BigDecimal> read(JsonNode value) {
    boolean number = value.isNumber() && Double.isFinite(value.doubleValue());
    String text = number || value.isString() ? value.asString().strip() : "";
    if (text.isEmpty() || text.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      var read = new BigDecimal(text);
      return Math.abs(read.scale()) > MAX_SCALE ? Optional.empty() : Optional.of(read);
    } catch (NumberFormatException noNumber) {
      return Optional.empty();
    }
  }

  private boolean fits(BigDecimal number) {
    if (whole && number.setScale(0, RoundingMode.DOWN).compareTo(number) != 0) {
      return false;
    }
    boolean inRange = number.compareTo(min) >= 0 && number.compareTo(max) <= 0;
    return inRange && (set.isEmpty() || set.stream().anyMatch(one -> one.compareTo(number) == 0));
  }

  private JsonNode node(BigDecimal number) {
    if (whole || number.stripTrailingZeros().scale() <= 0) {
      long value = number.longValue();
      return value == (int) value ? NODES.numberNode((int) value) : NODES.numberNode(value);
    }
    return NODES.numberNode(number.doubleValue());
  }

  @Override
  public String wanted() {
    String kind = whole ? "a whole number" : "a number";
    return set.isEmpty()
        ? kind + " from " + min.toPlainString() + " to " + max.toPlainString()
        : "one of " + set.stream().map(BigDecimal::toPlainString).collect(Collectors.joining(", "));
  }
}
