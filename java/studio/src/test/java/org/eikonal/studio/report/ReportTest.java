package org.eikonal.studio.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.eikonal.studio.demo.DemoScene;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.recipe.Recipes;
import org.eikonal.studio.recipe.RunConfig;
import org.eikonal.studio.recipe.RunOptions;
import org.eikonal.studio.report.RunResult.ViewPictures;
import org.eikonal.studio.run.Checkpoint;
import org.eikonal.studio.run.Evaluation;
import org.eikonal.studio.run.Evaluation.ViewQuality;
import org.eikonal.studio.run.TrainingProgress;
import org.eikonal.studio.scene.Scenes;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages, read by an HTML parser. */
class ReportTest {
    private static final String EVIL = "<script>alert(1)";

    @TempDir
    Path folder;

    private RunResult run(String name, int views, Double msSsim, String... settings) throws IOException {
        Path scene = folder.resolve(EVIL);
        if (!Files.exists(scene)) {
            DemoScene.write(scene, 2, 1, 16);
        }
        RunConfig config = RunConfig.resolve(Recipes.usual(), Scenes.open(scene), RunOptions.steps(10, settings));
        List<ViewQuality> qualities = new ArrayList<>();
        List<ViewPictures> pictures = new ArrayList<>();
        for (int i = 0; i < views; i++) {
            String view = i == 0 ? "\"'><img src=http://evil/>" : "r_" + i;
            qualities.add(new ViewQuality(view, 20 + i, 0.5, msSsim, null, 0.25));
            InlinePicture picture = InlinePicture.of(new Picture(4, 3, new byte[48]));
            pictures.add(new ViewPictures(picture, picture, picture));
        }
        List<TrainingProgress> metrics = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            metrics.add(new TrainingProgress(i, i, i / 3.0, Math.pow(10, -i), i == 2 ? null : 10.0 * i, 1, 1, 1, 1));
        }
        metrics.add(new TrainingProgress(4, Double.NaN, 1, Double.NaN, null, 1, 1, 1, 1));
        return new RunResult(name, config, new Checkpoint.Header(10, 10, 3, null, "", List.of()), "cpu",
                new Evaluation(21.5, 0.625, msSsim, null, qualities, 0.25 * views, 1000), metrics, pictures);
    }

    private Document write(RunResult... runs) throws IOException {
        Path file = folder.resolve("out/report.html");
        Report.write(file, "test", List.of(runs));
        Document page = Jsoup.parse(file.toFile(), "UTF-8");
        assertEquals("", Jsoup.parse(file.toFile(), "UTF-8").select("parsererror").text());
        return page;
    }

    /** Nothing is loaded from anywhere, and nothing runs but the one script that the page allows by its hash. */
    private static void requireSelfContained(Document page) throws Exception {
        for (Element element : page.getAllElements()) {
            element.attributes().forEach(attribute -> {
                assertFalse(attribute.getKey().startsWith("on"), element::outerHtml);
                if (List.of("src", "href", "action", "data", "poster", "srcset").contains(attribute.getKey())) {
                    assertTrue(attribute.getValue().startsWith("data:image/") || attribute.getValue().startsWith("#"),
                            element::outerHtml);
                }
            });
        }
        assertEquals(0, page.select("link, iframe, object, embed, base, form").size());
        assertFalse(page.select("style").html().contains("url(") || page.select("style").html().contains("@import"));
        assertEquals(1, page.select("script").size());
        String script = page.selectFirst("script").data();
        String hash = Base64.getEncoder().encodeToString(
                MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8)));
        assertEquals("default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-" + hash + "'",
                page.selectFirst("meta[http-equiv=Content-Security-Policy]").attr("content"));
        assertFalse(script.contains("http") || script.contains("fetch") || script.contains("XMLHttpRequest"));
    }

    @Test
    void aPageOfOneRun() throws Exception {
        Document page = write(run("runs/a", 10, 0.75));
        requireSelfContained(page);
        assertEquals(EVIL, page.selectFirst("h1").wholeText());
        assertEquals(EVIL + " - Eikonal", page.title());
        assertEquals(10, page.select("article[data-view]").size());
        assertEquals(30, page.select("article img").size());
        for (Element image : page.select("article img")) {
            assertEquals("4", image.attr("width"));
            assertFalse(image.attr("alt").isEmpty());
        }
        assertEquals("\"'><img src=http://evil/>", page.selectFirst("article h3").text());
        assertEquals(10, page.select("#view option").size());
        assertEquals(List.of("truth", "render0", "error0"), page.select("#left option").eachAttr("value"));
        assertEquals("render0", page.selectFirst("#right option[selected]").attr("value"));
        assertEquals("range", page.selectFirst("#position").attr("type"));
        assertFalse(page.selectFirst("#position").attr("aria-label").isEmpty());
        List<String> mean = page.select("tr.mean td").eachText();
        assertEquals(List.of("mean", "21.50", "0.6250", "0.7500", "0.250"), mean);
        assertEquals(10, page.select("td a").size());
        page.select("td a").forEach(link -> assertEquals(1, page.select(link.attr("href")).size()));
        assertTrue(page.selectFirst("pre").wholeText().contains("\"log2_hashmap_size\""));
        assertTrue(page.select("table").get(0).text().contains("runs/a instant-ngp 10 3 s 21.50 dB 0.6250 0.7500"));
    }

    @Test
    void linesAreWhereTheFiguresAre() throws IOException {
        Document page = write(run("runs/a", 1, 0.75));
        assertEquals(2, page.select("svg").size());
        String[] loss = page.select("path.line").get(0).attr("d").split("[ML ]");
        // 1, 2, 3 seconds lie evenly; losses of 0.1, 0.01, 0.001 do so on a logarithmic axis, downwards.
        assertEquals(7, loss.length);
        double[] at = new double[6];
        for (int i = 0; i < 6; i++) {
            at[i] = Double.parseDouble(loss[i + 1]);
        }
        assertEquals(at[2] - at[0], at[4] - at[2], 0.11);
        assertEquals(at[3] - at[1], at[5] - at[3], 0.21);
        assertTrue(at[2] > at[0] && at[3] > at[1]);
        assertEquals(2, page.select("path.line").get(1).attr("d").split("L").length, "one line has no PSNR");
    }

    @Test
    void aPageOfSeveralRuns() throws Exception {
        Document page = write(run("runs/a", 3, null), run("runs/<b>", 3, null, "encoding.log2_hashmap_size=15"));
        requireSelfContained(page);
        assertEquals(3, page.select("article").size());
        assertEquals(15, page.select("article img").size());
        assertEquals(List.of("truth", "render0", "error0", "render1", "error1"),
                page.select("#right option").eachAttr("value"));
        assertEquals("render1", page.selectFirst("#right option[selected]").attr("value"));
        assertEquals("error of runs/<b>", page.select("#left option").get(4).text());
        assertEquals(4, page.select("path.line").size());
        Element differences = page.select("table").get(2);
        assertEquals("setting runs/a runs/<b>", differences.selectFirst("thead").text());
        List<String> rows = differences.select("tbody tr").eachText();
        assertTrue(rows.size() == 1 && rows.get(0).matches("encoding.log2_hashmap_size \\d+ 15"), rows::toString);
        assertEquals("-", page.select("tr.mean td").get(3).text());
    }

    @ParameterizedTest
    @CsvSource({"1e15, 1e15", "-1e308, 1e308", "1e-300, 1e300", "0, 0", "3, 3.0000000000000004"})
    void figuresThatNoTrainingHasAreDrawnAllTheSame(double low, double high) throws IOException {
        RunResult run = run("runs/a", 1, 0.75);
        List<TrainingProgress> metrics = List.of(new TrainingProgress(1, 1, 0.5, Math.abs(low), low, 1, 1, 1, 1),
                new TrainingProgress(2, 1e300, 1, Math.abs(high), high, 1, 1, 1, 1));
        Document page = write(new RunResult(run.name(), run.config(), run.header(), run.device(), run.evaluation(),
                metrics, run.views()));
        assertTrue(page.select("svg text").size() < 60, page.select("svg")::text);
        assertEquals(1, page.select("article").size());
    }

    @Test
    void aHundredViewsAreOnePage() throws IOException {
        Document page = write(run("runs/a", 100, 0.75));
        assertEquals(100, page.select("article").size());
        assertFalse(page.selectFirst("details").hasAttr("open"), "a long table is closed at first");
        assertTrue(write(run("runs/a", 5, 0.75)).selectFirst("details").hasAttr("open"));
    }

    @Test
    void aRunWithoutMetricsHasNoCurves() throws IOException {
        RunResult run = run("runs/a", 1, 0.75);
        Document page = write(new RunResult(run.name(), run.config(), run.header(), run.device(), run.evaluation(),
                List.of(), run.views()));
        assertEquals(0, page.select("svg").size());
        assertEquals(1, page.select("article").size());
    }
}
