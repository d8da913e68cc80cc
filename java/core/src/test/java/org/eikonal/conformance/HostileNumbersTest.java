package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.eikonal.Activation;
import org.eikonal.Device;
import org.eikonal.Encoding;
import org.eikonal.EncodingConfig;
import org.eikonal.FieldConfig;
import org.eikonal.Loss;
import org.eikonal.LossConfig;
import org.eikonal.Model;
import org.eikonal.Network;
import org.eikonal.NetworkConfig;
import org.eikonal.RadianceField;
import org.eikonal.conformance.Devices.OnEveryDevice;
import org.eikonal.conformance.GridOracle.Shape;

/** A row that holds what is no number, infinite, huge or denormal crashes nothing and changes no bit of any other row. */
class HostileNumbersTest {
    private static final Shape GRID = new Shape("HashGrid", 3, 3, 2, 8, 4, 1.5, "Linear");

    private static List<EncodingConfig> grids() {
        List<EncodingConfig> grids = new ArrayList<>();
        for (String otype : new String[] {"HashGrid", "DenseGrid", "TiledGrid"}) {
            for (String interpolation : new String[] {"Linear", "Smoothstep", "Nearest"}) {
                grids.add(new Shape(otype, 3, 3, 2, 8, 4, 1.5, interpolation).config());
            }
        }
        return grids;
    }

    private static List<EncodingConfig> encodings() {
        List<EncodingConfig> all = new ArrayList<>(grids());
        all.add(EncodingConfig.sphericalHarmonics(8));
        all.add(EncodingConfig.identity());
        all.add(EncodingConfig.frequency(32));
        all.add(EncodingConfig.triangleWave(32));
        all.add(EncodingConfig.oneBlob(64));
        EncodingConfig table = new Shape("HashGrid", 1, 2, 2, 8, 9, 2, "Linear").config();
        for (String reduction : new String[] {"Concatenation", "Sum", "Product"}) {
            all.add(EncodingConfig.composite().reduction(reduction).add(1, EncodingConfig.oneBlob(4)).add(1, table)
                    .add(1, EncodingConfig.frequency(2)).build());
        }
        return all;
    }

    @OnEveryDevice
    void rowsOfEncodingsAreOnTheirOwn(Device device) {
        for (EncodingConfig config : encodings()) {
            try (Encoding encoding = Encoding.create(device, config, 3, 1)) {
                check(config.toJson(), encoding, 97);
            }
        }
    }

    @OnEveryDevice
    void rowsOfNetworksAreOnTheirOwn(Device device) {
        for (Activation activation : Activation.values()) {
            for (boolean output : new boolean[] {false, true}) {
                NetworkConfig config = new NetworkOracle(3, 2, 17, 2, activation,
                        output ? activation : Activation.NONE, output, output ? new int[] {1, 2} : new int[0]).config();
                try (Network network = Network.create(device, config, 3, 2, 1)) {
                    check(config.toJson(), network, output ? 97 : 17);
                }
            }
        }
    }

    @OnEveryDevice
    void rowsOfFieldsAreOnTheirOwn(Device device) {
        NetworkConfig network =
                new NetworkOracle(3, 2, 16, 1, Activation.RELU, Activation.NONE, true, 1).config();
        for (EncodingConfig encoding : new EncodingConfig[] {GRID.config(), EncodingConfig.frequency(10)}) {
            try (Network field = Network.create(device, encoding, network, 3, 2, 1)) {
                check("a network behind " + encoding, field, 97);
            }
            FieldConfig config = FieldConfig.builder().encoding(encoding).network(network)
                    .directionEncoding(EncodingConfig.sphericalHarmonics(4)).colorNetwork(network).build();
            try (RadianceField field = RadianceField.create(device, config, 1)) {
                check("a radiance field of " + encoding, field, 97);
                check("many tiles of a radiance field", field, Devices.emulated(device) ? 140 : 1700);
            }
        }
    }

    /** Hostile numbers in the first row, in one in the middle and in the last, in one column and in all; then in slopes. */
    private static void check(String what, Model model, int n) {
        Draws draws = new Draws(n);
        int inputs = model.inputs();
        float[] points = draws.uniform(n * inputs, 0.1, 0.9);
        float[] slopes = draws.uniform(n * model.outputs(), -1, 1);
        model.zeroGradients();
        float[] outputs = model.forward(points);
        float[] back = model.backward(points, slopes);
        float[] gradients = model.gradients();
        int turn = 0;
        for (float number : Hostile.NUMBERS) {
            for (int row : new int[] {0, n / 2, n - 1}) {
                int column = turn++ % (inputs + 1) - 1;
                String which = what + " with " + number + " in row " + row + ", column " + column;
                float[] spoilt = Hostile.put(points, inputs, row, row + 1, column, number);
                Hostile.othersEqual(which, outputs, model.forward(spoilt), model.outputs(), row, row + 1);
                Hostile.othersEqual(which, back, model.backward(spoilt, slopes), inputs, row, row + 1);
                float[] spoiltSlopes = Hostile.put(slopes, model.outputs(), row, row + 1,
                        turn % (model.outputs() + 1) - 1, number);
                Hostile.othersEqual(which, back, model.backward(points, spoiltSlopes), inputs, row, row + 1);
            }
        }
        // Nothing of it is left behind, in the memory between the rows or anywhere else.
        model.zeroGradients();
        assertArrayEquals(outputs, model.forward(points), what);
        assertArrayEquals(back, model.backward(points, slopes), what);
        Check.repeated(what, model, gradients, model.gradients());
    }

