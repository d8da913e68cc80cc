package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.eikonal.Activation;
import org.eikonal.Camera;
import org.eikonal.Device;
import org.eikonal.EncodingConfig;
import org.eikonal.FieldConfig;
import org.eikonal.LossConfig;
import org.eikonal.OccupancyConfig;
import org.eikonal.OccupancyGrid;
import org.eikonal.Optimizer;
import org.eikonal.OptimizerConfig;
import org.eikonal.Pose;
import org.eikonal.RadianceField;
import org.eikonal.SamplerConfig;
import org.eikonal.StepReport;
import org.eikonal.Trainer;
import org.eikonal.TrainerConfig;
import org.eikonal.Views;
import org.eikonal.conformance.Devices.OnEveryDevice;

class TrainerTest {
    private static final EncodingConfig ONE =
            EncodingConfig.fromJson("{\"otype\": \"Identity\", \"scale\": 0, \"offset\": 1}");

    @OnEveryDevice
    void theLossFallsAndTheReportAddsUp(Device device) {
        int samples = Devices.emulated(device) ? 2048 : 4096;
        try (RadianceField field = RadianceField.create(device, Scene.FIELD.config(), 1);
                Optimizer optimizer = Optimizer.create(field, OptimizerConfig.adam().learningRate(1e-2).build()
                        .withExponentialDecay(50, 50, 0.5));
                OccupancyGrid grid = OccupancyGrid.create(device, OccupancyConfig.builder().resolution(16).build());
                Views views = Scene.views(device);
                Trainer trainer = Trainer.create(field, optimizer, grid, views, TrainerConfig.builder()
                        .samplesPerStep(samples).loss(LossConfig.l2()).sampler(Scene.SAMPLER).randomBackground().build())) {
            double first = 0;
            double last = 0;
            for (int step = 0; step < 100; step++) {
                double rate = optimizer.learningRate(step / 100.0);
                double loss = trainer.step(step, step / 100.0);
                StepReport report = trainer.report();
                assertEquals(loss, report.loss());
                first += step < 5 ? report.loss() : 0;
                last += step >= 95 ? report.loss() : 0;
                assertEquals(rate, report.learningRate());
                assertEquals(grid.occupiedFraction(), report.occupiedFraction());
                assertTrue(report.rays() >= report.raysWithSamples() && report.raysWithSamples() > 0, report.toString());
                assertTrue(report.samplesMarched() <= samples && report.samplesMarched() > samples / 2, report.toString());
                assertTrue(report.samplesLive() <= report.samplesMarched()
                        && report.samplesLive() >= report.raysWithSamples(), report.toString());
            }
            assertTrue(last < first / 4, "loss " + first / 5 + " became " + last / 5);
        }
    }

    /**
     * A field that is the same everywhere: its encoding answers 1 whatever the position. Every ray of a picture of one
     * pixel then has the same colour, and the gradient of a whole step, which the first moment of Adam shows, a closed
     * form: with n samples of density s and step d, what is left is e^(-s n d).
     */
    @OnEveryDevice
    void aStepsGradientIsThatOfTheWholeRoad(Device device) {
        gradientOfAStep(device, ONE, new float[0], new double[] {1, 1, 1},
                new NetworkOracle(3, 16, 1, 0, Activation.NONE, Activation.NONE),
                new NetworkOracle(17, 3, 1, 0, Activation.NONE, Activation.SIGMOID));
    }

    @OnEveryDevice
    void aStepsGradientReachesBiasesAndSkipConnections(Device device) {
        gradientOfAStep(device, ONE, new float[0], new double[] {1, 1, 1},
                new NetworkOracle(3, 16, 1, 0, Activation.NONE, Activation.NONE, true),
                new NetworkOracle(17, 3, 1, 0, Activation.NONE, Activation.SIGMOID, true));
        gradientOfAStep(device, ONE, new float[0], new double[] {1, 1, 1},
                new NetworkOracle(3, 16, 5, 2, Activation.NONE, Activation.NONE, true, 1, 2),
                new NetworkOracle(17, 3, 4, 1, Activation.SILU, Activation.SIGMOID, true, 1));
    }

