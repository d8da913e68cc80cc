package org.eikonal.conformance;

import java.util.ArrayList;
import java.util.List;

/**
 * Marching in float64, without any skipping: every step of a ray from where it enters the outermost cascade (or passes the
 * near plane) to where it leaves, judged by the cell that its middle lies in. The cell is one of the finest cascade that
 * holds the middle and whose cells are not smaller than the step (Mueller et al. 2022, appendix E.1).
 */
final class MarchOracle {
    private static final double ROOT3 = Math.sqrt(3);

    /** What is asked of a step where rounding could decide otherwise. */
    enum Verdict { SAMPLE, EMPTY, EITHER }

    record Step(double middle, double dt, Verdict verdict) {}

    private final int cascades;
    private final int resolution;
    private final boolean[] occupied;
    private final double smallest;
    private final double cone;
    private final double largest;
    private final double near;

    MarchOracle(int cascades, int resolution, boolean[] occupied, int steps, double cone, double near) {
        this.cascades = cascades;
        this.resolution = resolution;
        this.occupied = occupied;
        this.smallest = ROOT3 / steps;
        this.cone = cone;
        this.largest = cone == 0 ? smallest : Math.max(smallest, ROOT3 * (1 << cascades - 1) / resolution);
        this.near = near;
    }

    List<Step> steps(double[] origin, double[] direction, double jitter) {
        double half = 0.5 * (1 << cascades - 1);
        double begin = near;
        double end = Double.MAX_VALUE;
        for (int k = 0; k < 3; k++) {
            double a = (0.5 - half - origin[k]) / direction[k];
            double b = (0.5 + half - origin[k]) / direction[k];
            if (direction[k] == 0) {
                boolean inside = Math.abs(origin[k] - 0.5) < half;
                a = inside ? -Double.MAX_VALUE : Double.MAX_VALUE;
                b = Double.MAX_VALUE;
            }
            begin = Math.max(begin, Math.min(a, b));
            end = Math.min(end, Math.max(a, b));
        }
        List<Step> steps = new ArrayList<>();
        for (double t = begin + jitter * step(begin); t < end + 1e-4 && begin < end; t += step(t)) {
            double dt = step(t);
            double slack = 2e-5 * Math.max(1, t);
            boolean here = occupied(origin, direction, t + dt / 2, dt);
            boolean sure = occupied(origin, direction, t + dt / 2 - slack, dt) == here
                    && occupied(origin, direction, t + dt / 2 + slack, dt) == here && Math.abs(t - end) > slack;
            boolean within = t < end;
            steps.add(new Step(t + dt / 2, dt,
                    !sure ? Verdict.EITHER : here && within ? Verdict.SAMPLE : Verdict.EMPTY));
        }
        return steps;
    }

    private double step(double t) {
        return Math.max(smallest, Math.min(largest, t * cone));
    }

    private boolean occupied(double[] origin, double[] direction, double middle, double dt) {
        double far = 0;
        double[] p = new double[3];
        for (int k = 0; k < 3; k++) {
            p[k] = origin[k] + middle * direction[k];
            far = Math.max(far, Math.abs(p[k] - 0.5));
        }
        int cascade = 0;
        while (cascade < cascades - 1 && (far > 0.5 * (1 << cascade) || dt > (double) (1 << cascade) / resolution)) {
            cascade++;
        }
        int index = cascade;
        for (int k = 2; k >= 0; k--) {
            double side = 1 << cascade;
            int cell = (int) Math.floor((p[k] - 0.5 + side / 2) / side * resolution);
            index = index * resolution + Math.max(0, Math.min(resolution - 1, cell));
        }
        return occupied[index];
    }
}
