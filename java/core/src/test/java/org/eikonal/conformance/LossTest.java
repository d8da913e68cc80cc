package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.eikonal.Device;
import org.eikonal.Loss;
import org.eikonal.LossConfig;
import org.eikonal.conformance.Devices.OnEveryDevice;
import org.junit.jupiter.api.Test;

/** Losses are means over all rows and channels, at fp32 on every device. */
class LossTest {
    /** A loss of the difference e between prediction p and target y, over something that counts as a constant. */
    private record Term(DoubleUnaryOperator numerator, DoubleUnaryOperator slope, DoubleBinaryOperator denominator) {
        Term(DoubleUnaryOperator numerator, DoubleUnaryOperator slope) {
            this(numerator, slope, (p, y) -> 1);
        }

        double value(double prediction, double target) {
            return numerator.applyAsDouble(prediction - target) / denominator.applyAsDouble(prediction, target);
        }

        double slope(double prediction, double target) {
            return slope.applyAsDouble(prediction - target) / denominator.applyAsDouble(prediction, target);
        }
    }

    private static Term huber(double delta) {
        return new Term(e -> Math.abs(e) <= delta ? e * e / 2 : delta * (Math.abs(e) - delta / 2),
                e -> Math.max(-delta, Math.min(delta, e)));
    }

    private static Term charbonnier(double epsilon) {
        return new Term(e -> Math.hypot(e, epsilon), e -> e / Math.hypot(e, epsilon));
    }

    /** Every loss as a configuration may name it, and its formula. */
    private static Map<String, Term> terms() {
        Map<String, Term> terms = new LinkedHashMap<>();
        terms.put("{\"otype\": \"L2\"}", new Term(e -> e * e, e -> 2 * e));
        terms.put("{\"otype\": \"L1\"}", new Term(Math::abs, Math::signum));
        terms.put("{\"otype\": \"Huber\"}", huber(0.1));
        terms.put("{\"otype\": \"Huber\", \"delta\": 0.5}", huber(0.5));
        terms.put("{\"otype\": \"Huber\", \"delta\": 2}", huber(2));
        terms.put("{\"otype\": \"RelativeL2\"}", new Term(e -> e * e, e -> 2 * e, (p, y) -> p * p + 0.01));
        terms.put("{\"otype\": \"Mape\"}", new Term(Math::abs, Math::signum, (p, y) -> Math.abs(y) + 0.01));
        terms.put("{\"otype\": \"Smape\"}",
                new Term(Math::abs, Math::signum, (p, y) -> (Math.abs(p) + Math.abs(y)) / 2 + 0.01));
        terms.put("{\"otype\": \"Charbonnier\"}", charbonnier(1e-3));
        terms.put("{\"otype\": \"Charbonnier\", \"epsilon\": 0.5}", charbonnier(0.5));
        return terms;
    }

    private static Loss loss(Device device, String json) {
        return Loss.create(device, LossConfig.fromJson(json));
    }

    @OnEveryDevice
    void valuesAndGradientsAreThoseOfTheFormula(Device device) {
        terms().forEach((json, term) -> {
            for (int n : new int[] {1, 3, 17, 97, 769, 20000}) {
                for (int channels : new int[] {1, 3}) {
                    Draws draws = new Draws(n);
                    check(device, json, term, draws.uniform(n * channels, -2, 2), draws.uniform(n * channels, -2, 2),
                            channels);
                }
            }
        });
    }

    private static void check(
            Device device, String json, Term term, float[] prediction, float[] target, int channels) {
        double value = 0;
        double[] gradient = new double[prediction.length];
        for (int i = 0; i < gradient.length; i++) {
            value += term.value(prediction[i], target[i]) / gradient.length;
            gradient[i] = term.slope(prediction[i], target[i]) / gradient.length;
        }
        Loss.Result result = loss(device, json).evaluate(prediction, target, channels);
        assertEquals(value, result.value(), 1e-5 * value, json);
        Check.close(json + " of " + prediction.length, gradient, result.gradient(), 1e-5);
    }

