package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eikonal.Device;
import org.eikonal.Encoding;
import org.eikonal.conformance.Devices.OnEveryDevice;
import org.eikonal.conformance.GridOracle.Shape;
import org.junit.jupiter.api.Test;

/**
 * Grid encodings. Positions are multiples of 2^-10, scales of levels have few digits, and parameters are multiples of
 * 2^-6 within [-1,1]: interpolation weights are exact in fp32 and tables in bf16, so that one tolerance serves all.
 */
class GridTest {
    private static final double TOLERANCE = 1e-5;
    private static final int[] BATCHES = {0, 1, 3, 17, 96, 97, 769};

    /** Every kind, number of dimensions, features and interpolation; levels are dense until they outgrow 2^8 entries. */
    private static List<Shape> shapes() {
        int[] base = {0, 50, 8, 4, 3};
        double[] growth = {0, 2, 1.5, 1.5, 1.25};
        List<Shape> shapes = new ArrayList<>();
        for (String otype : new String[] {"HashGrid", "DenseGrid", "TiledGrid"}) {
            for (int dims = 1; dims <= 4; dims++) {
                for (int features = 1; features <= 8; features *= 2) {
                    for (String interpolation : new String[] {"Linear", "Smoothstep", "Nearest"}) {
                        shapes.add(new Shape(otype, dims, 5, features, 8, base[dims], growth[dims], interpolation));
                    }
                }
            }
        }
        return shapes;
    }

    @OnEveryDevice
    void valuesAndGradientsAreThoseOfTheOracle(Device device) {
        int turn = 0;
        for (Shape shape : shapes()) {
            int n = BATCHES[turn++ % BATCHES.length];
            Draws draws = new Draws(turn);
            check(device, shape, draws.multiples(n * shape.dims(), 0x1p-10, -100, 1124), draws);
        }
    }

    @OnEveryDevice
    void pointsOnBordersAndOutsideAreClampedAndHaveNoSlopeThere(Device device) {
        // 9 * 2^l - 1 cells from 0 to 1: vertices of level 0 lie at (k - 1/2) / 8.
        float[] places = {0, 1, -0.0f, 0.0625f, 0.1875f, 0.9375f, -0.5f, 1.5f, -1e30f, 1e30f,
            Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -Float.MIN_NORMAL, Math.nextUp(1f)};
        for (String otype : new String[] {"HashGrid", "DenseGrid", "TiledGrid"}) {
            for (String interpolation : new String[] {"Linear", "Smoothstep", "Nearest"}) {
                Shape shape = new Shape(otype, 2, 3, 2, 8, 9, 2, interpolation);
                float[] points = new float[2 * places.length * places.length];
                for (int i = 0; i < places.length; i++) {
                    for (int j = 0; j < places.length; j++) {
                        points[2 * (i * places.length + j)] = places[i];
                        points[2 * (i * places.length + j) + 1] = places[j];
                    }
                }
                check(device, shape, points, new Draws(1));
            }
        }
    }

    @OnEveryDevice
    void aPointThatIsNoNumberIsTheOrigin(Device device) {
        Shape shape = new Shape("HashGrid", 3, 4, 2, 8, 4, 1.5, "Linear");
        check(device, shape, new float[] {Float.NaN, 0.5f, 0.25f, Float.NaN, Float.NaN, Float.NaN}, new Draws(2));
    }

    @OnEveryDevice
    void gradientsOfEqualPointsAddUp(Device device) {
        Shape shape = new Shape("HashGrid", 3, 4, 4, 8, 4, 1.5, "Linear");
        Draws draws = new Draws(3);
        float[] points = new float[3 * 769];
        for (int i = 0; i < points.length; i++) {
            points[i] = new float[] {0.25f, 0.625f, 0.125f}[i % 3];
        }
        check(device, shape, points, draws);
    }