    /** Two grids, each of which holds the same wherever one looks: the weights of a cell's corners sum to 1. */
    @OnEveryDevice
    void aStepsGradientReachesTheFactorsOfAProductAndTheTermsOfASum(Device device) {
        float[] first = {0.5f, 1, -1, 2};
        float[] second = {2, 0.5f, -0.5f, 1};
        GridOracle.Shape shape = new GridOracle.Shape("DenseGrid", 2, 1, 4, 8, 5, 2, "Linear");
        int entries = new GridOracle(shape).parameters() / 4;
        for (String reduction : new String[] {"Product", "Sum"}) {
            EncodingConfig grids = EncodingConfig.composite().reduction(reduction)
                    .add(0, 2, shape.config()).add(1, 2, shape.config()).build();
            double[] encoded = new double[4];
            float[] tables = new float[8 * entries];
            for (int i = 0; i < tables.length; i++) {
                tables[i] = (i < 4 * entries ? first : second)[i % 4];
            }
            for (int k = 0; k < 4; k++) {
                encoded[k] = reduction.equals("Sum") ? first[k] + second[k] : first[k] * second[k];
            }
            Moments moments = gradientOfAStep(device, grids, tables, encoded,
                    new NetworkOracle(4, 16, 1, 0, Activation.NONE, Activation.NONE),
                    new NetworkOracle(17, 3, 1, 0, Activation.NONE, Activation.SIGMOID));
            double[] sums = new double[8];
            for (int i = 0; i < tables.length; i++) {
                sums[i / (4 * entries) * 4 + i % 4] += moments.all[i];
            }
            double[] expected = new double[8];
            for (int k = 0; k < 4; k++) {
                expected[k] = moments.byEncoded[k] * (reduction.equals("Sum") ? 1 : second[k]);
                expected[4 + k] = moments.byEncoded[k] * (reduction.equals("Sum") ? 1 : first[k]);
            }
            float[] narrow = new float[8];
            for (int k = 0; k < 8; k++) {
                narrow[k] = (float) sums[k];
            }
            Check.close(reduction, expected, narrow, 5e-3 + Devices.tolerance(device, 4));
        }
    }

    /** Adam's first moments after a step, and what the formula says of them by what the encoding answers. */
    private record Moments(double[] byEncoded, float[] all) {}

