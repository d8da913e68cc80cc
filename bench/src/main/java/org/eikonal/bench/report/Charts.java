package org.eikonal.bench.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Pictures of a run, each of one kind. */
final class Charts {
    private static final Color[] COLORS = {
        new Color(0x0072B2), new Color(0xD55E00), new Color(0x009E73), new Color(0xCC79A7), new Color(0x999999)
    };
    private static final BasicStroke DASHED =
            new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {6, 5}, 0);
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 560;

    private final Path folder;

    Charts(Path folder) {
        this.folder = folder;
    }

    /** One line with its floor, dashed, below it. */
    record Line(String name, List<Double> x, List<Double> time, List<Double> floor) {
        static Line of(String name, Run run, String benchmark, String parameter, String... others) {
            Line line = new Line(name, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (int value : run.values(benchmark, parameter, others)) {
                List<String> all = new ArrayList<>(List.of(others));
                all.add(parameter + "=" + value);
                run.find(benchmark, all.toArray(new String[0])).ifPresent(result -> {
                    line.x.add(parameter.startsWith("log2") ? value : Math.log(value) / Math.log(2));
                    line.time.add(result.time());
                    line.floor.add(result.floor());
                });
            }
            return line;
        }
    }

    /**
     * Cost against something, both logarithmic.
     *
     * @param powers whether x is written as a power of two, not as a number
     * @return whether there was anything to draw
     */
    boolean lines(Pictures.Picture picture, String x, boolean powers, List<Line> lines) throws IOException {
        XYChart chart = new XYChartBuilder().width(WIDTH).height(HEIGHT).title(picture.title()).xAxisTitle(x)
                .yAxisTitle("ns a point").build();
        style(chart.getStyler());
        chart.getStyler().setYAxisLogarithmic(true);
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        double left = Double.POSITIVE_INFINITY;
        double right = 0;
        int drawn = 0;
        for (Line line : lines) {
            if (line.x.size() < 2) {
                continue;
            }
            Color color = COLORS[drawn++ % COLORS.length];
            XYSeries time = chart.addSeries(line.name, line.x, line.time);
            time.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(color).setLineColor(color).setLineWidth(2.5f);
            if (line.floor.stream().allMatch(Double::isFinite)) {
                XYSeries floor = chart.addSeries(line.name + ": floor", line.x, line.floor);
                floor.setMarker(SeriesMarkers.NONE).setLineColor(color);
                floor.setLineStyle(DASHED);
            }
            for (int i = 0; i < line.x.size(); i++) {
                double floor = line.floor.get(i);
                least = Math.min(least, Double.isFinite(floor) ? Math.min(floor, line.time.get(i)) : line.time.get(i));
                most = Math.max(most, line.time.get(i));
                left = Math.min(left, line.x.get(i));
                right = Math.max(right, line.x.get(i));
            }
        }
        if (drawn == 0) {
            return false;
        }
        // One label for each point: the marks of a logarithmic axis would be decades.
        chart.getStyler().setXAxisMin(left).setXAxisMax(right).setXAxisMaxLabelCount(Math.max(2, (int) (right - left) + 1));
        chart.getStyler().setXAxisTickLabelsFormattingFunction(value -> value != Math.rint(value) ? ""
                : powers ? "2^" + Math.round(value) : "" + Math.round(Math.pow(2, value)));
        range(chart.getStyler(), least, most);
        save(chart, picture);
        return true;
    }

    /** Bars in groups: for each label a value of each series. */
    static final class Bars {
        private final Map<String, Map<String, Double>> series = new LinkedHashMap<>();
        private final Set<String> labels = new LinkedHashSet<>();

        void add(String name, String label, double value) {
            if (Double.isFinite(value)) {
                labels.add(label);
                series.computeIfAbsent(name, n -> new LinkedHashMap<>()).put(label, fewDigits(value));
            }
        }
    }

    /** A bar is as wide as few digits. */
    private static double fewDigits(double value) {
        return value < 10 ? Math.rint(value * 100) / 100 : Math.rint(value);
    }

    /**
     * Bars with their values, and a line across.
     *
     * @return whether there was anything to draw
     */
    boolean bars(Pictures.Picture picture, String y, boolean logarithmic, double line, String lineName, Bars bars)
            throws IOException {
        if (bars.labels.isEmpty()) {
            return false;
        }
        CategoryChart chart = new CategoryChartBuilder().width(Math.max(WIDTH, 100 * bars.labels.size()))
                .height(HEIGHT + 100).title(picture.title()).yAxisTitle(y).build();
        style(chart.getStyler());
        chart.getStyler().setXAxisMaxLabelCount(Math.max(2, bars.labels.size())).setXAxisLabelRotation(30)
                .setYAxisLogarithmic(logarithmic).setYAxisDecimalPattern("#,##0.##");
        chart.getStyler().setAvailableSpaceFill(0.85).setLabelsVisible(true)
                .setLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11)).setLabelsPosition(0.97);
        int color = 0;
        double least = line;
        double most = line;
        List<String> labels = List.copyOf(bars.labels);
        for (Map.Entry<String, Map<String, Double>> entry : bars.series.entrySet()) {
            // A list that may hold null: no bar.
            List<Double> values = new ArrayList<>();
            labels.forEach(label -> values.add(entry.getValue().get(label)));
            chart.addSeries(entry.getKey(), labels, values).setFillColor(COLORS[color++ % COLORS.length]);
            for (double value : entry.getValue().values()) {
                least = Math.min(least, value);
                most = Math.max(most, value);
            }
        }
        CategorySeries mark = chart.addSeries(lineName, labels, labels.stream().map(label -> line).toList());
        mark.setChartCategorySeriesRenderStyle(CategorySeries.CategorySeriesRenderStyle.Line)
                .setMarker(SeriesMarkers.NONE).setLineColor(Color.BLACK).setLineStyle(DASHED);
        if (logarithmic) {
            range(chart.getStyler(), least, most);
        } else {
            chart.getStyler().setYAxisMin(0.0).setYAxisMax(Math.ceil(most * 1.15 * 10) / 10);
        }
        save(chart, picture);
        return true;
    }

    private static void range(AxesChartStyler styler, double least, double most) {
        styler.setYAxisMin(least / 1.3).setYAxisMax(most * 1.3).setYAxisLogarithmicDecadeOnly(false)
                .setYAxisDecimalPattern("#,##0.###");
    }

    private static void style(AxesChartStyler styler) {
        styler.setChartBackgroundColor(Color.WHITE).setPlotBackgroundColor(Color.WHITE).setPlotBorderVisible(false)
                .setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 16))
                .setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13)).setLegendBorderColor(Color.WHITE)
                .setChartTitleBoxVisible(false).setLegendPosition(Styler.LegendPosition.OutsideE);
        styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14))
                .setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13))
                .setPlotGridLinesColor(new Color(0xDDDDDD));
    }

    private void save(Chart<?, ?> chart, Pictures.Picture picture) throws IOException {
        ImageIO.write(BitmapEncoder.getBufferedImage(chart), "png", folder.resolve(picture.file() + ".png").toFile());
    }
}
