package org.eikonal.bench;

import org.eikonal.Camera;
import org.eikonal.Device;
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

/** A chequered ball before nothing, learnt in a few seconds: what the work is like once a scene is known. */
final class TrainedScene implements AutoCloseable {
    static final SamplerConfig SAMPLER = SamplerConfig.builder().steps(512).build();
    static final int LOG2_TABLE = 17;
    private static final int VIEWS = 24;
    private static final int SIZE = 128;
    private static final int STEPS = 300;
    private static final double RADIUS = 0.25;

    final RadianceField field;
    final OccupancyGrid occupancy;
    private final Optimizer optimizer;
    private final Views views;
    private final Trainer trainer;
    private long step;

    TrainedScene(Device device, int samplesPerStep) {
        field = RadianceField.create(device, InstantNgp.field(LOG2_TABLE), 1);
        occupancy = OccupancyGrid.create(device, OccupancyConfig.builder().build());
        optimizer = Optimizer.create(field,
                OptimizerConfig.adam().learningRate(1e-2).beta2(0.99).epsilon(1e-15).build());
        views = Views.create(device, VIEWS);
        for (int i = 0; i < VIEWS; i++) {
            Camera camera = camera(i, VIEWS, SIZE);
            views.set(i, camera, picture(camera));
        }
        trainer = Trainer.create(field, optimizer, occupancy, views,
                TrainerConfig.builder().samplesPerStep(samplesPerStep).sampler(SAMPLER).build());
        while (step < STEPS) {
            step();
        }
    }

    double step() {
        return trainer.step(step++, 0);
    }

    /** @return what the last step did */
    StepReport report() {
        return trainer.report();
    }

    @Override
    public void close() {
        trainer.close();
        views.close();
        optimizer.close();
        occupancy.close();
        field.close();
    }

    /** One of so many cameras on a spiral around the ball. */
    static Camera camera(int i, int of, int size) {
        double height = 0.2 + 0.6 * i / of;
        double angle = 2.4 * i;
        double across = 1.3 * Math.sqrt(1 - height * height);
        double[] eye = {0.5 + across * Math.cos(angle), 0.5 + 1.3 * height, 0.5 + across * Math.sin(angle)};
        Pose pose = Pose.lookAt(eye, new double[] {.5, .5, .5}, new double[] {0, 1, 0});
        return Camera.perspective(size, size, 1.4f * size, pose);
    }

    private static byte[] picture(Camera camera) {
        byte[] rgba = new byte[4 * camera.width() * camera.height()];
        Pose pose = camera.pose();
        for (int y = 0; y < camera.height(); y++) {
            for (int x = 0; x < camera.width(); x++) {
                double u = (x + .5 - camera.cx()) / camera.fx();
                double v = (camera.cy() - y - .5) / camera.fy();
                double[] direction = new double[3];
                double[] from = new double[3];
                for (int axis = 0; axis < 3; axis++) {
                    direction[axis] = u * pose.at(axis, 0) + v * pose.at(axis, 1) - pose.at(axis, 2);
                    from[axis] = pose.at(axis, 3) - .5;
                }
                paint(from, direction, rgba, 4 * (y * camera.width() + x));
            }
        }
        return rgba;
    }

    private static void paint(double[] from, double[] direction, byte[] rgba, int at) {
        double a = 0;
        double b = 0;
        double c = -RADIUS * RADIUS;
        for (int axis = 0; axis < 3; axis++) {
            a += direction[axis] * direction[axis];
            b += direction[axis] * from[axis];
            c += from[axis] * from[axis];
        }
        double root = b * b - a * c;
        if (root < 0) {
            return;
        }
        double t = (-b - Math.sqrt(root)) / a;
        int odd = 0;
        for (int axis = 0; axis < 3; axis++) {
            odd += (int) Math.floor((from[axis] + t * direction[axis]) * 16);
        }
        rgba[at] = (byte) ((odd & 1) == 0 ? 230 : 40);
        rgba[at + 1] = (byte) 120;
        rgba[at + 2] = (byte) ((odd & 1) == 0 ? 40 : 230);
        rgba[at + 3] = (byte) 255;
    }
}
