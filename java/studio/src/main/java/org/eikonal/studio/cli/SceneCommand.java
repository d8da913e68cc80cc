package org.eikonal.studio.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eikonal.Camera;
import org.eikonal.Distortion;
import org.eikonal.Pose;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.SceneMap;
import org.eikonal.studio.scene.Skipped;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.TransformsFile;
import org.eikonal.studio.scene.UnitCube;
import org.eikonal.studio.scene.View;
import org.eikonal.studio.scene.colmap.ColmapWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code eikonal scene}: what a scene is, in words and as a drawing. */
@Command(name = "scene", sortOptions = false,
        description = {"Describes a scene: views, cameras, the modelled box, sparse points, and what was skipped.", "",
            "Draws all cameras from above and from the side, with the modelled box and the sparse points: wrong poses"
                    + " and a box in the wrong place show at once.", "",
            "Where there are no poses, COLMAP estimates them, if it is installed ('sudo apt install colmap'): of a"
                    + " folder of photos (JPEG, PNG, TIFF), or of a film, whose sharpest frames then go to a folder"
                    + " beside it that ends in -scene. It takes minutes for 50 photos, and is done once: the result is"
                    + " kept in the folder (eikonal-colmap). Ctrl-C stops it, and the same command goes on.", ""},
        footer = {"", "Examples:", "  eikonal scene photos", "  eikonal scene walk.mp4",
            "  eikonal scene photos --out cameras.png --json",
            "  eikonal scene photos --convert photos/transforms.json",
            "  eikonal scene photos --convert photos/sparse/0"})
final class SceneCommand implements Callable<Integer> {
    private static final int MOST_LINES = 10;

    private final Console console;

    @Parameters(paramLabel = "SCENE", description = "Folder of the scene, or a film.")
    private Path path;

    @Option(names = "--out", paramLabel = "FILE",
            description = "Where the drawing goes, as PNG (default: <scene>-cameras.png in the current folder).")
    private Path out;

    @Option(names = "--convert", paramLabel = "OUT",
            description = "Write the scene anew: to a name that ends in .json, as transforms.json; else as a COLMAP"
                    + " text model to that folder. Files that are there are not replaced (default: nothing).")
    private Path convert;

    @Option(names = "--json", description = "Print one JSON object instead of lines (default: lines).")
    private boolean json;

    SceneCommand(Console console) {
        this.console = console;
    }

    /** A lens and how many photos it took. */
    private record Intrinsics(int photos, Camera camera) {}

    @Override
    public Integer call() throws IOException {
        Optional<Scene> opened = SceneOpening.open(console, path);
        if (opened.isEmpty()) {
            return Main.INTERRUPTED;
        }
        Scene scene = opened.get();
        Path drawing = out != null ? out : Path.of(scene.name() + "-cameras.png");
        PictureFiles.writePng(SceneMap.draw(scene), drawing);
        if (convert != null && convert.toString().endsWith(".json")) {
            TransformsFile.write(scene, convert);
        } else if (convert != null) {
            ColmapWriter.write(scene, convert);
        }
        if (json) {
            console.json(facts(scene));
        } else {
            print(scene);
            console.result("The drawing is in %s.", drawing);
            if (convert != null) {
                console.result("The scene is written to %s.", convert);
            }
        }
        return Main.OK;
    }

    private static List<Intrinsics> intrinsics(Scene scene) {
        Map<Camera, Integer> photos = new LinkedHashMap<>();
        for (View view : scene.views()) {
            photos.merge(view.camera().withPose(Pose.IDENTITY), 1, Integer::sum);
        }
        return photos.entrySet().stream().map(entry -> new Intrinsics(entry.getValue(), entry.getKey()))
                .sorted((a, b) -> b.photos() - a.photos()).toList();
    }

