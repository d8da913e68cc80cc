package org.eikonal.studio.scene;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import org.eikonal.Camera;
import org.eikonal.Lens;
import org.eikonal.studio.image.Canvas;
import org.eikonal.studio.image.Picture;

/**
 * Draws a scene from above and from the side: cameras as small frusta, the modelled box and the unit cube in its
 * middle, sparse points in their colours, a scale in world units and the world's axes. Above is where cameras have
 * their upper edges on average.
 */
public final class SceneMap {
    private static final int PANEL = 760;
    private static final int GAP = 20;
    private static final int HEADER = 56;
    private static final int FOOTER = 44;
    private static final int MOST_NAMES = 12; // more would hide each other
    private static final int MOST_POINTS = 50_000;
    private static final double WIDEST_SLOPE = 1.5; // of a frustum's edges: a fisheye's would be endless
    private static final Color FRAME = new Color(0x3a3f4a);
    private static final Color SHADE = new Color(0x1d, 0x20, 0x26, 170);
    private static final Color BOX = new Color(0xb48ef0);
    private static final Color CUBE = new Color(0xe07a9a);

    private final Scene scene;
    private final SceneAxes axes;

    private SceneMap(Scene scene) {
        this.scene = scene;
        this.axes = SceneAxes.of(scene);
    }

    /** @return the drawing, opaque, about 1560 by 860 pixels */
    public static Picture draw(Scene scene) {
        return new SceneMap(scene).draw();
    }

    private Picture draw() {
        try (Canvas canvas = new Canvas(2 * PANEL + 3 * GAP, HEADER + PANEL + FOOTER)) {
            canvas.write(scene.name() + " (" + scene.format() + ")", Canvas.INK, Font.BOLD, 16, GAP, 8);
            panel(canvas, GAP, "from above", axes.north());
            panel(canvas, 2 * GAP + PANEL, "from the side", axes.up());
            legend(canvas);
            return canvas.picture();
        }
    }

    /** One view: the horizontal axis is always the same, the vertical one is given. */
    private void panel(Canvas canvas, int left, String title, double[] vertical) {
        canvas.write(title, Canvas.INK, Font.PLAIN, 14, left, HEADER - 24);
        Graphics2D pen = (Graphics2D) canvas.pen().create(left, HEADER, PANEL, PANEL);
        pen.setColor(FRAME);
        pen.drawRect(0, 0, PANEL - 1, PANEL - 1);
        points(pen, vertical);
        double half = 0.5;
        if (scene.cube().aabbScale() > 1) {
            cube(pen, vertical, half, new BasicStroke(1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1,
                    new float[] {5, 4}, 0), CUBE);
        }
        if (axes.holdsBox()) {
            cube(pen, vertical, half * scene.cube().aabbScale(), new BasicStroke(1.6f), BOX);
        }
        pen.setStroke(new BasicStroke(1.1f));
        for (View view : scene.views()) {
            camera(pen, vertical, view);
        }
        pen.dispose();
        names(canvas, left, vertical);
        compass(canvas, left, vertical);
        scale(canvas, left);
    }

    private double[] at(double[] world, double[] vertical) {
        double factor = PANEL / axes.width();
        return new double[] {
            PANEL / 2.0 + factor * SceneAxes.dot(SceneAxes.minus(world, axes.middle()), axes.east()),
            PANEL / 2.0 - factor * SceneAxes.dot(SceneAxes.minus(world, axes.middle()), vertical)
        };
    }

    private void points(Graphics2D pen, double[] vertical) {
        SparsePoints points = scene.points();
        int step = 1 + points.count() / MOST_POINTS;
        double size = points.count() > 5000 ? 1.6 : 2.4;
        for (int i = 0; i < points.count(); i += step) {
            double[] at = at(points.at(i), vertical);
            // Dark photos have dark points, which the paper would swallow.
            pen.setColor(new Color(light(points.rgb()[3 * i]), light(points.rgb()[3 * i + 1]),
                    light(points.rgb()[3 * i + 2])));
            pen.fill(new Ellipse2D.Double(at[0] - size / 2, at[1] - size / 2, size, size));
        }
    }

    private static int light(byte value) {
        return 70 + (value & 255) * 185 / 255;
    }

    /** The twelve edges of a cube about the unit cube's middle, of so many unit cubes from it. */
    private void cube(Graphics2D pen, double[] vertical, double half, BasicStroke stroke, Color color) {
        pen.setStroke(stroke);
        pen.setColor(color);
        for (int axis = 0; axis < 3; axis++) {
            for (int corner = 0; corner < 4; corner++) {
                double[] from = new double[3];
                from[axis] = 0.5 - half;
                from[(axis + 1) % 3] = 0.5 + (corner % 2 == 0 ? -half : half);
                from[(axis + 2) % 3] = 0.5 + (corner / 2 == 0 ? -half : half);
                double[] to = from.clone();
                to[axis] = 0.5 + half;
                double[] a = at(scene.cube().toWorld(from), vertical);
                double[] b = at(scene.cube().toWorld(to), vertical);
                pen.draw(new Line2D.Double(a[0], a[1], b[0], b[1]));
            }
        }
    }

