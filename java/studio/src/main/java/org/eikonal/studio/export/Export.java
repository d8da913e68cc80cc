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
 * A run in a format of other programs, in the data set's own units and axes. The suffix of a file says in which format;
 * its folder is made as needed, and a file of that name is replaced when the new one is whole.
 *
 * <p>All of them throw {@link ConfigException} if the suffix, or a number, can't be meant, {@link
 * org.eikonal.studio.run.RunException} if there is nothing to write, and {@link IOException} if the file can't be
 * written. A {@code progress} is told the part that is done, 0 to 1, and may throw to stop it all.
 */
public final class Export {
    private static final double UNTEXTURED = 0.3; // of the time of a mesh with a texture, roughly

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

        /** @throws ConfigException if the file's suffix is none of the kind's formats */
        public void requireSuffix(Path file) {
            if (!suffixes.contains(suffix(file))) {
                throw new ConfigException("--out is " + file + "; the suffix says the format: a " + key()
                        + " goes to a file that ends in " + String.join(" or ", suffixes));
            }
        }
    }

    private Export() {}

    private static String suffix(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(Math.max(0, name.lastIndexOf('.'))).toLowerCase(Locale.ROOT);
    }

    /** Makes the folder, and finds out whether the file can be written, before long work begins. */
    private static void prepare(Kind kind, Path file) throws IOException {
        kind.requireSuffix(file);
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
     * @param file .ply, .obj or .glb
     * @param crop the part to take; null: all that is modelled
     * @param resolution voxels along the longest edge, 2 to 2048
     * @param level the density of the surface, the light lost per world unit; null: one that nine of ten surfaces in
     *     the photos exceed
     * @param texture texels a side of a picture that has the colours, a power of two; null: the vertices have them
     * @return what it is, in one line
     */
    public static String mesh(TrainedField field, Path file, Box crop, int resolution, Double level, Integer texture,
            DoubleConsumer progress) throws IOException {
        prepare(Kind.MESH, file);
        if (texture != null) {
            TextureAtlas.check(texture);
            if (suffix(file).equals(".ply")) {
                throw new ConfigException("--texture belongs to a mesh that goes to .glb or .obj; --out is " + file);
            }
        }
        VoxelGrid grid = grid(field, crop, resolution);
        double density = level == null ? MeshExtraction.level(field, cameras(field)) : positive(level);
        double share = texture == null ? 1 : UNTEXTURED;
        MeshExtraction made = MeshExtraction.of(field, grid, density, part -> progress.accept(share * part));
        String painted = "";
        if (texture != null) {
            TexturedMesh textured = TexturedMesh.of(field, made.mesh(), grid.spacing(), texture,
                    part -> progress.accept(share + (1 - share) * part));
            painted = String.format(Locale.ROOT, "; %d texels along a triangle's edge", textured.texels());
            if (suffix(file).equals(".obj")) {
                ObjFile.write(textured, file);
            } else {
                GlbFile.write(textured, file);
            }
        } else {
            switch (suffix(file)) {
                case ".obj" -> ObjFile.write(made.mesh(), file);
                case ".glb" -> GlbFile.write(made.mesh(), file);
                default -> PlyFile.write(made.mesh(), file);
            }
        }
        return String.format(Locale.ROOT, "%d vertices, %d triangles at density %.4g%s; %d specks left out",
                made.mesh().vertices().count(), made.mesh().triangleCount(), made.level(), painted, made.specks());
    }

    private static double positive(double level) {
        if (!((float) level > 0 && Float.isFinite((float) level))) {
            throw new ConfigException("--level is " + level + "; write auto, or a density above 0: the light that is"
                    + " lost per world unit");
        }
        return level;
    }

    /**
     * Writes points of surfaces.
     *
     * @param file .ply
     * @param count how many, 1 to 20 million
     * @return what they are, in one line
     */
    public static String points(TrainedField field, Path file, int count, DoubleConsumer progress)
            throws IOException {
        prepare(Kind.POINTS, file);
        Vertices points = PointCloud.of(field, cameras(field), count, progress);
        PlyFile.write(points, file);
        return points.count() + " points" + (points.count() < count ? ": the photos show no more" : "");
    }

    /**
     * Writes the cameras of all splits.
     *
     * @param file .json
     * @return how many there are, in one line
     */
    public static String cameras(TrainedField field, Path file) throws IOException {
        prepare(Kind.CAMERAS, file);
        Scene scene = Scenes.open(field.config().scene());
        AtomicFiles.replace(file, TransformsFile.json(scene, field.config().unitCube(), scene.folder()));
        return scene.views().size() + " cameras";
    }

    /**
     * Writes densities.
     *
     * @param file .npy; a .json of the same name says where they are
     * @param crop the part to take; null: all that is modelled
     * @param resolution voxels along the longest edge, 2 to 2048
     * @return what they are, in one line
     */
    public static String voxels(TrainedField field, Path file, Box crop, int resolution, DoubleConsumer progress)
            throws IOException {
        prepare(Kind.VOXELS, file);
        VoxelGrid grid = grid(field, crop, resolution);
        Path description = description(file);
        VoxelFile.write(grid, z -> MeshExtraction.plane(field, grid, z), file, description, progress);
        return String.format(Locale.ROOT, "%dx%dx%d voxels of %.4g world units; %s says where they are", grid.nx(),
                grid.ny(), grid.nz(), grid.spacing(), description);
    }

    /**
     * Writes the field itself, for {@link PortableField#open}.
     *
     * @param file .safetensors; a .json of the same name says what it is
     * @return how large it is, in one line
     */
    public static String field(TrainedField field, Path file) throws IOException {
        prepare(Kind.FIELD, file);
        PortableField.write(field, file, description(file));
        return field.field().parameterCount() + " parameters; " + description(file) + " says what they are";
    }

    private static Path description(Path file) {
        String name = file.getFileName().toString();
        return file.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".json");
    }

    private static VoxelGrid grid(TrainedField field, Box crop, int resolution) {
        Box all = Box.of(field.config().unitCube());
        return VoxelGrid.over(crop == null ? all : crop.within(all), resolution);
    }

    private static List<Camera> cameras(TrainedField field) {
        return Scenes.open(field.config().scene()).views(Split.TRAIN).stream().map(View::camera).toList();
    }
}
