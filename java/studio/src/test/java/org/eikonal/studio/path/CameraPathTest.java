package org.eikonal.studio.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.eikonal.Lens;
import org.eikonal.Pose;
import org.eikonal.studio.scene.SceneException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CameraPathTest {
    private static final String JSON = "{\"camera_type\":\"perspective\",\"render_width\":400,\"render_height\":300,"
            + "\"fps\":24,\"seconds\":4,\"keyframes\":[],\"camera_path\":[{\"camera_to_world\":"
            + "[1,0,0,5, 0,0,-1,6, 0,1,0,7, 0,0,0,1],\"fov\":90,\"aspect\":1.33},{\"camera_to_world\":"
            + "[1,0,0,8,0,1,0,9,0,0,1,10,0,0,0,1],\"fov\":60,\"aspect\":1.33}]}";

    @TempDir
    Path folder;

    private CameraPath read(String json) throws IOException {
        return CameraPath.read(Files.writeString(folder.resolve("camera_path.json"), json));
    }

    @Test
    void camerasAreThoseOfTheFile() throws IOException {
        CameraPath path = read(JSON);
        assertEquals(2, path.shots().size());
        assertEquals(OptionalDouble.of(24), path.fps());
        Shot first = path.shots().get(0);
        assertEquals("0000", first.name());
        assertFalse(first.panorama());
        assertEquals(Lens.PERSPECTIVE, first.camera().lens());
        assertEquals(400, first.camera().width());
        assertEquals(300, first.camera().height());
        assertEquals(150, first.camera().fy(), 1e-4); // 300 / 2 / tan(45 degrees)
        assertEquals(150, first.camera().fx(), 1e-4);
        assertEquals(200, first.camera().cx());
        assertEquals(new Pose(1, 0, 0, 5, 0, 0, -1, 6, 0, 1, 0, 7), first.camera().pose());
        assertEquals(150 * Math.sqrt(3), path.shots().get(1).camera().fx(), 1e-4);
        assertEquals(9, path.shots().get(1).camera().pose().at(1, 3));
    }

    @Test
    void lensesAndRates() throws IOException {
        Shot fisheye = read(JSON.replace("perspective", "FISHEYE")).shots().get(0);
        assertEquals(Lens.FISHEYE, fisheye.camera().lens());
        assertEquals(150, fisheye.camera().fx(), 1e-4);
        CameraPath panorama = read(JSON.replace("perspective", "equirectangular").replace("\"fov\":90,", ""));
        assertTrue(panorama.shots().get(0).panorama());
        assertEquals(OptionalDouble.of(0.5), read(JSON.replace("\"fps\":24,", "")).fps());
        CameraPath bare = read(JSON.replace("\"fps\":24,\"seconds\":4,", "")
                .replace("\"camera_type\":\"perspective\",", ""));
        assertTrue(bare.fps().isEmpty());
        assertEquals(Lens.PERSPECTIVE, bare.shots().get(0).camera().lens());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "\"camera_path\"        | \"path\"          | camera_path is missing; write an array of objects",
        "\"render_width\":400   | \"render_width\":0 | render_width is 0; write a whole number from 1 to 65536",
        "\"render_height\":300  | \"h\":300         | render_height is missing",
        "\"render_height\":300  | \"render_height\":1e99 | render_height is",
        "perspective            | vr180             | camera_type is \"vr180\"; use perspective, fisheye or",
        "\"fov\":60             | \"fov\":0         | camera_path[1].fov is 0; the vertical field of view must be",
        "\"fov\":60             | \"fov\":180       | camera_path[1].fov is 180",
        "\"fov\":60             | \"fov\":\"60\"    | camera_path[1].fov is \"60\"; write a finite number",
        "\"fov\":60             | \"view\":60       | camera_path[1].fov is missing; write degrees",
        "8,0,1,0                | NaN,0,1,0         | camera_path[1].camera_to_world[3] is NaN; write a finite",
        "8,0,1,0                | 1e300,0,1,0       | camera_path[1].camera_to_world is [1,0,0,1.0E300",
        "[1,0,0,8               | [0,0,0,8          | camera_path[1].camera_to_world is [0,0,0,8",
        "[1,0,0,8               | [8                | camera_path[1].camera_to_world is [8,0,1,0,9",
        "10,0,0,0,1]            | 10,0,0,1,1]       | camera_path[1].camera_to_world is [1,0,0,8,0,1,0,9,0,0,1,10,0,0,1",
        "[1,0,0,8,0,1,0         | [1,1,0,8,1,1,0    | camera_path[1].camera_to_world: the 3x3 part",
        "\"fps\":24             | \"fps\":-1        | fps is -1; it makes -1.0 frames a second; 0.1 to 1000",
        "\"fps\":24,\"seconds\":4 | \"seconds\":0   | seconds is 0; it makes Infinity frames a second",
        "}]}                    | }]                | damaged JSON",
    })
    void whatCannotBeMeantIsNamed(String text, String replacement, String message) {
        assertTrue(JSON.contains(text), text);
        SceneException e = assertThrows(SceneException.class, () -> read(JSON.replace(text, replacement)));
        assertTrue(e.getMessage().startsWith(folder.resolve("camera_path.json") + ": " + message), e.getMessage());
        assertFalse(e.getMessage().contains("\n"));
    }

    @Test
    void anEmptyPathAndAMissingFile() {
        assertTrue(assertThrows(SceneException.class, () -> read("{\"camera_path\":[]}")).getMessage()
                .contains("write one object for each frame"));
        assertTrue(assertThrows(SceneException.class, () -> CameraPath.read(folder.resolve("none.json"))).getMessage()
                .contains("no such file"));
        assertTrue(assertThrows(SceneException.class, () -> CameraPath.read(Path.of("/dev/zero"))).getMessage()
                .contains("it is longer than"));
    }
}
