package org.eikonal.studio.scene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eikonal.Camera;
import org.eikonal.Lens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CameraFileTest {
    private static final String POSE = "\"transform_matrix\":[[1,0,0,5],[0,1,0,6],[0,0,1,7],[0,0,0,1]]";

    @TempDir
    Path folder;

    private Map<String, Camera> read(String json) throws IOException {
        return CameraFile.read(Files.writeString(folder.resolve("path.json"), json));
    }

    @Test
    void aFramesOwnWordComesFirst() throws IOException {
        Map<String, Camera> cameras = read("{\"w\":40,\"h\":30,\"fl_x\":50,\"k1\":0.1,\"frames\":[{" + POSE
                + "},{\"file_path\":\"images/a.b.jpg\",\"w\":80,\"camera_angle_x\":1.5707963," + POSE
                + "},{\"file_path\":\"../../a.b\",\"is_fisheye\":true,\"k4\":0.2," + POSE + "}]}");
        assertEquals(List.of("0000", "a_b", "a_b_"), List.copyOf(cameras.keySet()));
        Camera first = cameras.get("0000");
        assertEquals(40, first.width());
        assertEquals(50, first.fy());
        assertEquals(20, first.cx());
        assertEquals(0.1f, first.distortion().k1());
        assertEquals(6, first.pose().at(1, 3));
        assertEquals(40, cameras.get("a_b").fx(), 0.001);
        assertEquals(Lens.FISHEYE, cameras.get("a_b_").lens());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "\"w\":40    | \"w\":0                | w is 0; write a whole number",
        "\"w\":40    | \"w\":1e9              | w is",
        "\"w\":40    | \"width\":40           | frames[0].w is missing",
        "\"fl_x\":50 | \"fl_x\":-50           | fl_x is -50; the focal length must be 0.001 to 1e9 pixels",
        "\"fl_x\":50 | \"fl_x\":\"50\"        | fl_x is \"50\"; write a finite number",
        "\"fl_x\":50 | \"f\":50               | frames[0].fl_x is missing",
        "[1,0,0,5]   | [1,0,0,NaN]            | frames[0].transform_matrix[0][3] is NaN; write a finite",
        "[1,0,0,5]   | [0,0,0,5]              | frames[0]: the 3x3 part of the pose",
        "[1,0,0,5]   | [1,0,0,1e300]          | frames[0]: transform_matrix puts the camera Infinity units from",
        "[1,0,0,5]   | [1,0,0]                | frames[0].transform_matrix[0] is [1,0,0]",
        "\"frames\"  | \"frame\"              | frames is missing",
        "}]}         | }]                     | damaged JSON",
    })
    void whatCannotBeMeantIsNamed(String text, String replacement, String message) {
        String json = "{\"w\":40,\"h\":30,\"fl_x\":50,\"frames\":[{" + POSE + "}]}";
        assertTrue(json.contains(text));
        SceneException e = assertThrows(SceneException.class, () -> read(json.replace(text, replacement)));
        assertTrue(e.getMessage().startsWith(folder.resolve("path.json") + ": " + message), e.getMessage());
        assertFalse(e.getMessage().contains("\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/nowhere/path.json | no such file",
        "/proc              | can't be read (Is a directory)",
        "/dev/zero          | it is longer than 67108864 bytes",
        "/dev/null          | it holds no JSON object",
    })
    void filesThatAreNone(Path file, String message) {
        SceneException e = assertThrows(SceneException.class, () -> CameraFile.read(file));
        assertTrue(e.getMessage().startsWith(file + ": " + message), e.getMessage());
    }

    @Test
    void namesFitIntoAFileSystem() throws IOException {
        String camera = "{\"file_path\":\"" + "x".repeat(4000) + "\"," + POSE + "}";
        Map<String, Camera> cameras = read("{\"w\":4,\"h\":4,\"fl_x\":5,\"frames\":[" + camera + "," + camera + "]}");
        assertEquals(List.of("x".repeat(100), "x".repeat(100) + "_"), List.copyOf(cameras.keySet()));
    }
}
