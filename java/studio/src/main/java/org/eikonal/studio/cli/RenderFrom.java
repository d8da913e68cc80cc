package org.eikonal.studio.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.eikonal.Camera;
import org.eikonal.studio.path.CameraPath;
import org.eikonal.studio.path.Orbit;
import org.eikonal.studio.path.Shot;
import org.eikonal.studio.path.Spiral;
import org.eikonal.studio.recipe.ConfigException;
import org.eikonal.studio.run.DepthRange;
import org.eikonal.studio.run.TrainedField;
import org.eikonal.studio.scene.CameraFile;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.View;
import picocli.CommandLine.Option;

/** Where {@code eikonal render} looks from: one of its options, none by default. */
final class RenderFrom {
    private static final int MOST_FRAMES = 100_000;

    @Option(names = "--split", required = true, converter = Splits.class, paramLabel = "NAME",
            description = "From the places of the scene's train, val or test views, through their lenses.")
    private Split split;

    @Option(names = "--orbit", required = true, paramLabel = "N",
            description = "From N places around what the training cameras look at.")
    private Integer orbit;

    @Option(names = "--spiral", required = true, paramLabel = "N",
            description = "From N places on the spiral of LLFF, for photos that all look one way.")
    private Integer spiral;

    @Option(names = "--path", required = true, paramLabel = "FILE",
            description = "Along a camera_path.json of nerfstudio's viewer: perspective, fisheye or equirectangular.")
    private Path path;

    @Option(names = "--camera", required = true, paramLabel = "FILE",
            description = "From the cameras of a JSON file with the keys of transforms.json; w and h are needed,"
                    + " images are not.")
    private Path camera;

    private CameraPath pathRead;
    private List<Shot> camerasRead;

    /** Reads the files and checks the numbers, before anything takes long. */
    void check() {
        requireFrames("--orbit", orbit);
        requireFrames("--spiral", spiral);
        if (path != null) {
            pathRead = CameraPath.read(path);
        }
        if (camera != null) {
            camerasRead = new ArrayList<>();
            CameraFile.read(camera).forEach((name, of) -> camerasRead.add(new Shot(name, of, false)));
        }
    }

    private static void requireFrames(String option, Integer frames) {
        if (frames != null && (frames < 1 || frames > MOST_FRAMES)) {
            throw new ConfigException(option + " is " + frames + "; it must be 1 to " + MOST_FRAMES + " pictures");
        }
    }

    /** Frames a second, if the way says so. */
    OptionalDouble fps() {
        return pathRead == null ? OptionalDouble.empty() : pathRead.fps();
    }

    List<Shot> shots(TrainedField field, Scene scene, Orbit around) {
        if (camerasRead != null) {
            return camerasRead;
        }
        if (pathRead != null) {
            return pathRead.shots();
        }
        if (split != null) {
            return Splits.views(scene, split).stream()
                    .map(view -> new Shot(view.name(), view.camera(), false)).toList();
        }
        if (orbit != null) {
            return numbered(around.cameras(orbit));
        }
        List<Camera> cameras = scene.views(Split.TRAIN).stream().map(View::camera).toList();
        DepthRange depths = DepthRange.of(field, cameras);
        return numbered(new Spiral(cameras, Spiral.focus(depths.nearest(), depths.farthest())).cameras(spiral));
    }

    private static List<Shot> numbered(List<Camera> cameras) {
        List<Shot> shots = new ArrayList<>();
        cameras.forEach(of -> shots.add(new Shot(Console.text("%04d", shots.size()), of, false)));
        return shots;
    }
}
