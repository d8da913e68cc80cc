package org.eikonal.studio.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Lines over time, as SVG inside a page.
 *
 * @param title above it
 * @param logarithmic whether the vertical axis is; then values are above 0
 * @param lines at least one, of two points and more together
 */
record Chart(String title, boolean logarithmic, List<Line> lines) {
    private static final int WIDTH = 560;
    private static final int HEIGHT = 280;
    private static final int LEFT = 56;
    private static final int RIGHT = 12;
    private static final int TOP = 12;
    private static final int BOTTOM = 34;
    private static final int MOST_POINTS = 500;
    private static final int MOST_TICKS = 12;

    /**
     * @param number which of the page's colours it has
     * @param points x and y, both finite, x growing
     */
    record Line(int number, List<double[]> points) {}

    /** The line of those points that can be shown, averaged in groups where there are too many. */
    static Line line(int number, List<double[]> points, boolean logarithmic) {
        List<double[]> good = points.stream().filter(point -> Double.isFinite(point[0]) && Double.isFinite(point[1])
                && (!logarithmic || point[1] > 0)).toList();
        int group = (good.size() + MOST_POINTS - 1) / MOST_POINTS;
        List<double[]> kept = new ArrayList<>();
        for (int i = 0; i < good.size(); i += group) {
            List<double[]> of = good.subList(i, Math.min(good.size(), i + group));
            kept.add(new double[] {of.stream().mapToDouble(point -> point[0]).average().orElseThrow(),
                of.stream().mapToDouble(point -> point[1]).average().orElseThrow()});
        }
        return new Line(number, kept);
    }

    boolean isEmpty() {
        return lines.stream().mapToInt(line -> line.points().size()).sum() < 2;
    }

    void write(Html html) throws IOException {
        List<double[]> points = lines.stream().flatMap(line -> line.points().stream()).toList();
        double right = points.stream().mapToDouble(point -> point[0]).max().orElseThrow();
        double low = points.stream().mapToDouble(point -> point[1]).min().orElseThrow();
        double high = points.stream().mapToDouble(point -> point[1]).max().orElseThrow();
        double room = (scaled(high) - scaled(low)) * 0.05 + 1e-9;
        Axis x = new Axis(0, Math.max(right, 1e-9), LEFT, WIDTH - RIGHT);
        Axis y = new Axis(scaled(low) - room, scaled(high) + room, HEIGHT - BOTTOM, TOP);

        html.open("figure", "class", "chart").element("figcaption", title);
        html.open("svg", "viewBox", "0 0 " + WIDTH + " " + HEIGHT, "role", "img", "aria-label", title);
        for (double tick : ticks(0, x.high())) {
            path(html, "grid", text("M%.1f %dV%d", x.at(tick), TOP, HEIGHT - BOTTOM));
            label(html, x.at(tick), HEIGHT - BOTTOM + 16, "middle", number(tick));
        }
        for (double tick : verticalTicks(low, high)) {
            double at = y.at(scaled(tick));
            path(html, "grid", text("M%d %.1fH%d", LEFT, at, WIDTH - RIGHT));
            label(html, LEFT - 6, at + 4, "end", number(tick));
        }
        label(html, WIDTH - RIGHT, HEIGHT - 4, "end", "seconds of training");
        for (Line line : lines) {
            StringBuilder path = new StringBuilder();
            for (double[] point : line.points()) {
                path.append(path.length() == 0 ? 'M' : 'L')
                        .append(text("%.1f %.1f", x.at(point[0]), y.at(scaled(point[1]))));
            }
            path(html, "line run" + line.number() % Report.COLOURS, path.toString());
        }
        html.close("svg").close("figure");
    }

    private static void path(Html html, String kind, String path) throws IOException {
        html.open("path", "class", kind, "d", path).close("path");
    }

    private static void label(Html html, double x, double y, String anchor, String text) throws IOException {
        html.element("text", text, "x", text("%.1f", x), "y", text("%.1f", y), "text-anchor", anchor);
    }

    private double scaled(double value) {
        return logarithmic ? Math.log10(value) : value;
    }

    private List<Double> verticalTicks(double low, double high) {
        if (!logarithmic) {
            return ticks(low, high);
        }
        // 1, 2, 5 a decade while there is room for all of them, only the decades otherwise.
        double[] steps = Math.log10(high / low) < 2.5 ? new double[] {1, 2, 5} : new double[] {1};
        List<Double> ticks = new ArrayList<>();
        for (double decade = Math.floor(Math.log10(low)); decade <= Math.log10(high); decade++) {
            for (double step : steps) {
                double tick = step * Math.pow(10, decade);
                if (tick >= low && tick <= high && ticks.size() < MOST_TICKS) {
                    ticks.add(tick);
                }
            }
        }
        return ticks;
    }

    /** About five round numbers within a range. */
    static List<Double> ticks(double low, double high) {
        double raw = Math.max((high - low) / 5, 1e-9);
        double decade = Math.pow(10, Math.floor(Math.log10(raw)));
        double step = decade * (raw / decade < 1.5 ? 1 : raw / decade < 3.5 ? 2 : raw / decade < 7.5 ? 5 : 10);
        List<Double> ticks = new ArrayList<>();
        double first = Math.ceil(low / step);
        for (int i = 0; i < MOST_TICKS && (first + i) * step <= high + 1e-9 * step; i++) {
            ticks.add((first + i) * step);
        }
        return ticks;
    }

    private static String number(double value) {
        return Math.abs(value) >= 1000 ? text("%.1fk", value / 1000).replace(".0k", "k")
                : Math.abs(value) >= 0.01 || value == 0 ? text("%.4f", value).replaceAll("\\.?0+$", "")
                : text("%.0e", value).replaceFirst("e([+-])0*", "e$1");
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** From values to places on the page. */
    private record Axis(double low, double high, double from, double to) {
        double at(double value) {
            return from + (value - low) / (high - low) * (to - from);
        }
    }
}
