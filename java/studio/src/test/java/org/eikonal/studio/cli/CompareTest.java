package org.eikonal.studio.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eikonal.studio.demo.DemoScene;
import org.eikonal.studio.quality.OnnxModel;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareTest {
    @TempDir
    static Path folder;

    private static Path first;
    private static Path second;

    @BeforeAll
    static void train() throws IOException {
        DemoScene.write(folder.resolve("scene"), 6, 3, 24);
        first = train("scene", "first", 60);
        second = train("scene", "second", 20, "--set", "sampler.steps=256");
    }

    private static Path train(String scene, String name, int steps, Object... more) {
        Path run = folder.resolve(name);
        Program.run("train", folder.resolve(scene), "--run", run, "--steps", steps, "--device", "cpu", Program.SMALL,
                more).succeeded();
        return run;
    }

    @Test
    void figuresAreThoseOfEval() throws IOException {
        Path report = folder.resolve("reports/compare.html");
        String table = Program.run("compare", first, second, "--report", report).succeeded().out();
        for (Path run : List.of(first, second)) {
            JsonNode json = Program.run("eval", run, "--json").json();
            String line = table.lines().filter(text -> text.startsWith(run + " ")).findFirst().orElseThrow();
            String[] columns = line.strip().split(" +");
            assertEquals("instant-ngp", columns[1]);
            assertEquals(json.get("steps").asText(), columns[2]);
            assertEquals(Console.text("%.3f", json.get("psnr").asDouble()), columns[4]);
            assertEquals(Console.text("%.4f", json.get("ssim").asDouble()), columns[5]);
            assertEquals("-", columns[6], "24 pixels are too few for five scales");
            assertFalse(json.has("msSsim") || json.at("/views/0").has("msSsim"), json::toString);
        }
        Document page = Jsoup.parse(report.toFile(), "UTF-8");
        assertEquals(3, page.select("article").size());
        assertEquals(15, page.select("article img").size());
    }

    @Test
    void whatCannotBeComparedIsRefused() throws IOException {
        DemoScene.write(folder.resolve("other"), 3, 1, 16);
        Path other = train("other", "elsewhere", 2);
        String line = Program.run("compare", first, other).failed(Main.FAILED);
        assertTrue(line.contains("elsewhere: it is a run of the scene"), line);
        assertTrue(line.contains("compare runs of one scene"), line);
        Path black = train("scene", "black", 2, "--set", "background=[0,0,0]");
        assertTrue(Program.run("compare", first, black).failed(Main.FAILED)
                .contains("its background is [0.0, 0.0, 0.0]"));
        assertTrue(Program.run("compare", first, folder.resolve("none")).failed(Main.FAILED).contains("no run here"));
        assertEquals(Main.USAGE, Program.run("compare", first).code());
        Path report = Files.createDirectories(folder.resolve("folder.html"));
        assertTrue(Program.run("compare", first, second, "--report", report).failed(Main.USAGE)
                .contains("folder.html is a folder; name a file, such as report.html"));
    }

    @Test
    void lpipsIsMeasuredByANetworkOfOnesOwn() throws IOException {
        Path network = folder.resolve("network.onnx");
        OnnxModel.write(network, 0, 0, true);
        JsonNode json = Program.run("eval", first, "--json", "--lpips", network).json();
        double sum = 0;
        for (JsonNode view : json.get("views")) {
            sum += view.get("lpips").asDouble();
        }
        assertTrue(sum != 0);
        assertEquals(sum / 3, json.get("lpips").asDouble(), 1e-9);
        String mean = Console.text("%.4f", json.get("lpips").asDouble());
        Path report = folder.resolve("lpips.html");
        String table = Program.run("eval", first, "--lpips", network, "--report", report).succeeded().out();
        assertTrue(table.lines().findFirst().orElseThrow().matches("view +PSNR +SSIM +MS-SSIM +LPIPS +seconds"), table);
        String last = table.lines().filter(line -> line.startsWith("mean ")).findFirst().orElseThrow();
        assertEquals(mean, last.split(" +")[4]);
        Document page = Jsoup.parse(report.toFile(), "UTF-8");
        assertEquals(List.of("LPIPS", "LPIPS"), page.select("th:contains(LPIPS)").eachText());
        assertEquals(mean, page.selectFirst("tr.mean").child(4).text());
        String both = Program.run("compare", first, second, "--lpips", network).succeeded().out();
        assertEquals(mean, both.lines().filter(line -> line.startsWith(first + " ")).findFirst().orElseThrow()
                .split(" +")[7]);
        assertTrue(Program.run("eval", first, "--lpips", folder.resolve("none")).failed(Main.USAGE)
                .contains("none: no such file; name an LPIPS network in ONNX"));
    }

    @Test
    void evaluationWritesAReport() throws IOException {
        Path report = folder.resolve("report.html");
        Program.run("eval", first, "--report", report).succeeded();
        Document page = Jsoup.parse(report.toFile(), "UTF-8");
        assertEquals("scene", page.selectFirst("h1").text());
        assertEquals(List.of("r_0", "r_1", "r_2"), page.select("article h3").eachText());
        assertTrue(page.selectFirst("article img").attr("src").startsWith("data:image/png;base64,"));
    }
}
