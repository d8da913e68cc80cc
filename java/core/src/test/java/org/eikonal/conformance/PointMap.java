package org.eikonal.conformance;

/** A differentiable map of one point in float64, with parameters: what an oracle of a module is. */
interface PointMap {
    int inputs();

    int outputs();

    int parameters();

    double[] forward(double[] parameters, double[] x);

    /**
     * Goes back from the gradient of the outputs at a point.
     *
     * @param parameterGradients added to
     * @return the gradient of the inputs
     */
    double[] backward(double[] parameters, double[] x, double[] outputGradients, double[] parameterGradients);
}
