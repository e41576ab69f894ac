package dev.carillon.gateway.catalog;

import dev.carillon.gateway.domain.Limits.Ceiling;
import dev.carillon.gateway.domain.Rate;
import java.math.BigDecimal;
import java.util.Optional;

/// Reads what a service file says each application may ask of the service at most.
record CeilingReader(Mistakes mistakes) {
  private static final int MOST = 1_000_000;
  private static final String PACE = "create-per-second";
  private static final String BURST = "create-burst";
  private static final String OPEN = "open-tasks";

  Ceiling ceiling(YamlObject yaml) {
    if (yaml.node().isMissingNode()) {
      return Ceiling.NONE;
    }
    yaml.known(YamlObject.keys(PACE + " " + BURST + " " + OPEN));
    return new Ceiling(rate(yaml), whole(yaml, OPEN));
  }

  private Optional<Rate> rate(YamlObject yaml) {
    Optional<Integer> burst = whole(yaml, BURST);
    if (!yaml.has(PACE)) {
      if (yaml.has(BURST)) {
        mistakes.add(yaml.at(BURST), "needs " + PACE + " beside it");
      }
      return Optional.empty();
    }
    try {
      var pace = new BigDecimal(yaml.text(PACE));
      if (pace.compareTo(BigDecimal.valueOf(MOST)) <= 0) {
        int usual = Math.max(1, pace.intValue());
        return Optional.of(Rate.perSecond(pace, burst.orElse(usual)));
      }
    } catch (IllegalArgumentException | ArithmeticException notAPace) {
      // The one message below says what is wanted in either case.
    }
    mistakes.add(
        yaml.at(PACE), "must be more than 0, at most " + MOST + ", with at most three decimals");
    return Optional.empty();
  }

  private Optional<Integer> whole(YamlObject yaml, String key) {
    if (!yaml.has(key)) {
      return Optional.empty();
    }
    String text = yaml.text(key);
    if (text.matches("[1-9][0-9]{0,6}") && Integer.parseInt(text) <= MOST) {
      return Optional.of(Integer.valueOf(text));
    }
    mistakes.add(yaml.at(key), "must be a whole number from 1 to " + MOST);
    return Optional.empty();
  }
}
