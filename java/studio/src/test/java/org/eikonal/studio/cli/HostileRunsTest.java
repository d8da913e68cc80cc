package org.eikonal.studio.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eikonal.studio.demo.DemoScene;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs that were damaged or are meant to harm, through the whole program: every command refuses them in one line, and
 * leaves every file as it was. A damaged checkpoint is never taken for a run that has none.
 */
class HostileRunsTest {
    /** So small that checkpoints have some tens of kilobytes and steps take no time. */
    private static final String[] TINY = {
        "--set", "encoding.n_levels=2", "--set", "encoding.log2_hashmap_size=8", "--set", "network.n_neurons=16",
        "--set", "rgb_network.n_neurons=16", "--set", "occupancy.resolution=16", "--set", "samples_per_step=4096",
    };

    @TempDir
    static Path folder;

    private static Path scene;
    private static Path good;

    private Path run;
    private Path checkpoint;
    private byte[] whole;

    @BeforeAll
    static void train() throws IOException {
        scene = folder.resolve("scene");
        good = folder.resolve("good");
        DemoScene.write(scene, 3, 1, 16);
        Program.run("train", scene, "--run", good, "--steps", 3, TINY).succeeded();
        Program.run("render", good, "--split", "test", "--out", good.resolve("pictures")).succeeded();
    }

    @BeforeEach
    void copy() throws IOException {
        run = folder.resolve("run");
        checkpoint = run.resolve("checkpoint.eik");
        for (Map.Entry<Path, byte[]> file : files(good).entrySet()) {
            Path to = run.resolve(good.relativize(file.getKey()));
            Files.createDirectories(to.getParent());
            Files.write(to, file.getValue());
        }
        whole = Files.readAllBytes(checkpoint);
    }

    @AfterEach
    void delete() throws IOException {
        for (Path file : files(run).keySet()) {
            Files.delete(file);
        }
    }