    /** Places outside [0,1] are clamped, and what is no number is 0: see GridTest for the values. */
    @OnEveryDevice
    void gridsAreFiniteEverywhere(Device device) {
        for (EncodingConfig config : grids()) {
            try (Encoding encoding = Encoding.create(device, config, 3, 1)) {
                float[] points = everyTriple();
                float[] slopes = new Draws(1).uniform(points.length / 3 * encoding.outputs(), -1, 1);
                Check.finite(config + " forward", encoding.forward(points));
                Check.finite(config + " back", encoding.backward(points, slopes));
                Check.finite(config + " to its tables", encoding.gradients());
            }
        }
    }

    /** Waves and blobs are bounded wherever a finite point lies, and so are their slopes. */
    @OnEveryDevice
    void encodingsOfCoordinatesAreBoundedForAllFiniteNumbers(Device device) {
        float[] points = new float[2 * 300];
        for (int i = 0; i < 300; i++) {
            points[2 * i] = (float) Math.min(Math.scalb(1.9, i - 150), Float.MAX_VALUE);
            points[2 * i + 1] = -points[2 * i];
        }
        for (EncodingConfig config : new EncodingConfig[] {
            EncodingConfig.frequency(32), EncodingConfig.triangleWave(32), EncodingConfig.oneBlob(256)}) {
            try (Encoding encoding = Encoding.create(device, config, 1, 1)) {
                for (float value : encoding.forward(points)) {
                    assertTrue(Math.abs(value) <= 1.00001, config + " answers " + value);
                }
                Check.finite(config + " back", encoding.backward(
                        points, new Draws(2).uniform(points.length * encoding.outputs(), -1, 1)));
            }
        }
    }

    /** Where a position is hostile, a grid still answers: the field is finite for every position and true direction. */
    @OnEveryDevice
    void radianceFieldsAreFiniteForEveryPosition(Device device) {
        NetworkConfig network = new NetworkOracle(3, 2, 16, 1, Activation.RELU, Activation.NONE).config();
        FieldConfig config = FieldConfig.builder().encoding(GRID.config()).network(network)
                .directionEncoding(EncodingConfig.sphericalHarmonics(4)).colorNetwork(network).build();
        try (RadianceField field = RadianceField.create(device, config, 1)) {
            float[] positions = everyTriple();
            float[] points = new float[2 * positions.length];
            float[] directions = new Draws(3).directions(positions.length / 3);
            for (int i = 0; i < positions.length; i++) {
                points[i / 3 * 6 + i % 3] = positions[i];
                points[i / 3 * 6 + 3 + i % 3] = directions[i];
            }
            Check.finite("forward", field.forward(points));
            Check.finite("back", field.backward(points, new Draws(4).uniform(positions.length / 3 * 4, -1, 1)));
            Check.finite("parameters", field.gradients());
        }
    }

    /** {@code [n][3]}: every combination of hostile numbers and one good one. */
    private static float[] everyTriple() {
        int size = Hostile.NUMBERS.length + 1;
        float[] points = new float[3 * size * size * size];
        for (int i = 0; i < points.length; i++) {
            int digit = i / 3 / (i % 3 == 0 ? 1 : i % 3 == 1 ? size : size * size) % size;
            points[i] = digit == 0 ? 0.4f : Hostile.NUMBERS[digit - 1];
        }
        return points;
    }

    @OnEveryDevice
    void slopesOfLossesAreOnTheirOwn(Device device) {
        for (String otype : new String[] {"L2", "L1", "Huber", "RelativeL2", "Mape", "Smape", "Charbonnier"}) {
            Loss loss = Loss.create(device, LossConfig.fromJson("{\"otype\": \"" + otype + "\"}"));
            float[] prediction = new Draws(1).uniform(97 * 3, -2, 2);
            float[] target = new Draws(2).uniform(97 * 3, -2, 2);
            float[] clean = loss.evaluate(prediction, target, 3).gradient();
            for (float number : Hostile.NUMBERS) {
                String what = otype + " with " + number;
                float[] bad = Hostile.put(prediction, 3, 50, 51, -1, number);
                float[] worse = Hostile.put(target, 3, 50, 51, -1, number);
                Hostile.othersEqual(what, clean, loss.evaluate(bad, target, 3).gradient(), 3, 50, 51);
                Hostile.othersEqual(what, clean, loss.evaluate(prediction, worse, 3).gradient(), 3, 50, 51);
                Hostile.othersEqual(what, clean, loss.evaluate(bad, worse, 3).gradient(), 3, 50, 51);
            }
        }
    }
}