    /**
     * @param tables the encoding's parameters
     * @param encoded what it then answers, wherever one looks
     */
    private static Moments gradientOfAStep(Device device, EncodingConfig encoding, float[] tables, double[] encoded,
            NetworkOracle network, NetworkOracle head) {
        FieldConfig config = FieldConfig.builder().encoding(encoding).network(network.config())
                .directionEncoding(EncodingConfig.sphericalHarmonics(1)).colorNetwork(head.config()).build();
        double[] background = {0.25, 0.5, 0.75};
        byte[] pixel = {(byte) 204, 51, 102, (byte) 204};
        double beta1 = 0.9;
        try (RadianceField field = RadianceField.create(device, config, 1);
                Optimizer optimizer = Optimizer.create(field, OptimizerConfig.adam().l2Regularization(0).build());
                OccupancyGrid grid = OccupancyGrid.create(device, OccupancyConfig.builder().resolution(16).build());
                Views views = Views.create(device, 1)) {
            // A ray along -z through the cube, half a unit in front of it.
            views.set(0, Camera.perspective(1, 1, 1, new Pose(1, 0, 0, .5, 0, 1, 0, .5, 0, 0, 1, 1.5)), pixel);
            float[] own = new Draws(1).multiples(network.parameters() + head.parameters(), 0x1p-4, -6, 6);
            // A raw density of 1/2: of the first output's row, which begins with the inputs, two weights alone count.
            int last = network.offset(network.layers() - 1);
            Arrays.fill(own, last, last + network.columns(network.layers() - 1), 0);
            own[last] = 0.25f / (float) encoded[0];
            own[last + 1] = 0.25f / (float) encoded[1];
            network.biases(network.layers() - 1).ifPresent(at -> own[at] = 0);
            float[] parameters = Arrays.copyOf(tables, tables.length + own.length);
            System.arraycopy(own, 0, parameters, tables.length, own.length);
            field.setParameters(parameters);
            // 591 steps: one sample more or less, which the jitter decides, is 0.2 percent.
            try (Trainer trainer = Trainer.create(field, optimizer, grid, views, TrainerConfig.builder()
                    .samplesPerStep(16384).loss(LossConfig.l2()).sampler(SamplerConfig.builder().steps(1024).build())
                    .earlyStop(0).background(background[0], background[1], background[2]).build())) {
                trainer.step(0, 0);
                StepReport report = trainer.report();
                assertEquals(1024 / Math.sqrt(3), (double) report.samplesMarched() / report.raysWithSamples(), 1);

                double[] ofNetwork = Arrays.copyOf(Draws.wide(own), network.parameters());
                double[] ofHead = Arrays.copyOfRange(Draws.wide(own), network.parameters(), own.length);
                double[] features = network.forward(ofNetwork, encoded);
                double[] headIn = Arrays.copyOf(features, 17);
                headIn[16] = Math.sqrt(1 / (4 * Math.PI));
                double[] color = head.forward(ofHead, headIn);
                double left = Math.exp(-Math.exp(features[0]));
                double loss = 0;
                double byThickness = 0;
                double[] byColor = new double[3];
                for (int k = 0; k < 3; k++) {
                    double alpha = (pixel[3] & 255) / 255.0;
                    double target = (pixel[k] & 255) / 255.0 * alpha + background[k] * (1 - alpha);
                    double seen = color[k] * (1 - left) + background[k] * left;
                    loss += (seen - target) * (seen - target) / 3;
                    byColor[k] = 2 * (seen - target) / 3 * (1 - left);
                    byThickness += 2 * (seen - target) / 3 * (color[k] - background[k]) * left;
                }
                assertEquals(loss, report.loss(), 5e-3 * loss + Devices.tolerance(device, 1) - 1e-5);

                double[] gradients = new double[own.length];
                double[] headGradients = new double[ofHead.length];
                double[] slopes = Arrays.copyOf(head.backward(ofHead, headIn, byColor, headGradients), 16);
                slopes[0] += byThickness * Math.exp(features[0]);
                double[] byEncoded = network.backward(ofNetwork, encoded, slopes, gradients);
                System.arraycopy(headGradients, 0, gradients, ofNetwork.length, ofHead.length);
                for (int i = 0; i < gradients.length; i++) {
                    gradients[i] *= 1 - beta1;
                }
                for (int k = 0; k < byEncoded.length; k++) {
                    byEncoded[k] *= 1 - beta1;
                }
                FloatBuffer state = FloatBuffer.allocate((int) optimizer.stateSize());
                assertEquals(1, optimizer.readState(state));
                // Of each layer its inputs, what it answers, and slopes: weights are multiples of 2^-4.
                Check.close("first moments", gradients,
                        Arrays.copyOfRange(state.array(), tables.length, parameters.length),
                        5e-3 + Devices.tolerance(device, 3 * Math.max(network.layers(), head.layers())));
                return new Moments(byEncoded, Arrays.copyOf(state.array(), parameters.length));
            }
        }
    }

