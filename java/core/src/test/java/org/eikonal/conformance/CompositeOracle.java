package org.eikonal.conformance;

import java.util.Arrays;
import java.util.List;
import org.eikonal.EncodingConfig;

/**
 * Encodings that each see a slice of the inputs, in float64: their outputs side by side, added up, or multiplied.
 * Parameters are the parts' own, one after the other.
 */
record CompositeOracle(int inputs, String reduction, List<Part> parts) implements PointMap {
    /**
     * A part.
     *
     * @param first of the inputs that it sees
     */
    record Part(int first, EncodingConfig config, PointMap oracle) {}

    EncodingConfig config() {
        EncodingConfig.Composite builder = EncodingConfig.composite().reduction(reduction);
        for (Part part : parts) {
            builder.add(part.first, part.oracle.inputs(), part.config);
        }
        return builder.build();
    }

    private boolean concatenates() {
        return reduction.equals("Concatenation");
    }

    @Override
    public int outputs() {
        return concatenates()
                ? parts.stream().mapToInt(part -> part.oracle.outputs()).sum() : parts.get(0).oracle.outputs();
    }

    @Override
    public int parameters() {
        return parts.stream().mapToInt(part -> part.oracle.parameters()).sum();
    }

    private static double[] slice(double[] values, int from, int count) {
        return Arrays.copyOfRange(values, from, from + count);
    }

    /** What each part says. */
    private double[][] values(double[] parameters, double[] x) {
        double[][] values = new double[parts.size()][];
        int at = 0;
        for (int i = 0; i < values.length; i++) {
            PointMap oracle = parts.get(i).oracle;
            values[i] = oracle.forward(slice(parameters, at, oracle.parameters()),
                    slice(x, parts.get(i).first, oracle.inputs()));
            at += oracle.parameters();
        }
        return values;
    }

    @Override
    public double[] forward(double[] parameters, double[] x) {
        double[] out = new double[outputs()];
        Arrays.fill(out, reduction.equals("Product") ? 1 : 0);
        int first = 0;
        for (double[] values : values(parameters, x)) {
            for (int k = 0; k < values.length; k++) {
                switch (reduction) {
                    case "Sum" -> out[k] += values[k];
                    case "Product" -> out[k] *= values[k];
                    default -> out[first + k] = values[k];
                }
            }
            first += values.length;
        }
        return out;
    }

    @Override
    public double[] backward(double[] parameters, double[] x, double[] outputGradients, double[] parameterGradients) {
        double[][] values = values(parameters, x);
        double[] back = new double[inputs];
        int at = 0;
        int first = 0;
        for (int i = 0; i < values.length; i++) {
            PointMap oracle = parts.get(i).oracle;
            double[] slopes = slice(outputGradients, concatenates() ? first : 0, oracle.outputs());
            for (int other = 0; other < values.length && reduction.equals("Product"); other++) {
                for (int k = 0; k < slopes.length; k++) {
                    slopes[k] *= other == i ? 1 : values[other][k];
                }
            }
            double[] own = new double[oracle.parameters()];
            double[] toInputs = oracle.backward(slice(parameters, at, own.length),
                    slice(x, parts.get(i).first, oracle.inputs()), slopes, own);
            for (int k = 0; k < toInputs.length; k++) {
                back[parts.get(i).first + k] += toInputs[k];
            }
            for (int k = 0; k < own.length; k++) {
                parameterGradients[at + k] += own[k];
            }
            at += own.length;
            first += oracle.outputs();
        }
        return back;
    }
}
