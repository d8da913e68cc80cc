package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.eikonal.Model;

/** Holds a model to its oracle: values, gradients of the inputs, gradients of the parameters. */
final class ModelCheck {
    /** Compares what the oracle expects with what the kernel gave. */
    interface Comparison {
        void check(String what, double[] expected, float[] actual);
    }

    private ModelCheck() {}

    /** Every number within the tolerance, relative to the largest of its kind. */
    static void close(String what, Model model, PointMap oracle, float[] parameters, float[] inputs, float[] slopes,
            double tolerance) {
        check(what, model, oracle, parameters, inputs, slopes, (name, e, a) -> Check.close(name, e, a, tolerance));
    }

    /** To the last bit: for numbers whose sums and products are exact at every precision. */
    static void exact(String what, Model model, PointMap oracle, float[] parameters, float[] inputs, float[] slopes) {
        check(what, model, oracle, parameters, inputs, slopes, (name, e, a) -> Check.within(name, e, a, 0));
    }

    static void check(String what, Model model, PointMap oracle, float[] parameters, float[] inputs, float[] slopes,
            Comparison comparison) {
        int n = inputs.length / oracle.inputs();
        assertEquals(oracle.inputs(), model.inputs(), what);
        assertEquals(oracle.outputs(), model.outputs(), what);
        assertEquals(oracle.parameters(), model.parameterCount(), what);
        double[] wide = Draws.wide(parameters);
        double[] outputs = new double[n * oracle.outputs()];
        double[] inputGradients = new double[inputs.length];
        double[] parameterGradients = new double[parameters.length];
        for (int i = 0; i < n; i++) {
            double[] x = Draws.row(inputs, i, oracle.inputs());
            System.arraycopy(oracle.forward(wide, x), 0, outputs, i * oracle.outputs(), oracle.outputs());
            double[] back = oracle.backward(wide, x, Draws.row(slopes, i, oracle.outputs()), parameterGradients);
            System.arraycopy(back, 0, inputGradients, i * back.length, back.length);
        }
        model.setParameters(parameters);
        model.zeroGradients();
        comparison.check(what + ", outputs", outputs, model.forward(inputs));
        float[] back = model.backward(inputs, slopes);
        comparison.check(what + ", gradients of inputs", inputGradients, back);
        float[] gradients = model.gradients();
        comparison.check(what + ", gradients of parameters", parameterGradients, gradients);

        assertArrayEquals(back, model.backwardToInputs(inputs, slopes), what + ": asked for inputs alone");
        assertArrayEquals(gradients, model.gradients(), what + ": inputs alone leave parameters' gradients as they are");
        model.zeroGradients();
        model.backwardToParameters(inputs, slopes);
        Check.repeated(what + ": asked for parameters alone", model, gradients, model.gradients());
        assertArrayEquals(parameters, model.parameters(), what + ": parameters stay");
    }

    /** The oracle's own derivatives against central differences of its values, in float64. */
    static void differences(String what, PointMap oracle, double[] parameters, double[] x, double[] slopes) {
        double h = 1e-6;
        double[] parameterGradients = new double[parameters.length];
        double[] inputGradients = oracle.backward(parameters, x, slopes, parameterGradients);
        double[] at = x.clone();
        for (int i = 0; i < x.length; i++) {
            at[i] = x[i] + h;
            double above = dot(oracle.forward(parameters, at), slopes);
            at[i] = x[i] - h;
            double below = dot(oracle.forward(parameters, at), slopes);
            at[i] = x[i];
            equal((above - below) / (2 * h), inputGradients[i], what + ": by input " + i);
        }
        double[] p = parameters.clone();
        for (int i = 0; i < p.length; i++) {
            p[i] = parameters[i] + h;
            double above = dot(oracle.forward(p, x), slopes);
            p[i] = parameters[i] - h;
            double below = dot(oracle.forward(p, x), slopes);
            p[i] = parameters[i];
            equal((above - below) / (2 * h), parameterGradients[i], what + ": by parameter " + i);
        }
    }

    private static void equal(double expected, double actual, String what) {
        assertEquals(expected, actual, 1e-5 * Math.max(1, Math.abs(expected)), what);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