    @OnEveryDevice
    void whatAPictureShowsIsFoundAgainWhereTheGridLostIt(Device device) {
        for (int alpha : new int[] {255, 0}) {
            try (RadianceField field = RadianceField.create(device, Scene.FIELD.config(), 1);
                    Optimizer optimizer = Optimizer.create(field, OptimizerConfig.adam().build());
                    OccupancyGrid grid = OccupancyGrid.create(device, OccupancyConfig.builder().resolution(16).build());
                    Views views = Views.create(device, 1)) {
                views.set(0, Camera.perspective(1, 1, 1, new Pose(1, 0, 0, .5, 0, 1, 0, .5, 0, 0, 1, 1.5)),
                        new byte[] {1, 2, 3, (byte) alpha});
                float[] corner = new float[(int) grid.cells()];
                corner[0] = 1;
                grid.setValues(corner);
                try (Trainer trainer = Trainer.create(field, optimizer, grid, views,
                        TrainerConfig.builder().samplesPerStep(2048).sampler(Scene.SAMPLER).build())) {
                    trainer.step(0, 0);
                    assertEquals(alpha > 0, trainer.report().raysWithSamples() > 0, "alpha " + alpha);
                }
            }
        }
    }

    /**
     * Three cameras about the cube. What a picture shows is a cell with a corner or the centre within its frame, in front
     * of the near plane; what is far from showing it, a cell whose neighbours no camera has within its frame either.
     */
    @OnEveryDevice
    void cellsThatTooFewPicturesShowAreClosed(Device device) {
        for (float focal : new float[] {16, 5}) {
            for (int needed = 0; needed <= 3; needed++) {
                try (RadianceField field = RadianceField.create(device, Scene.FIELD.config(), 1);
                        Optimizer optimizer = Optimizer.create(field, OptimizerConfig.adam().build());
                        OccupancyGrid grid = OccupancyGrid.create(
                                device, OccupancyConfig.builder().resolution(16).cascades(2).build());
                        Views views = Views.create(device, 3)) {
                    Camera[] cameras = new Camera[3];
                    for (int i = 0; i < 3; i++) {
                        cameras[i] = Camera.perspective(16, 16, focal, Scene.camera(i).pose());
                        views.set(i, cameras[i], new byte[4 * 256]);
                    }
                    Trainer.create(field, optimizer, grid, views,
                            TrainerConfig.fromJson("{\"min_views\": " + needed + "}")).close();
                    float[] values = grid.values();
                    for (int cell = 0; cell < values.length; cell++) {
                        int sure = 0;
                        int possible = 0;
                        for (Camera camera : cameras) {
                            sure += shows(camera, cell, 1) ? 1 : 0;
                            possible += shows(camera, cell, 4) ? 1 : 0;
                        }
                        String what = "focal length " + focal + ", cell " + cell + " in sight of " + sure + " to " + possible;
                        if (sure >= needed) {
                            assertEquals(0, values[cell], what);
                        } else if (possible < needed) {
                            assertEquals(-1, values[cell], what);
                        }
                    }
                }
            }
        }
    }

    /** Whether a camera has a corner or the centre of a cell within its frame, the cell being so many times as large. */
    private static boolean shows(Camera camera, int cell, double size) {
        double side = 1 << cell / 4096;
        double[] eye = camera.pose().position();
        for (int corner = 0; corner <= 8; corner++) {
            double[] own = new double[3];
            for (int k = 0; k < 3; k++) {
                double at = (cell >> 4 * k & 15) + 0.5 + (corner == 8 ? 0 : ((corner >> k & 1) - 0.5) * size);
                double p = 0.5 + (at / 16 - 0.5) * side - eye[k];
                for (int c = 0; c < 3; c++) {
                    own[c] += p * camera.pose().at(k, c);
                }
            }
            double u = camera.fx() * own[0] / -own[2] + camera.cx();
            double v = camera.fy() * -own[1] / -own[2] + camera.cy();
            if (-own[2] > 0.05 && u > 0 && u < camera.width() && v > 0 && v < camera.height()) {
                return true;
            }
        }
        return false;
    }
}