    private void print(Scene scene) {
        UnitCube cube = scene.cube();
        double[] center = cube.toWorld(0.5, 0.5, 0.5);
        console.result("scene     %s (%s)", scene.folder(), scene.format());
        console.result("views     %d: %d train, %d val, %d test", scene.views().size(), scene.views(Split.TRAIN).size(),
                scene.views(Split.VAL).size(), scene.views(Split.TEST).size());
        List<Intrinsics> cameras = intrinsics(scene);
        for (Intrinsics each : cameras.subList(0, Math.min(MOST_LINES, cameras.size()))) {
            Camera camera = each.camera();
            console.result("camera    %d photos of %dx%d, %s, focal length %.6g, %.6g, centre %.6g, %.6g%s",
                    each.photos(), camera.width(), camera.height(), lens(camera), camera.fx(), camera.fy(), camera.cx(),
                    camera.cy(), camera.distortion().isNone() ? "" : ", " + distortion(camera.distortion()));
        }
        more(cameras.size(), "cameras");
        console.result("box       %.4g world units a side (aabb_scale %d), about %.4g, %.4g, %.4g",
                cube.aabbScale() / cube.scale(), cube.aabbScale(), center[0], center[1], center[2]);
        console.result("unit cube %.4g world units a side: world * %.6g + (%.6g, %.6g, %.6g)", 1 / cube.scale(),
                cube.scale(), cube.x(), cube.y(), cube.z());
        long masks = scene.views().stream().filter(view -> view.mask() != null).count();
        if (masks > 0) {
            console.result("masks     of %d photos", masks);
        }
        console.result("points    %d sparse", scene.points().count());
        console.result("skipped   %d", scene.skipped().size());
        for (Skipped each : scene.skipped().subList(0, Math.min(MOST_LINES, scene.skipped().size()))) {
            console.result("          %s: %s", each.name(), each.reason());
        }
        more(scene.skipped().size(), "skipped");
    }

    private void more(int count, String what) {
        if (count > MOST_LINES) {
            console.result("          and %d more %s; --json has them all", count - MOST_LINES, what);
        }
    }

    private static String lens(Camera camera) {
        return camera.lens().name().toLowerCase(Locale.ROOT);
    }

    private static String distortion(Distortion d) {
        List<String> parts = new ArrayList<>();
        coefficients(d).forEach((name, value) -> parts.add(Console.text("%s %.4g", name, value)));
        return String.join(" ", parts);
    }

    /** Those that are not 0. */
    private static Map<String, Float> coefficients(Distortion d) {
        Map<String, Float> values = new LinkedHashMap<>();
        values.put("k1", d.k1());
        values.put("k2", d.k2());
        values.put("k3", d.k3());
        values.put("k4", d.k4());
        values.put("k5", d.k5());
        values.put("k6", d.k6());
        values.put("p1", d.p1());
        values.put("p2", d.p2());
        values.values().removeIf(value -> value == 0);
        return values;
    }

    private static Map<String, Object> facts(Scene scene) {
        UnitCube cube = scene.cube();
        Map<String, Object> views = new LinkedHashMap<>();
        for (Split split : Split.values()) {
            views.put(Splits.name(split), scene.views(split).size());
        }
        List<Map<String, Object>> cameras = new ArrayList<>();
        for (Intrinsics each : intrinsics(scene)) {
            Camera camera = each.camera();
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("photos", each.photos());
            facts.put("width", camera.width());
            facts.put("height", camera.height());
            facts.put("lens", lens(camera));
            facts.put("focal", new float[] {camera.fx(), camera.fy()});
            facts.put("center", new float[] {camera.cx(), camera.cy()});
            facts.put("distortion", coefficients(camera.distortion()));
            cameras.add(facts);
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", scene.name());
        facts.put("folder", scene.folder().toString());
        facts.put("format", scene.format());
        facts.put("views", views);
        facts.put("cameras", cameras);
        facts.put("masks", scene.views().stream().filter(view -> view.mask() != null).count());
        facts.put("aabbScale", cube.aabbScale());
        facts.put("scale", cube.scale());
        facts.put("offset", new double[] {cube.x(), cube.y(), cube.z()});
        facts.put("boxCenter", cube.toWorld(0.5, 0.5, 0.5));
        facts.put("boxSide", cube.aabbScale() / cube.scale());
        facts.put("sparsePoints", scene.points().count());
        facts.put("skipped", scene.skipped());
        return facts;
    }
}
