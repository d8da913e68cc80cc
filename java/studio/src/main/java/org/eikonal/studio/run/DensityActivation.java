package org.eikonal.studio.run;

/** What makes a density of what the network answers; the engine's own formulas, clamped as they are there. */
enum DensityActivation {
    EXPONENTIAL("Exponential") {
        @Override
        double of(double raw) {
            return Math.exp(Math.max(-15, Math.min(15, raw)));
        }
    },
    RELU("ReLU") {
        @Override
        double of(double raw) {
            return Math.max(0, raw);
        }
    },
    SOFTPLUS("Softplus") {
        @Override
        double of(double raw) {
            return (Math.max(0, 10 * raw) + Math.log1p(Math.exp(-Math.abs(10 * raw)))) / 10;
        }
    },
    SQUAREPLUS("Squareplus") {
        @Override
        double of(double raw) {
            return (raw + Math.sqrt(raw * raw + 4.0 / 100)) / 2;
        }
    };

    private final String key;

    DensityActivation(String key) {
        this.key = key;
    }

    abstract double of(double raw);

    /** @throws RunException if densities are made by another one */
    static DensityActivation named(String key) {
        for (DensityActivation activation : values()) {
            if (activation.key.equals(key)) {
                return activation;
            }
        }
        throw new RunException("density_activation is " + key + "; density can be read of fields with Exponential,"
                + " ReLU, Softplus or Squareplus: train another run with one of these");
    }
}
