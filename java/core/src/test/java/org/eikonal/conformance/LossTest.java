package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.eikonal.Device;
import org.eikonal.Loss;
import org.eikonal.LossConfig;
import org.eikonal.conformance.Devices.OnEveryDevice;

/** Losses are means over all rows and channels, at fp32 on every device. */
class LossTest {
    /** Loss of one difference. */
    private interface Term {
        double of(double difference);
    }

    private static double huber(double difference, double delta) {
        double a = Math.abs(difference);
        return a <= delta ? a * a / 2 : delta * (a - delta / 2);
    }

    @OnEveryDevice
    void squaresAreL2(Device device) {
        check(device, "{\"otype\": \"L2\"}", e -> e * e);
    }

    @OnEveryDevice
    void huberIsASquareWithinDeltaAndALineOutside(Device device) {
        check(device, "{\"otype\": \"Huber\", \"delta\": 0.5}", e -> huber(e, 0.5));
        check(device, "{\"otype\": \"Huber\", \"delta\": 2}", e -> huber(e, 2));
    }

    @OnEveryDevice
    void huberIsSmoothAtDelta(Device device) {
        Loss loss = Loss.create(device, LossConfig.fromJson("{\"otype\": \"Huber\", \"delta\": 0.5}"));
        for (float e : new float[] {0.5f, Math.nextUp(0.5f), Math.nextDown(0.5f), -0.5f, -Math.nextUp(0.5f)}) {
            Loss.Result result = loss.evaluate(new float[] {e}, new float[] {0}, 1);
            assertEquals(0.125, result.value(), 1e-7);
            assertEquals(Math.signum(e) * 0.5, result.gradient()[0], 1e-7);
        }
    }

    @OnEveryDevice
    void huberHasADeltaOfATenthByDefault(Device device) {
        assertEquals(huber(1, 0.1), Loss.create(device, LossConfig.huber())
                .evaluate(new float[] {1}, new float[] {0}, 1).value(), 1e-7);
    }

    @OnEveryDevice
    void nothingCostsNothing(Device device) {
        Loss.Result result = Loss.create(device, LossConfig.l2()).evaluate(new float[0], new float[0], 3);
        assertEquals(0, result.value());
        assertEquals(0, result.gradient().length);
    }

    private static void check(Device device, String json, Term term) {
        Loss loss = Loss.create(device, LossConfig.fromJson(json));
        for (int n : new int[] {1, 3, 17, 97, 769, 20000}) {
            for (int channels : new int[] {1, 3}) {
                Draws draws = new Draws(n);
                float[] prediction = draws.uniform(n * channels, -2, 2);
                float[] target = draws.uniform(n * channels, -2, 2);
                double value = 0;
                double[] gradient = new double[prediction.length];
                for (int i = 0; i < gradient.length; i++) {
                    double e = (double) prediction[i] - target[i];
                    value += term.of(e) / gradient.length;
                    // Central differences: exact for squares and lines, and no prediction comes this near to a kink.
                    gradient[i] = (term.of(e + 1e-6) - term.of(e - 1e-6)) / 2e-6 / gradient.length;
                }
                Loss.Result result = loss.evaluate(prediction, target, channels);
                assertEquals(value, result.value(), 1e-5 * value, json);
                Check.close(json + " of " + n, gradient, result.gradient(), 1e-5);
            }
        }
    }
}