    /** One value at a time, so that none hides behind a larger one. */
    @OnEveryDevice
    void tinyAndHugeValuesAreAsGood(Device device) {
        float[] sizes = {0, 1e-15f, 1e-9f, 1e-4f, 0.01f, 1, 1e3f, 1e9f, 1e18f};
        terms().forEach((json, term) -> {
            for (float a : sizes) {
                for (float b : sizes) {
                    for (float sign : new float[] {1, -1}) {
                        if (a != b || sign < 0) {
                            check(device, json, term, new float[] {a}, new float[] {sign * b}, 1);
                            check(device, json, term, new float[] {-a}, new float[] {sign * b}, 1);
                        }
                    }
                }
            }
        });
    }

    @OnEveryDevice
    void aPredictionThatIsRightHasNoSlope(Device device) {
        terms().forEach((json, term) -> {
            for (float same : new float[] {0, -0.0f, 1, -1, 1e-20f, 1e18f, -1e18f}) {
                Loss.Result result = loss(device, json).evaluate(new float[] {same}, new float[] {same}, 1);
                assertEquals(term.value(same, same), result.value(), 1e-9, json + " at " + same);
                assertEquals(0, result.gradient()[0], 0.0, json + " at " + same);
            }
        });
    }

    @OnEveryDevice
    void whatIsNoNumberShows(Device device) {
        terms().forEach((json, term) -> {
            Draws draws = new Draws(1);
            float[] prediction = draws.uniform(97, -2, 2);
            float[] target = draws.uniform(97, -2, 2);
            float[] clean = loss(device, json).evaluate(prediction, target, 1).gradient();
            for (float[] spoilt : new float[][] {prediction, target}) {
                float before = spoilt[50];
                spoilt[50] = Float.NaN;
                Loss.Result result = loss(device, json).evaluate(prediction, target, 1);
                spoilt[50] = before;
                assertTrue(Double.isNaN(result.value()), json + " is " + result.value());
                assertTrue(Float.isNaN(result.gradient()[50]), json + " has the slope " + result.gradient()[50]);
                result.gradient()[50] = clean[50];
                assertArrayEquals(clean, result.gradient(), json);
            }
        });
    }

    @OnEveryDevice
    void huberIsSmoothAtDelta(Device device) {
        Loss loss = loss(device, "{\"otype\": \"Huber\", \"delta\": 0.5}");
        for (float e : new float[] {0.5f, Math.nextUp(0.5f), Math.nextDown(0.5f), -0.5f, -Math.nextUp(0.5f)}) {
            Loss.Result result = loss.evaluate(new float[] {e}, new float[] {0}, 1);
            assertEquals(0.125, result.value(), 1e-7);
            assertEquals(Math.signum(e) * 0.5, result.gradient()[0], 1e-7);
        }
    }

    @OnEveryDevice
    void lossesBuiltInJavaAreThoseOfTheirNames(Device device) {
        Map<String, LossConfig> built = Map.of("L2", LossConfig.l2(), "L1", LossConfig.l1(), "Huber", LossConfig.huber(),
                "RelativeL2", LossConfig.relativeL2(), "Mape", LossConfig.mape(), "Smape", LossConfig.smape(),
                "Charbonnier", LossConfig.charbonnier());
        built.forEach((name, config) -> {
            String json = "{\"otype\": \"" + name + "\"}";
            double expected = terms().get(json).value(1, -0.25);
            double actual = Loss.create(device, config).evaluate(new float[] {1}, new float[] {-0.25f}, 1).value();
            assertEquals(expected, actual, 1e-6 * expected, name);
        });
    }

    @OnEveryDevice
    void nothingCostsNothing(Device device) {
        terms().keySet().forEach(json -> {
            Loss.Result result = loss(device, json).evaluate(new float[0], new float[0], 3);
            assertEquals(0, result.value());
            assertEquals(0, result.gradient().length);
        });
    }

    @Test
    void theFormulasSlopesAreFiniteDifferences() {
        terms().forEach((json, term) -> {
            for (float e : new Draws(2).uniform(100, -3, 3)) {
                double h = 1e-6;
                double difference = (term.numerator.applyAsDouble(e + h) - term.numerator.applyAsDouble(e - h)) / (2 * h);
                assertEquals(difference, term.slope.applyAsDouble(e), 1e-6, json + " at " + e);
            }
        });
    }
}