    private static Map<Path, byte[]> files(Path folder) throws IOException {
        Map<Path, byte[]> files = new TreeMap<>();
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                files.put(file, Files.readAllBytes(file));
            }
        }
        return files;
    }

    /** Every command refuses the run with these words, and not a byte of it changes. */
    private void assertRefused(int code, String... words) throws IOException {
        Map<Path, byte[]> before = files(run);
        Path out = folder.resolve("out");
        Object[][] commands = {
            {"eval", run}, {"eval", run, "--json"}, {"render", run, "--orbit", 1, "--out", out},
            {"train", scene, "--run", run, "--resume", "--steps", 5}, {"train", scene, "--run", run, "--steps", 5},
        };
        for (Object[] command : commands) {
            boolean anew = command[0].equals("train") && !Arrays.asList(command).contains("--resume");
            String line = Program.run(command).failed(anew ? Main.FAILED : code);
            for (String word : anew ? new String[] {"there is a run already"} : words) {
                assertTrue(line.contains(word), line);
            }
            assertTrue(line.length() < 400, line);
        }
        assertFalse(Files.exists(out));
        Map<Path, byte[]> after = files(run);
        assertEquals(before.keySet(), after.keySet());
        before.forEach((file, bytes) -> assertArrayEquals(bytes, after.get(file), file::toString));
    }

    @Test
    void aCheckpointCutAtEveryKilobyte() throws IOException {
        assertTrue(whole.length > 30_000, "length " + whole.length);
        for (int length = 0; length < whole.length; length += 1024) {
            Files.write(checkpoint, Arrays.copyOf(whole, length));
            assertRefused(Main.FAILED, checkpoint.toString(),
                    length == 0 ? "no Eikonal checkpoint" : "damaged checkpoint",
                    "restore it from a copy, or delete it");
        }
    }

    @Test
    void aCheckpointWithASingleWrongByte() throws IOException {
        int header = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(12);
        for (int at = 0; at < whole.length; at += at < 16 + header ? 9 : whole.length / 20) {
            byte[] flipped = whole.clone();
            flipped[at] ^= (byte) (1 << at % 8);
            Files.write(checkpoint, flipped);
            assertRefused(Main.FAILED, checkpoint.toString());
        }
    }

    @Test
    void aHeaderThatClaimsMoreThanThereIs() throws IOException {
        String text = new String(whole, 16, ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(12));
        String claim = text.replaceFirst("\"count\":\\d+", "\"count\":1152921504606846976");
        assertFalse(claim.equals(text));
        Files.write(checkpoint, ByteBuffer.allocate(whole.length + 100).order(ByteOrder.LITTLE_ENDIAN).put(whole, 0, 12)
                .putInt(claim.length()).put(claim.getBytes()).array());
        assertRefused(Main.FAILED, checkpoint.toString(), "damaged checkpoint (it is too short for its tensors)");
    }

    @Test
    void aCheckpointOfAnotherRun() throws IOException {
        Path other = folder.resolve("other");
        Program.run("train", scene, "--run", other, "--steps", 3, TINY, "--set", "encoding.n_levels=3").succeeded();
        Files.copy(other.resolve("checkpoint.eik"), checkpoint, StandardCopyOption.REPLACE_EXISTING);
        assertRefused(Main.FAILED, checkpoint.toString(), "it was made with another configuration than the config");
    }

    @Test
    void aConfigurationCutOrEdited() throws IOException {
        Path config = run.resolve("config.json");
        String text = Files.readString(config);
        for (int length = 0; length < text.length() - 2; length += 97) {
            Files.writeString(config, text.substring(0, length));
            assertRefused(Main.USAGE, config + ": ", "restore it from a copy, or train another run");
        }
        for (List<String> edit : List.of(List.of("\"threads\" : 0", "\"threads\" : -5", "threads is -5"),
                List.of("\"seed\" : 0", "\"seed\" : 1e300", "seed is 1.0E300"),
                List.of("\"device\" : \"auto\"", "\"device\" : \"gpu\"", "device is \"gpu\"; it must be auto, cpu,"),
                List.of("\"scene\" : \"", "\"scene\" : \"\\u0000", "scene is "))) {
            assertTrue(text.contains(edit.get(0)), text);
            Files.writeString(config, text.replace(edit.get(0), edit.get(1)));
            assertRefused(Main.USAGE, config + ": ", edit.get(2));
        }
        Files.writeString(config, text.replace("\"n_levels\" : 2", "\"n_levels\" : 400"));
        assertRefused(Main.FAILED, checkpoint.toString(), "another configuration");
        // Without a checkpoint to compare it with, the engine finds the fault, and the file is still named.
        Files.delete(checkpoint);
        assertTrue(Program.run("train", scene, "--run", run, "--resume").failed(Main.USAGE)
                .contains(config + ": encoding HashGrid: \"n_levels\" is 400, must be in [1, 32]"));
    }

    @Test
    void tornMetricsAndLeftoversAreInNobodysWay() throws IOException {
        Path metrics = run.resolve("metrics.jsonl");
        String line = Files.readString(metrics);
        Files.writeString(metrics, line + "{\"step\":4,\"seco");
        Files.write(run.resolve(".checkpoint.eik.tmp"), Arrays.copyOf(whole, 5000));
        Files.writeString(run.resolve(".config.json.tmp"), "{\"rec");
        Program.run("train", scene, "--run", run, "--resume", "--steps", 6).succeeded();
        List<String> lines = Files.readAllLines(metrics);
        assertEquals(2, lines.size(), lines::toString);
        assertTrue(lines.get(0).startsWith("{\"step\":3,") && lines.get(1).startsWith("{\"step\":6,"), lines::toString);
        assertEquals(files(good).size(), files(run).size(), () -> "leftovers in " + run);
        assertEquals(6, Program.run("eval", run, "--json").json().get("steps").asInt());
    }

    @Test
    void withoutItsCheckpointARunStartsAnewAndSaysSo() throws IOException {
        Files.delete(checkpoint);
        assertTrue(Program.run("eval", run).failed(Main.FAILED).contains("there is no checkpoint yet"));
        Program again = Program.run("train", scene, "--run", run, "--resume").succeeded();
        assertTrue(again.err().contains("there is no checkpoint yet, starting anew"), again.err());
        assertEquals(Program.run("eval", good, "--json").json().get("parametersSha256"),
                Program.run("eval", run, "--json").json().get("parametersSha256"));
    }

    /** A limit on the size of files stands for a full disk: the system refuses to write in the middle of a file. */
    @Test
    void aFullDisk() throws IOException, InterruptedException {
        Path large = folder.resolve("large");
        Object[] train = {"train", scene, "--run", large, TINY, "--set", "encoding.n_levels=16",
            "--set", "encoding.log2_hashmap_size=17", "--resume", "--steps"};
        Program.run(train, 1).succeeded();
        checkpoint = large.resolve("checkpoint.eik");
        assertTrue(Files.size(checkpoint) > 33 << 20, "length " + Files.size(checkpoint));
        Map<Path, byte[]> before = files(large);
        Path log = folder.resolve("log.txt");
        Process process = Program.startLimited(log, 32 << 20, train, 2);
        assertEquals(Main.FAILED, process.waitFor(), Files.readString(log));
        String said = Files.readString(log);
        String last = said.strip().lines().reduce((one, next) -> next).orElseThrow();
        assertEquals("eikonal: " + checkpoint + ": there is no room (File too large); free some, and what was saved"
                + " before is still there", last, said);
        assertEquals(before.keySet(), files(large).keySet());
        assertArrayEquals(before.get(checkpoint), Files.readAllBytes(checkpoint));
        Program.run(train, 2).succeeded();
        assertEquals(2, Program.run("eval", large, "--json").json().get("steps").asInt());
    }
}
