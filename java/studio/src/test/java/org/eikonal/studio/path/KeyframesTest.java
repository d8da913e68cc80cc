package org.eikonal.studio.path;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eikonal.Pose;
import org.eikonal.studio.path.Keyframes.Key;
import org.eikonal.studio.scene.JsonObject;
import org.eikonal.studio.scene.SceneException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyframesTest {
    /** Turned about z, at a place. */
    private static Pose turned(double angle, double x, double y, double z) {
        return new Pose(Math.cos(angle), -Math.sin(angle), 0, x, Math.sin(angle), Math.cos(angle), 0, y, 0, 0, 1, z);
    }

    private static final List<Key> FOUR = List.of(
            new Key(Pose.lookAt(new double[] {4, 0, 1}, new double[3], new double[] {0, 0, 1}), 40),
            new Key(Pose.lookAt(new double[] {0, 4, 2}, new double[3], new double[] {0, 0, 1}), 50),
            new Key(Pose.lookAt(new double[] {-4, 1, 3}, new double[3], new double[] {0, 0, 1}), 30),
            new Key(Pose.lookAt(new double[] {1, -4, 0}, new double[3], new double[] {0, 0, 1}), 60));

    @Test
    void twoKeyframesAreJoinedByAStraightLineAndAnEvenTurn() {
        List<Key> frames = new Keyframes(List.of(new Key(turned(0.2, 1, 2, 3), 40), new Key(turned(1.4, 5, 0, 3), 60)),
                1, 11, false).frames();
        assertEquals(11, frames.size());
        for (int i = 0; i < 11; i++) {
            double t = i / 10.0;
            assertArrayEquals(turned(0.2 + 1.2 * t, 1 + 4 * t, 2 - 2 * t, 3).matrix(),
                    frames.get(i).pose().matrix(), 1e-12);
            assertEquals(40 + 20 * t, frames.get(i).fov(), 1e-12);
        }
    }

    @Test
    void theWayGoesThroughItsKeyframesByTheShorterTurn() {
        List<Key> frames = new Keyframes(FOUR, 1, 31, false).frames();
        for (int key = 0; key < 4; key++) {
            assertArrayEquals(FOUR.get(key).pose().matrix(), frames.get(10 * key).pose().matrix(), 1e-9);
            assertEquals(FOUR.get(key).fov(), frames.get(10 * key).fov(), 1e-9);
        }
        // From 170 to 190 degrees about z, not the long way round.
        List<Key> half = new Keyframes(List.of(new Key(turned(Math.toRadians(170), 0, 0, 0), 40),
                new Key(turned(Math.toRadians(190), 0, 0, 0), 40)), 1, 3, false).frames();
        assertArrayEquals(turned(Math.PI, 0, 0, 0).matrix(), half.get(1).pose().matrix(), 1e-12);
    }

    @Test
    void neitherPlaceNorTurnJerksAndALoopCloses() {
        for (boolean loop : new boolean[] {false, true}) {
            int count = loop ? 4000 : 3001;
            List<Key> frames = new Keyframes(FOUR, 1, count, loop).frames();
            assertEquals(count, frames.size());
            List<double[]> speeds = new ArrayList<>();
            for (int i = 0; i + 1 < count || loop && i < count; i++) {
                double[] from = frames.get(i).pose().matrix();
                double[] to = frames.get((i + 1) % count).pose().matrix();
                double[] speed = new double[12];
                for (int k = 0; k < 12; k++) {
                    speed[k] = (to[k] - from[k]) * 1000;
                }
                speeds.add(speed);
            }
            for (int i = 0; i + 1 < speeds.size(); i++) {
                for (int k = 0; k < 12; k++) {
                    // An acceleration of at most 40 a span squared; a kink would be a jump of speed as large as itself.
                    assertEquals(speeds.get(i)[k], speeds.get(i + 1)[k], 0.04, "frame " + i + ", entry " + k);
                }
            }
            for (Key frame : frames) {
                for (int a = 0; a < 3; a++) {
                    for (int b = 0; b < 3; b++) {
                        double dot = 0;
                        for (int row = 0; row < 3; row++) {
                            dot += frame.pose().at(row, a) * frame.pose().at(row, b);
                        }
                        assertEquals(a == b ? 1 : 0, dot, 1e-12);
                    }
                }
            }
        }
    }

    @Test
    void oneKeyframeIsAStandingCamera() {
        for (boolean loop : new boolean[] {false, true}) {
            for (Key frame : new Keyframes(FOUR.subList(0, 1), 2, 5, loop).frames()) {
                assertArrayEquals(FOUR.get(0).pose().matrix(), frame.pose().matrix(), 1e-12);
            }
        }
    }

    @Test
    void ourOwnReaderReadsTheCameraPath(@TempDir Path folder) throws IOException {
        Keyframes keyframes = new Keyframes(FOUR, 2, 12, true);
        Path file = folder.resolve("camera_path.json");
        Files.writeString(file, keyframes.cameraPath(64, 48).toString());
        CameraPath read = CameraPath.read(file);
        assertEquals(12, read.fps().orElseThrow());
        List<Shot> shots = keyframes.shots(64, 48);
        assertEquals(24, read.shots().size());
        for (int i = 0; i < 24; i++) {
            assertEquals(shots.get(i).camera(), read.shots().get(i).camera());
            assertArrayEquals(keyframes.frames().get(i).pose().matrix(), shots.get(i).camera().pose().matrix());
        }
        Keyframes again = Keyframes.ofCameraPath(JsonObject.read(file));
        assertEquals(keyframes.frames().size(), again.frames().size());
        for (int key = 0; key < 4; key++) {
            assertArrayEquals(FOUR.get(key).pose().matrix(), again.keys().get(key).pose().matrix(), 1e-12);
        }
        assertEquals(keyframes.json(), again.json().deepCopy().setAll(keyframes.json()));
        assertTrue(again.loop());
    }

    private static Keyframes read(String text) {
        return Keyframes.read(JsonObject.parse("request", text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whatCannotBeMeantIsToldInOneLine() {
        String key = "{\"pose\":[1,0,0,0,0,1,0,0,0,0,1,0],\"fov\":40}";
        assertEquals(1, read("{\"keyframes\":[" + key + "],\"seconds\":1,\"fps\":10}").keys().size());
        for (String wrong : List.of(
                "{\"keyframes\":[],\"seconds\":1,\"fps\":10}",
                "{\"keyframes\":7,\"seconds\":1,\"fps\":10}",
                "{\"keyframes\":[" + key + "],\"seconds\":-1,\"fps\":10}",
                "{\"keyframes\":[" + key + "],\"seconds\":3600,\"fps\":240}",
                "{\"keyframes\":[" + key + "],\"seconds\":1}",
                "{\"keyframes\":[" + key + "],\"seconds\":1,\"fps\":NaN}",
                "{\"keyframes\":[" + key.replace("40", "180") + "],\"seconds\":1,\"fps\":10}",
                "{\"keyframes\":[" + key.replace("[1,", "[0,") + "],\"seconds\":1,\"fps\":10}",
                "{\"keyframes\":[" + key.replace("[1,", "[1e999,") + "],\"seconds\":1,\"fps\":10}",
                "{\"keyframes\":[" + key + "],\"seconds\":1,\"fps\":10,\"loop\":3}", "[]", "")) {
            String message = assertThrows(SceneException.class, () -> read(wrong), wrong).getMessage();
            assertTrue(message.startsWith("request: ") && !message.contains("\n"), message);
        }
    }
}