    private void camera(Graphics2D pen, double[] vertical, View view) {
        Camera camera = view.camera();
        double[] eye = at(camera.pose().position(), vertical);
        double[][] corners = new double[4][];
        for (int i = 0; i < 4; i++) {
            corners[i] = at(corner(camera, i == 1 || i == 2, i >= 2), vertical);
        }
        Path2D picture = new Path2D.Double();
        picture.moveTo(corners[3][0], corners[3][1]);
        for (double[] corner : corners) {
            picture.lineTo(corner[0], corner[1]);
        }
        Color color = color(view.split());
        pen.setColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), 60));
        pen.fill(picture);
        pen.setColor(color);
        pen.draw(picture);
        for (double[] corner : corners) {
            pen.draw(new Line2D.Double(eye[0], eye[1], corner[0], corner[1]));
        }
    }

    /** Where a corner of the picture would stand in front of the camera. */
    private double[] corner(Camera camera, boolean right, boolean lower) {
        double x = slope(camera, (right ? camera.width() - camera.cx() : -camera.cx()) / camera.fx());
        double y = slope(camera, (lower ? camera.height() - camera.cy() : -camera.cy()) / camera.fy());
        double[] result = camera.pose().position();
        double[] back = Focus.backwards(camera);
        double scale = SceneAxes.length(SceneAxes.column(camera, 2));
        for (int i = 0; i < 3; i++) {
            result[i] += axes.frustum() * ((x * camera.pose().at(i, 0) - y * camera.pose().at(i, 1)) / scale - back[i]);
        }
        return result;
    }

    private static double slope(Camera camera, double normalised) {
        double slope = camera.lens() == Lens.PERSPECTIVE ? normalised
                : Math.tan(Math.max(-1.5, Math.min(1.5, normalised)));
        return Math.max(-WIDEST_SLOPE, Math.min(WIDEST_SLOPE, slope));
    }

    /** Names of what is held out, beside its cameras, if they are few. */
    private void names(Canvas canvas, int left, double[] vertical) {
        List<View> views = scene.views(Split.TEST);
        if (views.size() <= MOST_NAMES) {
            for (View view : views) {
                double[] at = at(view.camera().pose().position(), vertical);
                double x = Math.min(at[0] + 6, PANEL - 8 - 6.5 * view.name().length());
                double y = HEADER + Math.max(2, Math.min(PANEL - 14, at[1] - 18));
                double start = left + Math.max(4, x);
                canvas.pen().setColor(SHADE);
                canvas.pen().fill(new Rectangle2D.Double(start - 2, y, 6.5 * view.name().length() + 4, 14));
                canvas.write(view.name(), color(Split.TEST), Font.PLAIN, 11, start, y);
            }
        }
    }

    private void compass(Canvas canvas, int left, double[] vertical) {
        double x = left + PANEL - 46;
        double y = HEADER + PANEL - 46;
        canvas.pen().setStroke(new BasicStroke(1.4f));
        for (int axis = 0; axis < 3; axis++) {
            double dx = 28 * axes.east()[axis];
            double dy = -28 * vertical[axis];
            if (Math.hypot(dx, dy) > 8) { // the others point at the viewer
                canvas.pen().setColor(Canvas.INK);
                canvas.pen().draw(new Line2D.Double(x, y, x + dx, y + dy));
                canvas.write("xyz".substring(axis, axis + 1), Canvas.INK, Font.PLAIN, 12, x + 1.35 * dx - 3,
                        y + 1.35 * dy - 7);
            }
        }
    }

    private void scale(Canvas canvas, int left) {
        double length = Math.pow(10, Math.floor(Math.log10(axes.width() / 4)));
        length *= 5 * length <= axes.width() / 4 ? 5 : 2 * length <= axes.width() / 4 ? 2 : 1;
        double pixels = length * PANEL / axes.width();
        double y = HEADER + PANEL - 18;
        canvas.pen().setStroke(new BasicStroke(2));
        canvas.pen().setColor(Canvas.INK);
        canvas.pen().draw(new Line2D.Double(left + 14, y, left + 14 + pixels, y));
        canvas.write(rounded(length) + " world units", Canvas.INK, Font.PLAIN, 12, left + 14, y - 20);
    }

    private void legend(Canvas canvas) {
        double x = GAP;
        double y = HEADER + PANEL + 14;
        for (Split split : Split.values()) {
            if (!scene.views(split).isEmpty()) {
                x = entry(canvas, color(split), scene.views(split).size() + " "
                        + split.name().toLowerCase(Locale.ROOT), x, y);
            }
        }
        double side = 1 / scene.cube().scale();
        x = entry(canvas, BOX, "modelled box, " + rounded(side * scene.cube().aabbScale()) + " world units a side"
                + " (aabb_scale " + scene.cube().aabbScale() + (axes.holdsBox() ? ")" : "), beyond the drawing"), x, y);
        if (scene.cube().aabbScale() > 1) {
            x = entry(canvas, CUBE, "unit cube, " + rounded(side) + " a side", x, y);
        }
        if (scene.points().count() > 0) {
            entry(canvas, Canvas.INK, scene.points().count() + " sparse points", x, y);
        }
    }

    private static double entry(Canvas canvas, Color color, String text, double x, double y) {
        canvas.pen().setColor(color);
        canvas.pen().fill(new Ellipse2D.Double(x, y + 3, 10, 10));
        canvas.write(text, Canvas.INK, Font.PLAIN, 13, x + 16, y - 1);
        return x + 46 + 7.2 * text.length();
    }

    private static String rounded(double value) {
        return new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
    }

    private static Color color(Split split) {
        return switch (split) {
            case TRAIN -> new Color(0x6db3f2);
            case VAL -> new Color(0x8fd694);
            case TEST -> new Color(0xffb454);
        };
    }
}
