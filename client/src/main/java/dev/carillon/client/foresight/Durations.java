package dev.carillon.client.foresight;

/// How long the tasks of one kind took: the last few of them, taken as log-normal, as durations of
/// such work are. Guarded by its owner.
final class Durations {
  private static final int KEPT = 256;
  private static final int AGAIN_AFTER = 16;
  private static final int PARTS = 200;
  private static final double WIDEST = 4;
  private static final double LEAST_SPREAD = 0.02;

  private final double[] logs = new double[KEPT];
  private int count;
  private int sinceFit;
  private double middle;
  private double spread = 1;
  private double meanSpacing = 1;
  private double meanLooks = 1;

  void add(double seconds) {
    logs[count % KEPT] = Math.log(Math.max(seconds, 1e-3));
    count++;
    sinceFit++;
    if (count <= Foresight.ENOUGH || sinceFit >= AGAIN_AFTER) {
      fit();
    }
  }

  int count() {
    return count;
  }

  double median() {
    return Math.exp(middle);
  }

  /// The mean of 1/√h where tasks end: what the space between two looks is a multiple of.
  double meanSpacing() {
    return meanSpacing;
  }

  /// The mean of √h over a task's life, in the same unit: what its number of looks is a multiple
  /// of.
  double meanLooks() {
    return meanLooks;
  }

  private void fit() {
    sinceFit = 0;
    int kept = Math.min(count, KEPT);
    double sum = 0;
    for (int i = 0; i < kept; i++) {
      sum += logs[i];
    }
    middle = sum / kept;
    double squares = 0;
    for (int i = 0; i < kept; i++) {
      squares += (logs[i] - middle) * (logs[i] - middle);
    }
    spread = Math.max(LEAST_SPREAD, Math.sqrt(squares / Math.max(1, kept - 1)));
    double width = 2 * WIDEST / PARTS;
    double spacing = 0;
    double looks = 0;
    for (int i = 0; i < PARTS; i++) {
      double z = -WIDEST + (i + 0.5) * width;
      double time = Math.exp(middle + spread * z);
      double rate = hazard(time);
      spacing += density(z) * width / Math.sqrt(rate);
      looks += Math.sqrt(rate) * survivors(z) * time * spread * width;
    }
    meanSpacing = spacing;
    meanLooks = looks;
  }

  /// How many of the tasks that reach this age end in the next second, as a rate.
  double hazard(double age) {
    double z = (Math.log(Math.max(age, 1e-3)) - middle) / spread;
    double ratio = z > WIDEST ? z + 1 / z : density(z) / survivors(z);
    return ratio / (Math.max(age, 1e-3) * spread);
  }

  private static double density(double z) {
    return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }

  /// The part of a normal distribution above z: Abramowitz and Stegun 26.2.17, good to 7.5e-8.
  private static double survivors(double z) {
    double t = 1 / (1 + 0.2316419 * Math.abs(z));
    double series =
        t
            * (0.319381530
                + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    double above = density(z) * series;
    return z >= 0 ? above : 1 - above;
  }
}
