package org.eikonal.studio.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsLogTest {
    @TempDir
    Path folder;

    private static TrainingProgress at(long step) {
        return new TrainingProgress(step, 1, 0.5, 0.01, null, 1, 1, 0.01, 1);
    }

    private static List<String> steps(Path file) throws IOException {
        return Files.readAllLines(file).stream().map(line -> line.replaceAll(".*\"step\":(\\d+).*", "$1")).toList();
    }

    @Test
    void whatALostPastWroteIsDropped() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        try (MetricsLog log = MetricsLog.open(file, 0)) {
            for (long step = 10; step <= 40; step += 10) {
                log.append(at(step));
            }
        }
        assertFalse(Files.readString(file).contains("train_psnr"));
        Files.writeString(file, Files.readString(file) + "{\"step\":5");
        try (MetricsLog log = MetricsLog.open(file, 25)) {
            log.append(at(30));
        }
        assertEquals(List.of("10", "20", "30"), steps(file));
        try (MetricsLog log = MetricsLog.open(file, 30)) {
            log.append(at(31));
        }
        assertEquals(List.of("10", "20", "30", "31"), steps(file));
    }

    @Test
    void foreignLinesInTheMiddleStayAndTornEndsGo() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        String good = "{\"step\":1}\nnot ours\n{\"step\":\"2\"}\n\n[3]\n" + "x".repeat(200_000) + "\n{\"step\":4}\n";
        for (String end : List.of("", "{\"st", "{\"step\":5}", "\u0000\u0000\u0000", "null\n",
                "{\"step\":99}\n{\"step\":3}\n")) {
            Files.writeString(file, good + end);
            MetricsLog.open(file, 10).close();
            assertEquals(good, Files.readString(file), end);
        }
        Files.writeString(file, good);
        MetricsLog.open(file, 3).close();
        assertEquals("{\"step\":1}\n", Files.readString(file));
    }

    @Test
    void linksAreNotWrittenThrough() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious.txt"), "precious");
        Path file = Files.createSymbolicLink(folder.resolve("metrics.jsonl"), precious);
        RunException e = assertThrows(RunException.class, () -> MetricsLog.open(file, 0));
        assertTrue(e.getMessage().startsWith(file + ": it is a link"), e.getMessage());
        assertEquals("precious", Files.readString(precious));
    }

    @Test
    void oneRunIsTrainedOnce() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        try (MetricsLog log = MetricsLog.open(file, 0)) {
            log.append(at(1));
            assertThrows(RunException.class, () -> MetricsLog.open(file, 0));
        }
        assertEquals(List.of("1"), steps(file));
    }

    @Test
    void whatIsReadIsOurs() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        assertEquals(List.of(), MetricsLog.read(file));
        String ours = "{\"step\":%d,\"seconds\":2.5,\"loss\":0.125,\"train_psnr\":9.5,\"added_later\":true}\n";
        Files.writeString(file, String.format(ours, 1) + "no JSON\n{\"step\":2,\"loss\":\"high\"}\n"
                + "x".repeat(100_000) + "\n" + String.format(ours, 3) + String.format(ours, 4).strip());
        List<TrainingProgress> read = MetricsLog.read(file);
        assertEquals(List.of(1L, 3L), read.stream().map(TrainingProgress::step).toList(), "the last line is not whole");
        assertEquals(2.5, read.get(1).seconds());
        assertEquals(0.125, read.get(1).loss());
        assertEquals(9.5, read.get(1).trainPsnr());
    }
}