    @OnEveryDevice
    void gradientsOfBatchesAddUp(Device device) {
        Shape shape = new Shape("HashGrid", 3, 4, 2, 8, 4, 1.5, "Linear");
        Draws draws = new Draws(4);
        try (Encoding grid = Encoding.create(device, shape.config(), 3, 0)) {
            float[] points = draws.multiples(3 * 97, 0x1p-10, 0, 1024);
            float[] slopes = draws.uniform(97 * grid.outputs(), -1, 1);
            grid.backwardToParameters(points, slopes);
            double[] once = Draws.wide(grid.gradients());
            grid.backwardToParameters(points, slopes);
            for (int i = 0; i < once.length; i++) {
                once[i] *= 2;
            }
            Check.close("twice", once, grid.gradients(), TOLERANCE);
            grid.zeroGradients();
            assertArrayEquals(new float[once.length], grid.gradients());
        }
    }

    @OnEveryDevice
    void aPublishedConfigurationIsWithinTheRoundingOfPositions(Device device) {
        Shape shape = new Shape("HashGrid", 3, 16, 2, 19, 16, 1.381912879967776, "Linear");
        GridOracle oracle = new GridOracle(shape);
        Draws draws = new Draws(5);
        float[] parameters = draws.multiples(oracle.parameters(), 0x1p-6, -64, 64);
        float[] points = draws.uniform(3 * 97, 0, 1);
        try (Encoding grid = Encoding.create(device, shape.config(), 3, 0)) {
            grid.setParameters(parameters);
            double[] expected = new double[97 * oracle.outputs()];
            double[] wide = Draws.wide(parameters);
            for (int i = 0; i < 97; i++) {
                System.arraycopy(oracle.forward(wide, Draws.row(points, i, 3)), 0, expected, i * 32, 32);
            }
            // Scale times position is rounded twice; the steepest cell changes by 2 along each of three axes.
            double moved = 0x1p-23 * oracle.finest();
            Check.within("outputs", expected, grid.forward(points), TOLERANCE + 6 * moved);
        }
    }

    @OnEveryDevice
    void tablesAreRoundedToTheDevicesPrecisionAtMost(Device device) {
        Shape shape = new Shape("HashGrid", 3, 4, 2, 8, 4, 1.5, "Linear");
        GridOracle oracle = new GridOracle(shape);
        Draws draws = new Draws(6);
        float[] parameters = draws.uniform(oracle.parameters(), -1, 1);
        try (Encoding grid = Encoding.create(device, shape.config(), 3, 0)) {
            ModelCheck.close("random tables", grid, oracle, parameters, draws.multiples(3 * 97, 0x1p-10, 0, 1024),
                    draws.uniform(97 * grid.outputs(), -1, 1), Devices.tolerance(device, 1));
        }
    }

    @Test
    void theLayoutListsTheLevels() {
        try (Device device = Device.open(Devices.configs().get(0));
                Encoding grid = Encoding.create(
                        device, new Shape("HashGrid", 2, 3, 4, 8, 9, 2, "Linear").config(), 2, 0)) {
            // 9, 18 and 35 + 1 vertices along an axis: 81 and then a table.
            assertEquals(List.of(88L, 4L), grid.layout().get(0).shape());
            assertEquals(List.of(256L, 4L), grid.layout().get(1).shape());
            assertEquals(List.of(0L, 352L, 1376L), grid.layout().stream().map(block -> block.offset()).toList());
        }
    }

    @Test
    void theOraclesDerivativesAreFiniteDifferences() {
        for (Shape shape : shapes()) {
            if (shape.features() == 2 && !shape.interpolation().equals("Nearest")) {
                GridOracle oracle = new GridOracle(shape);
                Draws draws = new Draws(7);
                // Away from borders of cells at every level.
                double[] x = {0.337, 0.711, 0.489, 0.123};
                ModelCheck.differences(shape.toString(), oracle, Draws.wide(draws.uniform(oracle.parameters(), -1, 1)),
                        Arrays.copyOf(x, shape.dims()), Draws.wide(draws.uniform(oracle.outputs(), -1, 1)));
            }
        }
    }

    private static void check(Device device, Shape shape, float[] points, Draws draws) {
        GridOracle oracle = new GridOracle(shape);
        try (Encoding grid = Encoding.create(device, shape.config(), shape.dims(), 0)) {
            ModelCheck.close(shape.toString(), grid, oracle, draws.multiples(oracle.parameters(), 0x1p-6, -64, 64), points,
                    draws.uniform(points.length / shape.dims() * oracle.outputs(), -1, 1), TOLERANCE);
        }
    }
}
