package org.eikonal.studio.scene;

import static org.eikonal.studio.scene.SceneFixture.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.eikonal.Camera;
import org.eikonal.Lens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScenesTest {
    @TempDir
    Path folder;

    private SceneFixture fixture;

    @BeforeEach
    void prepare() {
        fixture = new SceneFixture(folder);
    }

    @Test
    void everyEighthImageBySortedPathIsHeldOut() {
        List<String> frames = new ArrayList<>();
        for (int i = 0; i < 18; i++) {
            String name = String.format("images/%04d.png", i * 3);
            fixture.image(name, 4, 3);
            frames.add(frame(name, i));
        }
        // A frame without its image does not count, wherever it sorts.
        frames.add(frame("images/0001.png", 99));
        Collections.shuffle(frames, new Random(4));
        fixture.transforms("\"fl_x\":5", frames.toArray(String[]::new));
        Scene scene = Scenes.open(folder);
        assertEquals(List.of("0000", "0024", "0048"), names(scene, Split.TEST));
        assertEquals(15, scene.views(Split.TRAIN).size());
        assertEquals(0, scene.views(Split.VAL).size());
        assertEquals("0003", names(scene, Split.TRAIN).get(0));
        assertEquals(List.of(new Skipped("images/0001.png", "there is no such image")), scene.skipped());
        assertEquals(8, scene.views(Split.TEST).get(1).camera().pose().at(0, 3));
        assertEquals("transforms.json", scene.format());
        assertEquals(folder.getFileName().toString(), scene.name());
    }

    @Test
    void intrinsicsOfTheFileAndOfTheFrame() {
        fixture.image("a.png", 40, 30).image("b.png", 40, 30).image("c.png", 40, 30);
        fixture.transforms("""
                "fl_x":50.5,"fl_y":51,"cx":19,"cy":14.5,"w":40.0,"h":30,"camera_model":"OPENCV",
                "k1":0.1,"k2":-0.2,"k3":0.3,"p1":0.01,"p2":-0.02,
                "aabb_scale":16,"scale":0.25,"offset":[0.4,0.5,0.6]""",
                frame("a.png", 0), frame("b.png", 0),
                frame("c.png", 0, "\"fl_x\":60,\"cx\":21,\"camera_angle_y\":1.5707963267948966,\"k1\":0"));
        Scene scene = Scenes.open(folder);
        Camera shared = scene.views(Split.TRAIN).get(0).camera();
        assertEquals(50.5f, shared.fx());
        assertEquals(51f, shared.fy());
        assertEquals(19f, shared.cx());
        assertEquals(14.5f, shared.cy());
        assertEquals(0.1f, shared.distortion().k1());
        assertEquals(-0.2f, shared.distortion().k2());
        assertEquals(0.3f, shared.distortion().k3());
        assertEquals(0.01f, shared.distortion().p1());
        assertEquals(-0.02f, shared.distortion().p2());
        Camera own = scene.views(Split.TRAIN).get(1).camera();
        assertEquals(60f, own.fx());
        assertEquals(15f, own.fy(), 1e-5f);
        assertEquals(21f, own.cx());
        assertEquals(0f, own.distortion().k1());
        assertEquals(-0.2f, own.distortion().k2());
        assertEquals(new UnitCube(0.25, 0.4, 0.5, 0.6, 16), scene.cube());
    }

    @Test
    void whatIsMissingHasItsDefault() {
        fixture.image("a.png", 40, 30).image("b.png", 40, 30);
        fixture.transforms("\"camera_angle_x\":1.5707963267948966", frame("a", 0), frame("b", 0));
        Scene scene = Scenes.open(folder);
        Camera camera = scene.views(Split.TRAIN).get(0).camera();
        assertEquals(40, camera.width());
        assertEquals(30, camera.height());
        assertEquals(20f, camera.fx(), 1e-5f);
        assertEquals(20f, camera.fy(), 1e-5f);
        assertEquals(20f, camera.cx());
        assertEquals(15f, camera.cy());
        assertEquals(Lens.PERSPECTIVE, camera.lens());
        assertTrue(camera.distortion().isNone());
        assertEquals(new UnitCube(0.33, 0.5, 0.5, 0.5, 1), scene.cube());
        assertEquals(0.83, scene.cube().toUnit(1, 0, 0)[0], 1e-12);
        assertEquals(-1, scene.cube().toWorld(0.17, 0, 0)[0], 1e-12);
    }

    @Test
    void fisheyesByModelAndByFlag() {
        fixture.image("a.png", 8, 8).image("b.png", 8, 8).image("c.png", 8, 8);
        fixture.transforms("\"fl_x\":5,\"k1\":0.1,\"k4\":0.4,\"camera_model\":\"OPENCV_FISHEYE\"", frame("a", 0),
                frame("b", 0), frame("c", 0, "\"camera_model\":\"PINHOLE\",\"k4\":0"));
        List<View> views = Scenes.open(folder).views(Split.TRAIN);
        assertEquals(Lens.FISHEYE, views.get(0).camera().lens());
        assertEquals(0.4f, views.get(0).camera().distortion().k4());
        assertEquals(Lens.PERSPECTIVE, views.get(1).camera().lens());
        fixture.transforms("\"fl_x\":5,\"is_fisheye\":true", frame("a", 0), frame("b", 0));
        assertEquals(Lens.FISHEYE, Scenes.open(folder).views(Split.TRAIN).get(0).camera().lens());
    }

    @Test
    void intrinsicsFollowScaledImages() {
        fixture.image("a.png", 20, 15).image("b.png", 20, 15);
        fixture.transforms("\"fl_x\":80,\"fl_y\":84,\"cx\":36,\"cy\":31,\"w\":80,\"h\":60",
                frame("a", 0), frame("b", 0));
        Camera camera = Scenes.open(folder).views(Split.TRAIN).get(0).camera();
        assertEquals(20, camera.width());
        assertEquals(15, camera.height());
        assertEquals(20f, camera.fx());
        assertEquals(21f, camera.fy());
        assertEquals(9f, camera.cx());
        assertEquals(7.75f, camera.cy());
        // 81 x 61 halved twice, rounded to whole pixels, is still the same photo.
        fixture.transforms("\"fl_x\":80,\"w\":81,\"h\":61", frame("a", 0), frame("b", 0));
        assertEquals(80f * 20 / 81, Scenes.open(folder).views(Split.TRAIN).get(0).camera().fx(), 1e-5f);
    }

    @Test
    void blenderScenesHaveTheirOwnSplits() {
        for (String split : new String[] {"train", "val", "test"}) {
            StringBuilder frames = new StringBuilder();
            for (int i = 0; i < 10; i++) {
                fixture.image(split + "/r_" + i + ".png", 6, 6);
                frames.append(i == 0 ? "" : ",").append(frame("./" + split + "/r_" + i, i));
            }
            fixture.json("transforms_" + split + ".json", "{\"camera_angle_x\":0.7,\"frames\":[" + frames + "]}");
        }
        Scene scene = Scenes.open(folder);
        assertEquals("transforms_train.json", scene.format());
        assertEquals(10, scene.views(Split.TRAIN).size());
        assertEquals(10, scene.views(Split.VAL).size());
        assertEquals(10, scene.views(Split.TEST).size());
        assertEquals("r_3", names(scene, Split.TEST).get(3));
        assertTrue(scene.views(Split.VAL).get(3).image().endsWith(Path.of("val", "r_3.png")));
        assertEquals(3 / Math.tan(0.35), scene.views(Split.VAL).get(3).camera().fx(), 1e-4);
    }

    @Test
    void trainingFileAloneIsSplit() {
        StringBuilder frames = new StringBuilder();
        for (int i = 0; i < 9; i++) {
            fixture.image("r_" + i + ".png", 6, 6);
            frames.append(i == 0 ? "" : ",").append(frame("./r_" + i, i));
        }
        fixture.json("transforms_train.json", "{\"camera_angle_x\":0.7,\"frames\":[" + frames + "]}");
        Scene scene = Scenes.open(folder);
        assertEquals(List.of("r_0", "r_8"), names(scene, Split.TEST));
        assertEquals(7, scene.views(Split.TRAIN).size());
    }

    @Test
    void namesStayApartWhenFoldersShareThem() {
        fixture.image("left/1.png", 4, 4).image("right/1.png", 4, 4).image("right/2.png", 4, 4);
        fixture.transforms("\"fl_x\":5", frame("left/1.png", 0), frame("right/1.png", 0), frame("right/2.png", 0));
        Scene scene = Scenes.open(folder);
        assertEquals(List.of("left_1"), names(scene, Split.TEST));
        assertEquals(List.of("right_1", "2"), names(scene, Split.TRAIN));
    }

    private static List<String> names(Scene scene, Split split) {
        return scene.views(split).stream().map(View::name).toList();
    }
}
