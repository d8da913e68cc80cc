package org.eikonal.studio.export;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleConsumer;
import java.util.stream.Collectors;
import org.eikonal.Camera;
import org.eikonal.studio.recipe.ConfigException;
import org.eikonal.studio.run.AtomicFiles;
import org.eikonal.studio.run.TrainedField;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Scenes;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.TransformsFile;
import org.eikonal.studio.scene.View;

/**
 * A run in a format of other programs, in the data set's own units and axes.
 *
 * @param kind what is exported
 * @param file where it goes; its suffix says in which format
 */
public record Export(Kind kind, Path file) {
    /** What can be exported. */
    public enum Kind {
        /** The surface as triangles. */
        MESH(".ply", ".obj", ".glb"),
        /** Points of surfaces. */
        POINTS(".ply"),
        /** The scene's cameras. */
        CAMERAS(".json"),
        /** Densities on a regular grid. */
        VOXELS(".npy"),
        /** The field itself. */
        FIELD(".safetensors");

        private final List<String> suffixes;

        Kind(String... suffixes) {
            this.suffixes = List.of(suffixes);
        }

        /** @return as users write it, such as {@code "mesh"} */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws ConfigException if nothing is called so */
        public static Kind named(String key) {
            return Arrays.stream(values()).filter(kind -> kind.key().equals(key)).findAny()
                    .orElseThrow(() -> new ConfigException("\"" + key + "\" can't be exported; known are "
                            + Arrays.stream(values()).map(Kind::key).collect(Collectors.joining(", "))));
        }
    }

    /** @throws ConfigException if the file's suffix is none of the kind's formats */
    public Export {
        if (!kind.suffixes.contains(suffix(file))) {
            throw new ConfigException("--out is " + file + "; the suffix says the format: a " + kind.key()
                    + " goes to a file that ends in " + String.join(" or ", kind.suffixes));
        }
    }

    private static String suffix(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(Math.max(0, name.lastIndexOf('.'))).toLowerCase(Locale.ROOT);
    }

    /** Makes the folder, and finds out whether the file can be written, before long work begins. */
    public void prepare() throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "Is a directory");
        }
        if (!Files.isWritable(folder)) {
            throw new FileSystemException(folder.toString(), null,
                    "nothing can be written there; choose another place by --out");
        }
    }

    /**
     * Writes the surface.
     *
     * @param crop the part to take: x0,y0,z0,x1,y1,z1 in world units; null: all
     * @param resolution voxels along the longest edge
     * @param level the density of the surface, or {@code "auto"}
     * @param progress is told the part that is done, 0 to 1
     * @return what it is, in one line
     */
    public String mesh(TrainedField field, String crop, int resolution, String level, DoubleConsumer progress)
            throws IOException {
        VoxelGrid grid = grid(field, crop, resolution);
        double density = level.equals("auto") ? MeshExtraction.level(field, cameras(field)) : positive(level);
        MeshExtraction made = MeshExtraction.of(field, grid, density, progress);
        switch (suffix(file)) {
            case ".obj" -> ObjFile.write(made.mesh(), file);
            case ".glb" -> GlbFile.write(made.mesh(), file);
            default -> PlyFile.write(made.mesh(), file);
        }
        return String.format(Locale.ROOT, "%d vertices, %d triangles at density %.4g; %d specks left out",
                made.mesh().vertices().count(), made.mesh().triangleCount(), made.level(), made.specks());
    }

    private static double positive(String level) {
        double density;
        try {
            density = Double.parseDouble(level);
        } catch (NumberFormatException e) {
            density = Double.NaN;
        }
        if (!(density > 0 && Double.isFinite((float) density) && (float) density > 0)) {
            throw new ConfigException("--level is " + level + "; write auto, or a density above 0: the light that is"
                    + " lost per world unit");
        }
        return density;
    }

    /**
     * Writes points of surfaces.
     *
     * @param count how many
     * @param progress is told the part that is done, 0 to 1
     * @return what they are, in one line
     */
    public String points(TrainedField field, int count, DoubleConsumer progress) throws IOException {
        Vertices points = PointCloud.of(field, cameras(field), count, progress);
        PlyFile.write(points, file);
        return points.count() + " points" + (points.count() < count ? ": the photos show no more" : "");
    }

    /**
     * Writes the cameras of all splits.
     *
     * @return how many there are, in one line
     */
    public String cameras(TrainedField field, DoubleConsumer progress) throws IOException {
        Scene scene = Scenes.open(field.config().scene());
        AtomicFiles.replace(file, TransformsFile.json(scene, field.config().unitCube(), scene.folder()));
        progress.accept(1);
        return scene.views().size() + " cameras";
    }

    /**
     * Writes densities.
     *
     * @param crop the part to take, as {@link #mesh}
     * @param resolution voxels along the longest edge
     * @param progress is told the part that is done, 0 to 1
     * @return what they are, in one line
     */
    public String voxels(TrainedField field, String crop, int resolution, DoubleConsumer progress) throws IOException {
        VoxelGrid grid = grid(field, crop, resolution);
        VoxelFile.write(grid, z -> MeshExtraction.plane(field, grid, z), file, description(), progress);
        return String.format(Locale.ROOT, "%dx%dx%d voxels of %.4g world units; %s says where they are", grid.nx(),
                grid.ny(), grid.nz(), grid.spacing(), description());
    }

    /**
     * Writes the field.
     *
     * @return how large it is, in one line
     */
    public String field(TrainedField field, DoubleConsumer progress) throws IOException {
        PortableField.write(field, file, description());
        progress.accept(1);
        return field.field().parameterCount() + " parameters; " + description() + " says what they are";
    }

    private Path description() {
        String name = file.getFileName().toString();
        return file.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".json");
    }

    private static VoxelGrid grid(TrainedField field, String crop, int resolution) {
        Box all = Box.of(field.config().unitCube());
        return VoxelGrid.over(crop == null ? all : Box.parse(crop).within(all), resolution);
    }

    private static List<Camera> cameras(TrainedField field) {
        return Scenes.open(field.config().scene()).views(Split.TRAIN).stream().map(View::camera).toList();
    }
}
