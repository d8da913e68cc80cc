package org.eikonal.studio.scene.colmap;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eikonal.Camera;
import org.eikonal.Pose;
import org.eikonal.studio.image.Orientation;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.image.PictureFiles.Size;
import org.eikonal.studio.scene.Framing;
import org.eikonal.studio.scene.Mask;
import org.eikonal.studio.scene.OneLine;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.SceneBuilder;
import org.eikonal.studio.scene.SceneException;
import org.eikonal.studio.scene.SceneFolder;
import org.eikonal.studio.scene.SceneFormat;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.TurnedCamera;

/**
 * COLMAP's reconstructions: photos in {@code images} (or {@code images_2}, {@code images_4}, {@code images_8}) and a
 * model in {@code sparse/0} or {@code sparse}; or photos in the folder itself and a model in {@link Placement#FOLDER};
 * masks, if any, in {@code masks}. Every 8th photo is held out; {@link Framing} chooses the unit cube.
 *
 * <p>COLMAP takes photos as they lie in their files, without regard to EXIF orientation, and so do its poses. Here both
 * are turned upright together, so that up is up; what EXIF calls mirrored stays as it lies.
 */
public final class ColmapFormat implements SceneFormat {
    private static final String BESIDE = Placement.FOLDER + "/sparse/0";
    private static final List<String> MODELS = List.of("sparse/0", "sparse", BESIDE);
    private static final double FARTHEST = 1e9;

    @Override
    public String name() {
        return "COLMAP";
    }

    @Override
    public List<String> files() {
        return List.of("sparse/0/cameras.bin", "sparse/cameras.bin", "sparse/0/cameras.txt", "sparse/cameras.txt",
                BESIDE + "/cameras.bin");
    }

    @Override
    public Scene read(SceneFolder folder) {
        String at = MODELS.stream().filter(place -> folder.file(place + "/cameras.bin").isPresent()
                || folder.file(place + "/cameras.txt").isPresent()).findFirst().orElseThrow();
        ColmapModel model = ColmapModel.read(folder, at);
        String images = at.equals(BESIDE) ? "" : folder.images() + "/";
        SceneBuilder scene = new SceneBuilder(folder, name());
        for (ColmapModel.Image image : model.images()) {
            add(scene, folder, model, images, image);
        }
        Placement.read(folder).ifPresent(placement -> skipUnplaced(scene, folder, model, images, at, placement));
        scene.holdOut();
        return scene.build(model.imagesFile(), "images", Framing.cube(scene.cameras(), model.points()), model.points());
    }

    /** Photos that have no pose, where we know what COLMAP was given. */
    private static void skipUnplaced(SceneBuilder scene, SceneFolder folder, ColmapModel model, String images,
            String at, Placement placement) {
        Set<String> names = new TreeSet<>(placement.photos().keySet());
        names.addAll(placement.reasons().keySet());
        folder.imagesIn(images).forEach(path -> names.add(path.substring(images.length())));
        model.images().forEach(image -> names.remove(image.name()));
        names.forEach(name -> scene.skip(name, placement.reason(name, at)));
    }

    private static void add(SceneBuilder scene, SceneFolder folder, ColmapModel model, String images,
            ColmapModel.Image image) {
        try {
            Optional<Path> file = find(folder, images, image.name());
            if (file.isEmpty()) {
                scene.skip(image.name(), "there is no such image in "
                        + (images.isEmpty() ? "the folder" : images.substring(0, images.length() - 1)));
                return;
            }
            Camera camera = camera(model, image, PictureFiles.size(file.get()));
            Orientation exif = Orientation.of(file.get());
            Orientation turn = TurnedCamera.isTurn(exif) ? exif : Orientation.NORMAL;
            scene.add(image.name(), file.get(), turn, TurnedCamera.turned(camera, turn), Split.TRAIN,
                    mask(folder, image.name()), model.tracks().of(image.id()));
        } catch (IllegalArgumentException | IOException e) {
            throw new SceneException(model.imagesFile(), "image '" + OneLine.shortened(image.name()) + "': " + e.getMessage());
        }
    }

    /** COLMAP's own name for a photo's mask, or the photo's with another suffix. */
    private static Optional<Mask> mask(SceneFolder folder, String name) {
        return folder.file("masks/" + name + ".png").or(() -> folder.file("masks/" + SceneFolder.stem(name) + ".png"))
                .map(file -> new Mask(file, true));
    }

    /** Scaled copies of photos often are PNG where the photos are JPEG. */
    private static Optional<Path> find(SceneFolder folder, String images, String name) {
        Optional<Path> file = folder.image(images + name);
        int dot = name.lastIndexOf('.');
        return file.isPresent() || dot <= name.lastIndexOf('/') + 1 ? file
                : folder.image(images + name.substring(0, dot));
    }

    private static Camera camera(ColmapModel model, ColmapModel.Image image, Size size) {
        ColmapModel.Intrinsics lens = model.cameras().get(image.camera());
        if (lens == null) {
            throw new IllegalArgumentException("its camera " + image.camera()
                    + " is not in the model's cameras: export the model again");
        }
        if (Math.min(lens.width(), lens.height()) < 1 || Math.max(lens.width(), lens.height()) > Camera.MAX_SIZE) {
            throw new IllegalArgumentException("its camera " + image.camera() + " is of " + lens.width() + "x"
                    + lens.height() + " pixels; each must be 1 to " + Camera.MAX_SIZE);
        }
        int width = (int) lens.width();
        int height = (int) lens.height();
        if (!size.isCopyOf(width, height)) {
            throw new IllegalArgumentException("it has " + size.width() + "x" + size.height() + " pixels, which is no"
                    + " scaled copy of the " + width + "x" + height + " of its camera " + image.camera()
                    + ": put the photo there that COLMAP had");
        }
        return lens.model().camera(width, height, lens.parameters(), pose(image)).resized(size.width(), size.height());
    }

    /** World to camera, with y down and looking along z, to camera to world, with y up and looking along -z. */
    private static Pose pose(ColmapModel.Image image) {
        double[] to = Quaternion.matrix(image.rotation());
        double[] t = image.translation();
        double[] pose = new double[12];
        double square = 0;
        for (int row = 0; row < 3; row++) {
            pose[4 * row] = to[row];
            pose[4 * row + 1] = -to[3 + row];
            pose[4 * row + 2] = -to[6 + row];
            pose[4 * row + 3] = -(to[row] * t[0] + to[3 + row] * t[1] + to[6 + row] * t[2]);
            square += pose[4 * row + 3] * pose[4 * row + 3];
        }
        if (!(square <= FARTHEST * FARTHEST)) {
            throw new IllegalArgumentException("its pose puts the camera " + Math.sqrt(square)
                    + " units from the origin; 1e9 is the limit: estimate it again");
        }
        return new Pose(pose);
    }
}
